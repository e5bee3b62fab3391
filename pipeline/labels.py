"""The labels and other fixed words of the contract."""

from __future__ import annotations

from typing import Literal

EntityLabel = Literal[
    "PERSON", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "INDEX", "TICKER"
]
NumberLabel = Literal[
    "MONEY",
    "PERCENT",
    "PERCENTAGE_POINT",
    "MULTIPLE",
    "FRACTION",
    "QUANTITY",
    "CARDINAL",
    "ORDINAL",
    "DATE",
    "TIME",
    "DURATION",
]
BoilerplateLabel = Literal[
    "disclaimer", "hot_stocks", "copyright", "editor", "promotion", "navigation", "widget"
]
Script = Literal["traditional", "simplified", "mixed", "none"]
Modifier = Literal["about", "nearly", "over", "at_least", "at_most", "range", "several"]
