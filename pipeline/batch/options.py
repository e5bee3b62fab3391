"""How a run is done, and the names of what it keeps beside the documents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipeline.batch.task import Share
from pipeline.chain import Pipeline
from pipeline.files.read import ReadOptions
from pipeline.files.write import SHARD_SIZE, STDOUT, errors_path, is_file, is_file_each

MANIFEST_NAME = "manifest.sqlite"
# A worker is replaced after as many documents, with whatever memory its libraries kept.
RECYCLE_AFTER = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run is done.

    Attributes:
        read: how the inputs are read.
        format: one of `pipeline.files.write.FORMATS`, for an output folder.
        shard_size: documents a file, where files hold many.
        layers: the layers that are written; None for all.
        workers: processes; None for as many as there are cores. With one, and with few documents,
            the work is done in this process, unless there is a timeout.
        method: how processes are started: fork, forkserver, spawn; None for the usual one.
        timeout: seconds after which a document is given up.
        recycle_after: documents after which a worker is replaced.
        share: the part of the documents that this run does.
        resume: keep what earlier runs have done.
        max_errors: the run ends when more documents have failed; None for no end.
        engine: local or ray.
        address: of the Ray cluster; None for one that is started for the run.
    """

    read: ReadOptions = field(default_factory=ReadOptions)
    format: str = "json"
    shard_size: int = SHARD_SIZE
    layers: tuple[str, ...] | None = None
    workers: int | None = None
    method: str | None = None
    timeout: float | None = None
    recycle_after: int = RECYCLE_AFTER
    share: Share | None = None
    resume: bool = False
    max_errors: int | None = None
    engine: str = "local"
    address: str | None = None

    @property
    def prefix(self) -> str:
        """Of the names of files that runs in one folder, each with its share, do not share."""
        share = self.share
        return "" if share is None else f"share-{share.index}-of-{share.count}."

    @property
    def is_file_each(self) -> bool:
        """Whether, in a folder, every document has a file of its own."""
        return is_file_each(self.format)

    @property
    def layout(self) -> str:
        """The options that say which files the output has."""
        if self.is_file_each:
            return f"--format {self.format}"
        return f"--format {self.format} --shard-size {self.shard_size}"

    def lock_path(self, output: str) -> Path:
        """The file that keeps the output for one run at a time."""
        if is_file(output):
            return Path(output).with_name(f".{Path(output).name}.lock")
        return Path(output) / f".{self.prefix}lock"

    def manifest_path(self, output: str) -> Path | None:
        """The manifest, where the output is a folder."""
        if output == STDOUT or is_file(output):
            return None
        return Path(output) / f"{self.prefix}{MANIFEST_NAME}"

    def own_files(self, output: str) -> list[Path]:
        """Files and folders that the run writes and must not read."""
        if output == STDOUT:
            return []
        errors = errors_path(output, self.prefix)
        return [Path(output), *([] if errors is None else [errors])]

    def fingerprint(self, pipeline: Pipeline) -> str:
        """16 hex digits that change with whatever can change a document, its input apart."""
        read = self.read
        try:
            # Of a page, it decides what the article is.
            extractor = version("trafilatura")
        except PackageNotFoundError:
            extractor = ""
        reading = (read.encoding, read.format, read.text_fields, read.id_field, extractor)
        parts = (pipeline.info.fingerprint, reading, self.layers)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
