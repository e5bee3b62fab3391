"""Dates and times of day with their TIMEX3 values."""

from pipeline.stages.numbers.dates.find import Dates
from pipeline.stages.numbers.dates.mention import DateMention

__all__ = ["DateMention", "Dates"]
