"""Every error that zhpipe raises on purpose.

ZhpipeError
 ├── SettingsError        a setting is unknown or has a wrong value
 ├── ResourceError        a lexicon or rule file is missing or has a bad row
 ├── PipelineError        stages do not fit together
 ├── OutputClosedError    nobody reads the output any more; the run ends
 ├── StorageError         no output can be written any more, as on a full disk; the run ends
 └── DocumentError        one document could not be processed; the run goes on
      ├── ReadError       it could not be read or decoded
      ├── AlignmentError  offsets could not be established without guessing
      ├── ContractError   a JSON document breaks the annotation contract
      ├── WriteError      its output could not be written
      └── WorkerError     the process that worked on it died or took too long
"""

from __future__ import annotations


class ZhpipeError(Exception):
    """Base class of all errors raised on purpose."""


class SettingsError(ZhpipeError):
    """A setting is unknown or has a wrong value."""


class ResourceError(ZhpipeError):
    """A lexicon or rule file is missing or has a bad row."""


class PipelineError(ZhpipeError):
    """The stages of a pipeline do not fit together."""


class OutputClosedError(ZhpipeError):
    """Nobody reads the output any more."""


class StorageError(ZhpipeError):
    """No output can be written any more."""


class DocumentError(ZhpipeError):
    """One document could not be processed."""


class ReadError(DocumentError):
    """A document could not be read or decoded."""


class AlignmentError(DocumentError):
    """Offsets between text and source could not be established without guessing."""


class ContractError(DocumentError):
    """A JSON document breaks the annotation contract."""


class WriteError(DocumentError):
    """A document's output could not be written."""


class WorkerError(DocumentError):
    """The process that worked on a document died or took too long."""
