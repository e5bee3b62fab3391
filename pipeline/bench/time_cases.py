"""Test cases of other tools for dates and times, carried over to the contract.

What zhpipe says of a text is made one stretch of time: the days of its dates and of the durations
that are counted from the publication, with the times of day that stand beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from pipeline.config import NumberSettings
from pipeline.document import Number
from pipeline.stages.numbers import NumberExtractor

Stretch = tuple[datetime | None, datetime | None]
_SHANGHAI = timezone(timedelta(hours=8))
_DAY = timedelta(days=1)
_GAP = 4
_CLOCK = re.compile(r"T(\d\d):(\d\d)(?::(\d\d))?")
_HOURS_BEHIND = re.compile("(?:小时|分钟|分半钟|分钟半|刻钟|秒钟?|钟头)(?:之|以)?[前后内]")
_HOURS_AHEAD = re.compile("过去.*分钟|未来.*小时|最近.*分钟|再过.*小时|前.*钟头")
_LENGTH = re.compile(r"P(T?)([\d.]+)([YMWDHSQ])")

# Why a case says nothing about the contract.
_SET = "a repetition (每年9月): the contract has no label for sets"
_HOURS = "counted in hours or less from a moment: the article's clock is a day"
_DAYTIME = "a part of the day without an hour: not annotated by the contract"
_FUTURE = "an option of the tool that turns dates to the future"
_REIGN = "years of an emperor's reign are not in the contract"
_BARE_HOUR = "十点 without a part of the day may be ten points: no time by the contract"
_VAGUE = "最近, 现在, 马上: no date by the contract"

# Cases of JioNLP that count otherwise, one by one.
_JIONLP_DIFFERENT = {
    "是一个十一点的事": _BARE_HOUR,
    "你十一点过去了是不是？": _BARE_HOUR,
    "35:37": "minutes and seconds of the hour in which it is said",
    "第七年": "第七 is an ORDINAL",
    "上月最后五天": "six days are expected",
    "腊月18": "the whole month is expected",
    "除夕晚上6点半": "the next one there; here the one nearest to the publication",
    "2023年大年三十": "the last day of the lunar year there; here the day in the year that is said",
    "17天内": "the day of speaking is counted there",
    "前两年": "2016 to 2019 is expected of an article of 2021",
}


@dataclass
class Case:
    """One case.

    Attributes:
        expected: stretches any of which is right; or a length of time by unit.
        vague: whether the tool calls its borders a guess: then one stretch must hold the other.
        any_year: whether the text has no year: each tool completes it by a rule of its own.
        left_out: why the case is not counted, or None.
    """

    text: str
    published: date | None
    expected: Any
    vague: bool = False
    any_year: bool = False
    left_out: str | None = None
    spans: Sequence[tuple[int, int]] = field(default=())

    def answer(self) -> list[Stretch | dict[str, float] | None]:
        """What zhpipe resolves: one item a stretch of the text."""
        document = _extractor(self.published)(self.text)
        return [_read(group, self.published) for group in _groups(document.numbers)]

    def is_right(self, answer: list[Stretch | dict[str, float] | None]) -> bool:
        """Whether the answer is what the case expects."""
        if self.expected is None:
            return not answer
        if isinstance(self.expected, dict):
            return self.expected in answer
        # Several expressions (每 and 今年) may be in one text; all that is expected must be there.
        return any(
            isinstance(found, tuple) and self._same(found, stretch)
            for stretch in self.expected
            for found in answer
        )

    def _same(self, found: Stretch, expected: Stretch) -> bool:
        if self.any_year and found[0] and expected[0]:
            shift = expected[0].year - found[0].year
            found = (_in_year(found[0], shift), _in_year(found[1], shift) if found[1] else None)
        if self.vague:
            return _inside(found, expected) or _inside(expected, found)
        return all(e is None or f == e for f, e in zip(found, expected, strict=True))


@lru_cache(maxsize=64)
def _extractor(published: date | None) -> NumberExtractor:
    return NumberExtractor(NumberSettings(published=published))


def _in_year(moment: datetime, shift: int) -> datetime:
    try:
        return moment.replace(year=moment.year + shift)
    except ValueError:
        return moment


def _inside(inner: Stretch, outer: Stretch) -> bool:
    after = inner[0] is None or outer[0] is None or outer[0] <= inner[0]
    before = inner[1] is None or outer[1] is None or inner[1] <= outer[1]
    return after and before


def _groups(numbers: Sequence[Number]) -> Iterator[list[Number]]:
    """Dates and times that stand beside each other or have 至 between them."""
    group: list[Number] = []
    for number in numbers:
        if number.label not in ("DATE", "TIME", "DURATION"):
            continue
        length = "DURATION" in (number.label, group[-1].label) if group else False
        if group and number.start - group[-1].end > (0 if length else _GAP):
            yield group
            group = []
        group.append(number)
    if group:
        yield group


def _read(group: Sequence[Number], published: date | None) -> Stretch | dict[str, float] | None:
    if all(n.label == "DURATION" and n.date_begin is None for n in group):
        return _length(group)
    stretches = list(_stretches(group, published))
    if not stretches:
        return None
    return stretches[0][0], stretches[-1][1]


def _stretches(group: Sequence[Number], published: date | None) -> Iterator[Stretch]:
    day: Stretch = (None, None)
    if published is not None:
        today = datetime.combine(published, datetime.min.time())
        day = (today, today + _DAY)
    pending = False
    for number in group:
        if number.label == "TIME" and isinstance(number.value, str):
            value = number.value
            if re.match(r"\d", value):
                begin = datetime.fromisoformat(value.partition("T")[0])
                day, value = (begin, begin + _DAY), "T" + value.partition("T")[2]
            pending = False
            times = [_time(day, part) for part in value.split("/")]
            yield times[0][0], times[-1][1]
        elif number.date_begin and number.date_end:
            named = (
                datetime.fromisoformat(number.date_begin),
                datetime.fromisoformat(number.date_end),
            )
            if pending and day != named:
                yield day
            day = named
            pending = True
    if pending:
        yield day


def _time(day: Stretch, value: str) -> Stretch:
    match = _CLOCK.fullmatch(value)
    if match is None or day[0] is None:
        return None, None
    last = day[1] - _DAY if day[1] else day[0]
    offset = timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3] or 0))
    return day[0] + offset, last + offset


def _length(group: Sequence[Number]) -> dict[str, float] | None:
    units = {
        "Y": "year",
        "M": "month",
        "W": "week",
        "D": "day",
        "H": "hour",
        "S": "second",
        "Q": "quarter",
    }
    length: dict[str, float] = {}
    for number in group:
        match = _LENGTH.fullmatch(str(number.value))
        if match is None:
            return None
        unit = "minute" if match[1] and match[3] == "M" else units[match[3]]
        factor = {"week": 7, "quarter": 3}.get(unit, 1)
        unit = {"week": "day", "quarter": "month"}.get(unit, unit)
        length[unit] = length.get(unit, 0) + float(match[2]) * factor
    return _whole(length)


def _whole(length: dict[str, float]) -> dict[str, float]:
    """Months of whole half-years as years, so that 两年半 and 30 months are the same."""
    months = 12 * length.pop("year", 0) + length.pop("month", 0)
    minutes = 60 * length.pop("hour", 0) + length.pop("minute", 0) + length.pop("second", 0) / 60
    days = length.pop("day", 0) + length.pop("workday", 0)
    return {"months": round(months, 4), "days": round(days, 4), "minutes": round(minutes, 4)}


def jionlp(path: Path) -> list[Case]:
    """The cases of JioNLP's time parser; its stretches end in :59, ours half-open."""
    return [_jionlp(orjson.loads(line)) for line in path.read_bytes().splitlines() if line.strip()]


