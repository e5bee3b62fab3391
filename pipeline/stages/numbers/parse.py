"""One numeral, or amount of 元, to its value."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.stages.numbers.numerals import parse_numeral

_SIMPLIFIED = str.maketrans("萬億兩貳參陸點負圓", "万亿两贰叁陆点负圆")
_MONEY = re.compile(
    "(?:(?P<whole>.+?)[元圆](?P<exactly>[整正])?)?(?:零?(?P<tenths>[^零角毛分])[角毛])?"
    "(?:零?(?P<hundredths>[^零角毛分])分)?"
)
_SIGNS = "负-−"


def parse(text: str) -> Decimal:
    """The value of one exact numeral, Chinese (either script), Arabic or mixed, with its sign.

    An amount of 元, 角 and 分 is read in 元.

    Raises:
        ValueError: if the text is no numeral, or one without an exact value (十几).

    >>> parse("三亿五千万元")
    Decimal('350000000')
    """
    plain = text.translate(_SIMPLIFIED)
    unsigned = plain[1:] if plain[:1] in _SIGNS else plain
    try:
        value = _amount(unsigned)
    except ValueError as error:
        raise ValueError(f"{text!r} is no exact numeral") from error
    return value if unsigned == plain else -value


def _amount(text: str) -> Decimal:
    money = _MONEY.fullmatch(text) if text else None
    if money is None:
        return _exact(text)
    coins = (("tenths", Decimal("0.1")), ("hundredths", Decimal("0.01")))
    value = _exact(money["whole"]) if money["whole"] else Decimal(0)
    return value + sum((_exact(money[c]) * worth for c, worth in coins if money[c]), Decimal(0))


def _exact(text: str) -> Decimal:
    value = parse_numeral(text).value
    if value is None:
        raise ValueError(f"{text!r} has bounds only")
    return value
