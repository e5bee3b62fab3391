"""Which annotations of a document are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.document import Document


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter; an empty part of it takes everything.

    Attributes:
        layers: the layers to show, as `LAYERS` of the command line names them.
        labels: one of them must be the annotation's.
        text: must stand in the annotation's text, source text or name.
        by: must stand in its reason.
    """

    layers: Sequence[str] = ("entities", "numbers", "boilerplate")
    labels: Sequence[str] = ()
    text: str = ""
    by: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it leaves annotations of its layers out."""
        return bool(self.labels or self.text or self.by)

    def takes(self, item: Any) -> bool:
        """Whether an annotation, token or field is to be shown."""
        if self.labels and getattr(item, "label", None) not in self.labels:
            return False
        if self.by and self.by not in (getattr(item, "by", None) or ""):
            return False
        if not self.text:
            return True
        names = ("text", "source_text", "name")
        return any(self.text in (getattr(item, name, None) or "") for name in names)

    def items(self, document: Document, layer: str) -> list[Any]:
        """The annotations of a layer that it takes."""
        found: Sequence[Any]
        if layer == "metadata":
            found = list(document.metadata.named().values())
        elif layer == "script":
            found = document.source.script_runs
        else:
            found = getattr(document, layer)
        return [item for item in found if self.takes(item)]