def _jionlp(row: dict[str, Any]) -> Case:
    text, expected = row["text"], row["expected"]
    base, moment = _base(row["time_base"])
    vague = expected["definition"] == "blur" or re.search("[初底末]$", text) is not None
    case = Case(text, base, None, vague)
    if expected["type"] == "time_period":
        case.left_out = _SET
    elif (row.get("options") or {}).get("ret_future"):
        case.left_out = _FUTURE
    elif text in _JIONLP_DIFFERENT:
        case.left_out = _JIONLP_DIFFERENT[text]
    elif row.get("options"):
        case.left_out = "an option of the tool"
    elif text in ("现在",):
        case.left_out = _VAGUE
    elif re.search("[春夏秋冬]季?$", text):
        case.left_out = "seasons by solar terms; ours are those of the meteorologists"
    elif re.fullmatch("(?:星期|周|礼拜).|[0-9一二三十]+日", text):
        case.left_out = "a weekday or day alone: the last one here, the next there"
    elif re.search("工作日|交易日", text) and expected["type"] != "time_delta":
        case.left_out = "working days need a calendar of holidays"
    elif _HOURS_BEHIND.search(text) or _HOURS_AHEAD.match(text):
        case.left_out = _HOURS
    elif re.search("上午|午夜|白天|黎明|半夜|中午|晚上", text) and not re.search("[点时:：]", text):
        case.left_out = _DAYTIME
    elif expected["type"] == "time_delta":
        time = expected["time"]
        if isinstance(time, list):
            case.left_out = "a range of durations has no value by the contract"
        else:
            case.expected = _whole(dict(time))
    if case.left_out is None and case.expected is None:
        first, last = expected["time"]
        ends = [_jionlp_moment(first, 0), _jionlp_moment(last, 1)]
        has_time = re.search("[点时:：]", text) is not None
        if not has_time and base is not None:
            # Open to or from the moment of speaking: a day by the article's clock.
            ends = [_by_day(end, moment) for end in ends]
        case.expected = [(ends[0], ends[1])]
        if has_time:
            # An hour that is said lasts an hour there; ours is the moment.
            case.expected = [(ends[0], _moment_of(ends[1], text))]
        case.any_year = re.search("[年年]|今|昨|明|后|前|上|下|周|星期|礼拜", text) is None
    return case


