"""Times of day: 15:30, 下午3点半, 早上五到六点, 今晚8点, 美东时间16时."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives
from pipeline.stages.numbers.clock import Clock
from pipeline.stages.numbers.dates.mention import DateMention
from pipeline.stages.numbers.dates.read import number
from pipeline.stages.numbers.dates.words import TO

_DAYTIMES = (
    "凌晨|清晨|早晨|早上|早间|上午|中午|正午|午间|午后|下午|傍晚|黄昏"
    "|晚间|晚上|夜间|夜里|半夜|深夜|午夜|当晚|晚|早"
)
_NIGHT = ("凌晨", "晚上", "晚间", "晚", "当晚", "夜间", "夜里", "半夜", "深夜", "午夜")
_AFTERNOON = ("下午", "午后", "傍晚", "黄昏", "晚间", "晚上", "晚", "当晚")
_LATE = ("夜间", "夜里", "深夜")
_CN = "一二三四五六七八九"
_HOUR = rf"(?:2[0-4]|[01]?\d|二十[一二三四]?|十[{_CN}]?|[零〇两{_CN}])"
_SIXTY = rf"(?:[0-5]?\d|零[{_CN}]|[二三四五]?十[{_CN}]?|[{_CN}])"
_SPOKEN = rf"(?:零[{_CN}]|[二三四五]?十[{_CN}]?|[0-5]\d)(?![\d.%{_CN}十百千万亿个家元人])"
_SECONDS = rf"(?:(?P<seconds{{n}}>{_SIXTY})秒)?"


def _time(n: int) -> str:
    """The pattern of one time; its groups end in `n`."""
    seconds = _SECONDS.format(n=n)
    return (
        rf"(?P<daytime{n}>{_DAYTIMES})?\s?(?:"
        rf"(?<![\d:：.])(?P<digits{n}>[0-2]?\d[:：][0-5]\d(?:[:：][0-5]\d)?)(?![\d:：])时?"
        rf"(?:\s?(?P<half{n}>[ap]\.?m\.?(?![A-Za-z])|[AP]M(?![A-Za-z])))?"
        rf"|(?<![\d.{_CN}十百千])(?P<hour{n}>{_HOUR})(?:点钟?|时)(?!代|间|期|评|而|常|尚|空|隔|值|至今|候)"
        rf"(?:(?P<minute{n}>{_SIXTY})分(?![之钟])(?:{seconds})|(?P<spoken{n}>{_SPOKEN})"
        rf"|(?P<part{n}>半(?!数|年|个|导|月|价)|整|[一二三1-3]刻钟?))?)"
    )


_FIRST_HOUR = rf"(?P<daytime0>{_DAYTIMES})?(?<![\d.{_CN}十百千])(?P<hour0>{_HOUR}){TO}"
# What every time has, behind its hour; around it the pattern is tried.
_MARK = re.compile(rf"[点时:：](?<=[0-9零〇两{_CN}十].)(?:(?<=[点时])|(?=[0-5]\d))")
_REACH = 12
_EVENINGS = ("今晚", "昨晚", "明晚", "今早", "今晨", "明早", "昨夜")


@cache
def _pattern() -> re.Pattern[str]:
    """A time or a range of times; compiled for the first text with a mark, for it takes long."""
    return re.compile(
        rf"(?=[0-9零〇两{_CN}十凌清早上中正午下傍黄晚夜半深当])"
        rf"(?:(?P<range>{_FIRST_HOUR}){_time(1)}|{_time(2)}(?:{TO}{_time(3)})?)"
    )


class Times:
    """Finds times of day; `numbers/dates.toml` lists the words for whose clock is meant."""

    def __init__(self, resources: Resources) -> None:
        zones = resources.toml("numbers/dates.toml")["zones"]["words"]
        self._zone = re.compile(f"({alternatives(zones)})[的,，]?$")
        self._zone_reach = max(map(len, zones), default=0) + 2

    def find(self, text: str, dates: Sequence[DateMention], clock: Clock) -> list[DateMention]:
        """The dates with the times of day among them; 今晚8点 is one time with its day."""
        ends = {date.end: date for date in dates}
        starts = [date.start for date in dates]
        absorbed = set()
        times: list[DateMention] = []
        position = 0
        for mark in _MARK.finditer(text):
            hour = mark.start() - 1
            if hour < position:
                continue
            match = _pattern().search(text, max(position, hour - _REACH))
            if match is None:
                break
            start, end = match.span()
            at = bisect_left(starts, start + 1) - 1
            if at >= 0 and dates[at].end > start:
                # 晚 in 今晚8点 belongs to the day.
                match = _pattern().match(text, dates[at].end)
                if match is None:
                    continue
                start, end = match.span()
            position = end
            following = bisect_left(starts, start)
            if following < len(starts) and starts[following] < end:
                continue
            before = ends.get(start)
            if before is None and start and text[start - 1] in " ":
                before = ends.get(start - 1)
            if before is None and not _stands(text, match):
                continue
            value = _value(match)
            if value is None:
                continue
            day = text[before.start : before.end] if before else ""
            if before is not None and day in _EVENINGS:
                absorbed.add(before.start)
                value = (before.value or "") + _evening(value, day)
                start = before.start
            first = before.start if before else start
            zone = self._zone.search(text, max(0, first - self._zone_reach), first)
            cue = zone[1] if zone else None
            times.append(DateMention(start, end, "TIME", value, "clock", cue))
        kept = [date for date in dates if date.start not in absorbed]
        return sorted([*kept, *times], key=lambda mention: mention.start)


def _stands(text: str, match: re.Match[str]) -> bool:
    """Whether a time that follows no date is one: 十点 may be ten points, 5时 part of a word."""
    for n in (1, 2, 3):
        if match[f"digits{n}"] or match[f"minute{n}"]:
            return True
        if match[f"hour{n}"] and (match[f"daytime{n}"] or match[f"part{n}"]):
            return True
    if match["range"] and match["daytime0"]:
        return True
    return match.end() - match.start() == len(text.strip()) or text.startswith("许", match.end())


def _evening(value: str, day: str) -> str:
    """T08:00 behind 今晚 is T20:00."""
    hour = int(value[1:3])
    if day[-1] in "晚夜" and 3 < hour < 12:
        return f"T{hour + 12:02d}{value[3:]}"
    return value


def _value(match: re.Match[str]) -> str | None:
    """TIMEX3 of a time, or the interval of two."""
    parts = list(_parts(match))
    values = []
    daytime = None
    for own, hour, minute, second, half in parts:
        # The first daytime holds for the second time, too, unless that one would be earlier.
        inherited = own or daytime
        if half:
            hour = hour % 12 + (12 if half[0] in "pP" else 0)
        elif hour == 12 and inherited in _NIGHT:
            # 晚上12点 ends the day, 凌晨12点 and 晚上12点半 are after it.
            hour = 24 if inherited != "凌晨" and minute == 0 else 0
        elif hour < 12 and (
            inherited in _AFTERNOON
            or (inherited in _LATE and hour > 5)
            or (inherited == "中午" and hour < 4)
        ):
            hour += 12
        daytime = own or daytime
        if hour > 24 or minute > 59:
            return None
        values.append(f"T{hour:02d}:{minute:02d}" + (f":{second:02d}" if second >= 0 else ""))
    return "/".join(values)


_Part = tuple[str | None, int, int, int, str | None]


def _parts(match: re.Match[str]) -> Iterator[_Part]:
    """Daytime, hour, minute, second (-1 where none) and am or pm of each time."""
    if match["range"]:
        yield match["daytime0"], number(match["hour0"]), 0, -1, None
    for n in (1, 2, 3):
        daytime = match[f"daytime{n}"]
        if match[f"digits{n}"]:
            hour, minute, *rest = map(int, re.split("[:：]", match[f"digits{n}"]))
            yield daytime, hour, minute, rest[0] if rest else -1, match[f"half{n}"]
        elif match[f"hour{n}"]:
            minute, seconds = 0, match[f"seconds{n}"]
            second = number(seconds) if seconds else -1
            if text := match[f"minute{n}"] or match[f"spoken{n}"]:
                minute = number(text)
            elif part := match[f"part{n}"]:
                quarters = 15 * number(part[0]) if "刻" in part else 0
                minute = 30 if part == "半" else quarters
            yield daytime, number(match[f"hour{n}"]), minute, second, None
