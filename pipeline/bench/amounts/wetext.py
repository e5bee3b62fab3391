"""WeTextProcessing: spoken to written Chinese (itn), written to spoken (tn).

The left side is the text. The figures of the written side, in Arabic digits, must be the values
of our numbers, in order, and no others. Their conventions, and ours:

- 15-6 and 730-40 write ranges by their last digits: 15 to 16, 730 to 740. A range counts with
  both its ends.
- 1亿2300人 is 100,002,300; 4Wv are 40,000 V.
- Dates, times, scores, telephone and identity numbers, addresses, plates and trains are names
  or no amounts: their files and cases do not count.
- The same sentences stand in several files, once for each mode of writing single digits and
  numerals without a unit. Each sentence counts once.
- In 100余 and 几 the figure is the lower bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from pipeline.bench.amounts.case import Case, Extract, equal, figure, shown
from pipeline.document import Number

_FILES = ("fraction", "math", "measure", "money", "normalizer", "number", "cardinal", "whitelist",
          "normalizer_enable_standalone_number_disable_0_to_9")  # fmt: skip
_SCALES = {"万": 10**4, "亿": 10**8, "兆": 10**12, "w": 10**4, "W": 10**4, "": 1}
_PART = r"(?:\d+(?:\.\d+)?[万亿兆wW]?)"
_FIGURE = re.compile(
    rf"(?P<minus>(?<![\d])-)?(?:(?P<top>\d+)\s?/\s?(?P<bottom>\d+)|(?P<low>{_PART}+)"
    rf"(?:(?P<range>[~-])(?P<high>{_PART}+))?)"
)
_NAMES = re.compile("手机|电话|身份证|尾号|拨打|高一|幺|12306|12315|@|0\\.0\\.1|O2O|B2B|010-")
_CLOCK = re.compile(
    "点之前|点零二|点三十|点半|:\\d|a\\.m|\\d+/\\d+/\\d+|\\d{4}-\\d\\d|\\d{4}[./]\\d\\d|20\\d\\d年|２０１５年|20\\d\\d/"
)
_COINS = re.compile(r"(\d+)块(\d)毛?")


def cases(folder: Path, extract: Extract) -> Iterator[Case]:
    """All cases of the files about amounts, judged."""
    for direction in ("itn", "tn"):
        seen: set[str] = set()
        for name in _FILES:
            path = folder / f"{direction}_zh" / f"{name}.txt"
            if not path.is_file():
                continue
            for line in path.read_text(encoding="utf-8").splitlines():
                text, _, other = (part.strip() for part in line.partition("=>"))
                if not text or text in seen:
                    continue
                seen.add(text)
                written = other if direction == "itn" else text
                yield _case(f"wetext {direction}", text, written, extract)


def _case(name: str, text: str, written: str, extract: Extract) -> Case:
    numbers = [n for n in extract(text).numbers if not _left_alone(n, text, written)]
    expected = list(_figures(written))
    ours = [(_ends(n)) for n in numbers]
    # 一千克 is 1kg in one of their files and 1000g in another.
    grams = "kg" in written and any(n.unit == "克" for n in numbers)
    right = len(ours) == len(expected) and all(
        (equal(a[0], b[0]) or (grams and equal(a[0], 1000 * b[0])))
        and (b[1] is None or equal(a[1], b[1]))
        for a, b in zip(ours, expected, strict=True)
    )
    problem = None if right else f"{written}: {shown(numbers)}"
    return Case(name, text, _other_convention(text, written, numbers), problem)


def _left_alone(number: Number, text: str, written: str) -> bool:
    """Whether the written side keeps the number in characters: 一帧, 十几万."""
    words = number.source_text
    kept = not any(char.isdigit() and char.isascii() for char in words) and words in written
    return kept and (text != written or number.modifier == "several" or words.startswith("一"))


def _ends(number: Number) -> tuple[Decimal | None, Decimal | None]:
    if number.value is not None:
        return figure(number), None
    low, high = number.min, number.max
    return (None if low is None else Decimal(low)), (None if high is None else Decimal(high))


def _figures(written: str) -> Iterator[tuple[Decimal, Decimal | None]]:
    """The figures of a written sentence: a value, or the ends of a range."""
    written = _COINS.sub(r"\1.\2", written)
    for match in _FIGURE.finditer(written):
        sign = -1 if match["minus"] else 1
        if match["top"]:
            yield sign * Decimal(match["top"]) / Decimal(match["bottom"]), None
            continue
        low, high = match["low"], match["high"]
        if not high:
            yield sign * _value(low), None
            continue
        if match["range"] == "-":
            # 45-6万: the end repeats the beginning but for its last digits.
            digits = re.match(r"\d+", high)
            assert digits is not None, "a part begins with digits"
            high = low[: -len(digits[0])] + high
        scale = high.lstrip("0123456789.")
        yield _value(low if low[-1] in _SCALES else low + scale), _value(high)


def _value(text: str) -> Decimal:
    """1亿2300: the sum of its parts."""
    parts = re.findall(r"(\d+(?:\.\d+)?)([万亿兆wW]?)", text)
    return sum((Decimal(digits) * _SCALES[scale] for digits, scale in parts), Decimal(0))


def _other_convention(text: str, written: str, numbers: list[Number]) -> str | None:
    if _NAMES.search(text):
        return "telephone, identity and serial numbers are names"
    if _CLOCK.search(text) or any(n.label in ("DATE", "TIME") for n in numbers):
        return "dates and times have their own benchmark"
    if any(n.label == "DURATION" and n.value is None for n in numbers):
        return "a range of durations has no figure"
    if text == "三百九十九三盒" or "一百一个" in text:
        return "numerals run together can be read in two ways"
    if "九百九周" in text:
        return "九百九 is 990 (as in the other sets), not 900 and 九周"
    if re.search("负二的|,五,", text):
        return "a single Chinese digit in running text is a word"
    if "比分" in text:
        return "a score is no amount"
    if re.search("[加等于<>=≤≥+]", text) and re.fullmatch(r"[-\d+=<>≤≥ 一二三加等于负]*", text):
        return "mathematical notation is no number of a text"
    return None