def _by_day(end: datetime | None, moment: datetime | None) -> datetime | None:
    if end is None or moment is None:
        return end
    if end in (moment, moment + timedelta(seconds=1)):
        # From or to now: which day that is, is open.
        return None
    if (end.hour, end.minute) == (0, 0):
        return end
    return datetime.combine(end.date(), datetime.min.time())


def _moment_of(end: datetime | None, text: str) -> datetime | None:
    if end is None:
        return None
    end -= timedelta(seconds=1)
    if end.second == 59 and end.minute == 59 and not re.search("[:：分]", text):
        return end.replace(minute=0, second=0)
    return end.replace(second=0) if end.second == 59 else end


def _jionlp_moment(text: str, last: int) -> datetime | None:
    if "inf" in text:
        return None
    return datetime.fromisoformat(text) + timedelta(seconds=last)


def _base(base: Any) -> tuple[date | None, datetime | None]:
    """The day of publication, and the moment where the base is one.

    A base that is a year only stands for any day of it: the middle of it is taken.
    """
    if base is None:
        return date(2021, 6, 14), None
    if isinstance(base, (int, float)):
        moment = datetime.fromtimestamp(base, _SHANGHAI).replace(tzinfo=None)
        return moment.date(), moment
    parts = list(base.values()) if isinstance(base, dict) else list(base)
    day = date(parts[0], parts[1] if len(parts) > 1 else 7, parts[2] if len(parts) > 2 else 1)
    return day, None


def recognizers(path: Path) -> list[Case]:
    """The cases of DateTimeModel that are supported for Python."""
    rows = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    return [case for row in rows if not _is_unsupported(row) for case in _recognizers(row)]


def _is_unsupported(row: dict[str, Any]) -> bool:
    names = row.get("NotSupported", "") + row.get("NotSupportedByDesign", "")
    return "python" in names.lower()


def _recognizers(row: dict[str, Any]) -> Iterator[Case]:
    """One case a result; a text without results must give none."""
    base = datetime.fromisoformat(row["Context"]["ReferenceDateTime"])
    text = row["Input"]
    if not row["Results"]:
        yield Case(text, base.date(), None)
    for result in row["Results"]:
        case = Case(text, base.date(), None)
        kind = result["TypeName"].removeprefix("datetimeV2.")
        values = result["Resolution"]["values"]
        timex = values[0]["timex"]
        if kind == "set":
            case.left_out = _SET
        elif result["Text"].startswith("大约"):
            case.left_out = _BARE_HOUR
        elif re.search("神龙|康熙|雍正", text):
            case.left_out = _REIGN
        elif result["Text"] in ("最近", "马上", "现在"):
            case.left_out = _VAGUE
        elif re.search("小时|分钟", result["Text"]) and kind != "duration":
            case.left_out = _HOURS
        elif re.search("T(MO|AF|EV|MI|NI)", timex):
            case.left_out = _DAYTIME
        elif values[0].get("isLunar"):
            case.left_out = "the day of the lunar calendar is not converted to the solar one"
        elif values[0].get("value") == "not resolved":
            case.left_out = "no value is expected"
        elif kind == "duration":
            case.expected = _whole({"minute": float(values[0]["value"]) / 60})
            case.expected = _recognizers_length(timex)
        else:
            case.expected = [s for v in values for s in _recognizers_stretches(v, kind, base)]
            if kind in ("daterange",) and re.match("[前后过近未]", result["Text"]):
                # 后1年 begins there the day after.
                closed = [stretch for stretch in case.expected if stretch[0] and stretch[1]]
                case.expected += [(begin - _DAY, end - _DAY) for begin, end in closed]
        yield case


def _recognizers_length(timex: str) -> dict[str, float]:
    match = _LENGTH.fullmatch(timex)
    assert match is not None, timex
    names = {"Y": "year", "M": "month", "W": "day", "D": "day", "H": "hour", "S": "second"}
    unit = "minute" if match[1] and match[3] == "M" else names[match[3]]
    count = float(match[2]) * (7 if match[3] == "W" else 1)
    if match[3] == "M" and not match[1] and count < 1:
        # Half a month is P15D here.
        unit, count = "day", 30 * count
    return _whole({unit: count})


def _recognizers_stretches(value: dict[str, str], kind: str, base: datetime) -> Iterator[Stretch]:
    if kind == "time":
        moment = datetime.combine(base.date(), datetime.strptime(value["value"], "%H:%M:%S").time())
        yield moment, None
    elif kind == "timerange":
        begin, end = (
            datetime.combine(base.date(), datetime.strptime(value[name], "%H:%M:%S").time())
            for name in ("start", "end")
        )
        yield begin, end
    elif kind in ("date", "datetime"):
        moment = datetime.fromisoformat(value["value"])
        yield moment, None
    else:
        begin, end = datetime.fromisoformat(value["start"]), datetime.fromisoformat(value["end"])
        yield begin, end
        # Both ends of 1月10日到12日 are days that belong to it; there the last one does not.
        yield begin, end + _DAY
        if value["timex"].count("-01-01") >= 2:
            # 2016年至2018年 ends there with the first day of the last year.
            yield begin, end.replace(year=end.year + 1)
        if value["timex"] == str(begin.year):
            # 今年 ends there with the day of speaking.
            yield begin, end.replace(year=begin.year + 1, month=1, day=1)


if __name__ == "__main__":
    raise SystemExit("run python -m pipeline.bench.times")
