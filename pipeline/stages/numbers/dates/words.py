"""The words that dates are made of, and which may follow which.

A date is a row of words from coarse to fine, each narrowing what stands before it:
明年 | 七月 | 第2周, 去年 | 春节, 上个月 | 23号. `heads` and `at` find the first word of a date,
`follower` the next one. `continues` tells where what follows makes a word no date (年 in 今年度假).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from pipeline.stages.numbers.lunar import CALENDAR, LUNAR_DAY

TO = r"\s?(?:至|到|-{1,2}|—{1,2}|–|~|～|－)\s?"
_CN = "一二三四五六七八九"
_COUNT = rf"(?:\d{{1,2}}|[{_CN}两]?十[{_CN}]?|[{_CN}两])"
MONTH_NUMBER = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|元)"
DAY_NUMBER = (
    r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|二十|[一二三四五六七八九])"
)
_BOTH_WAYS = r"(?:上上|下下|上|本|下|当|这|同)一?个?"
_WEEK = "(?:周|星期|礼拜)"
_WEEKDAY = "[一二三四五六日天]"
# 本周三只新股, 上周日均成交
_NOT_COUNTED = "(?!只|款|个(?!股)|场|项|批|天|日|份|名|位|连[涨跌升阳阴]|均|报(?!告|道)|线)"
_QUARTERS = r"(?:前|首)[二两三23]个?季度?|第?[一二三1-3](?:至|到|-|—|、)第?[二三四2-4]季度?"
# What a year of two digits must have behind it; alone 24年 is a length of time.
_PART_OF_YEAR = (
    rf"的?(?:[上下]半年|{_QUARTERS}|第?[一二三四1-4]个?季|Q[1-4]|H[12]|(?:1[0-2]|0?[1-9])月(?!龄|大)"
    rf"|[十一二三四五六七八九]{{1,2}}月|[年]?[底末初]|前{_COUNT}个?月|第[{_CN}十]{{1,4}}个?{_WEEK}|端午|中秋|春节)"
)
_RELATIVE_YEAR = (
    "今年|去年|明年|前年|后年|大前年|大后年|上年度?|本年度?|当年|同年|翌年|次年|隔年"
    "|(?<!马)(?:这|上)一年(?![半多来])"
)
# 五八年; neighbouring digits are about that many years (七八年).
_CHINESE_SHORT_YEAR = (
    "(?:[零〇][零〇一二三四五六七八九]|[五六七八九][零〇一二三四五六七八九])"
    "(?<!五六)(?<!六七)(?<!七八)(?<!八九)"
)
YEAR = (
    rf"(?:(?:{CALENDAR})?(?:(?:19|20)\d\d|[一二][零〇○一二三四五六七八九]{{3}})年(?={CALENDAR}|[正冬腊闰]|十?[一二三四五六七八九十]月)|"
    r"(?:19|20)\d\d\s?年度?|(?<!\d)1[0-8]\d\d年|[一二][零〇○一二三四五六七八九]{3}年"
    rf"|[二两]千零[{_CN}]年"
    r"|(?:中华)?民国\s?(?:\d{2,3}|[一二三四五六七八九十百零〇]{1,6}|元)年"
    rf"|{_RELATIVE_YEAR}"
    rf"|(?<![\d.])\d\d年(?={_PART_OF_YEAR})"
    rf"|(?<![\d.一二三四五六七八九十百千])0\d\s?年|{_CHINESE_SHORT_YEAR}年"
    rf"|(?:19|20)\d\d(?=Q[1-4]|H[12]|年[初中底末])"
    rf"|(?<![\d.\-/A-Za-z$])(?:19|20)\d\d(?={TO}(?:19|20)?\d\d年))"
)
_PLAIN_DAY = r"(?=$|[，。、,；;\s：:（）()至到—–~-])"

# In this order: where two words begin at the same place, the first that matches wins.
WORDS: dict[str, str] = {
    "fiscal": r"(?:20)?\d\d(?:财年|财政年度|会计年度)"
    r"(?:的?(?:第?[一二三四1-4](?:财季|季度?)|Q[1-4]|[上下]半年))?"
    r"|(?<![A-Za-z])FY(?:20)?\d\d(?:Q[1-4]|H[12])?(?![\dA-Za-z])|(?<![A-Za-z\d])Q[1-4]FY(?:20)?\d\d(?!\d)"
    r"|第[一二三四1-4]财季",
    "day_of_month": rf"{_BOTH_WAYS}月{DAY_NUMBER}[日号]",
    "decade": r"(?:(?:上个?|本|\d\d|[一二]?十[一二三四五六七八九]?)世纪)?"
    r"(?:(?:19|20)?[0-9]0|[二三四五六七八九]十)年代(?:初期?|中期|末期?|[前后]期)?",
    "century": rf"(?:上个?|本|(?<!\d)[12]?\d|[一二]?十[{_CN}]?)世纪(?:初期?|中叶?期?|末期?)?",
    "lunar": LUNAR_DAY,
    "day_range": rf"(?<![\d.月]){DAY_NUMBER}日?{TO}{DAY_NUMBER}[日号](?!元|圆)",
    "bracketed_day": r"(?:今|昨|明|前)\s?[(（]\d{1,2}[)）]\s?[日天]?",
    "iso": r"(?:1[5-9]|20)\d\d(?P<mark>[-/.])(?:1[0-2]|0?[1-9])(?P=mark)(?:3[01]|[12]\d|0?[1-9])"
    r"(?:(?!\d)|(?=\d\d[:：]\d\d))"
    # 20240307, 2024 03 07
    r"|(?<![\d.,])(?:19|20)\d\d (?:0[1-9]|1[0-2]) (?:0[1-9]|[12]\d|3[01])(?![\d.,%]| \d)"
    r"|(?<![\d.])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"(?![\d.,%A-Za-z]|[万亿千元股]|[美欧日港澳加台新]元|人民币|英镑|韩元)",
    "days": rf"{MONTH_NUMBER}月(?:份)?{DAY_NUMBER}{TO}{DAY_NUMBER}[日号]",
    "month_day": rf"{MONTH_NUMBER}月(?:份)?{DAY_NUMBER}[日号]|\d{{1,2}}月\d{{1,2}}{_PLAIN_DAY}",
    "months": rf"{MONTH_NUMBER}{TO}{MONTH_NUMBER}月(?:份)?",
    "month": rf"{MONTH_NUMBER}月(?:份)?",
    "first_months": rf"(?:前|首){_COUNT}个?月|首月",
    "year_before": r"(?:去年|上年)同(?:期|月|季)",
    # 09-01 20:01; 4/14(一), (4/14) in Taiwan; elsewhere 4/5 is a fraction or a range.
    "short_date": r"(?<![\d.:/-])(?:1[0-2]|0[1-9])[-/](?:3[01]|[12]\d|0[1-9])(?=\s\d{1,2}[:：]\d\d)"
    r"|(?<![\d.:/-])(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])"
    r"(?=日|\s?[(（](?:周|星期)?[一二三四五六日][)）]|(?:起|公布|开盘|收盘|举行|召开)|\s?[~～至]\s?\d{1,2}/\d)"
    r"日?|(?<=[(（])(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])(?=[)）])",
    "short_part": r"[1-4]Q(?:20)?\d\d(?!\d)|[12]H(?:20)?\d\d(?!\d)",
    "to_date": r"年初(?:至今|迄今|以来)",
    # 2016-2018; with 年 behind it the year is one word, and the range is found from two of them.
    "years": rf"(?<![\d.\-/$])(?:19|20)\d\d{TO}(?:19|20)\d\d(?!年|[\d.,%万亿千元股点:/]|-\d)",
    "two_years": "今明两年|去今两年",
    "year": YEAR,
    "quarters": _QUARTERS,
    "quarter": r"第[一二三四1-4]个?季度?|[一二三四]季度|(?<![\d.])[1-4]季度|Q[1-4]|(?<!\d)[1-4]Q"
    r"|首季度?|末季|首个季度|最后一个?季度?",
    "half": r"[上下]半年|(?<![A-Za-z])H[12](?![0-9A-Za-z])",
    "season": r"[春夏秋冬](?:[季天]|(?=$|[，。、,；;\s]))|暑假|寒假",
    "part": r"(?<![0-9一二三四五六七八九十百千两几多半每])(?:年初|年底|年末|年中(?!国|间)|岁末)",
    "month_part": r"(?<![个0-9一二三四五六七八九十半每])月[初底末]",
    "relative_week": rf"{_BOTH_WAYS}{_WEEK}{_WEEK}?(?:{_WEEKDAY}{_NOT_COUNTED}|末)"
    rf"|{_BOTH_WAYS}(?:周(?!期|边)|星期|礼拜)",
    "relative_month": rf"{_BOTH_WAYS}月",
    "relative_quarter": r"(?:上|本|下|当|这)一?个?季度?",
    "weekdays": rf"(?:上|本|下|这)?个?{_WEEK}{_WEEKDAY}{TO}{_WEEK}?{_WEEKDAY}",
    "weekday": rf"{_WEEK}{_WEEKDAY}{_NOT_COUNTED}",
    "relative_day": "今日|今天|昨日|昨天|明日|明天|大*前天|前日|大*后天"
    "|今早|今晨|今晚|昨晚|昨夜|明晚|明早|当日|当天|次日|翌日|隔日|隔天",
    "day_alone": r"(?<![\d.])(?:3[01]|[12]\d|0?[1-9])日",
    "bare_year": r"(?<![\d.\-/A-Za-z$])20[0-3]\d(?=[、，,；;。\s/]|$)(?!,\d)",
    # Only behind another word.
    "year_end": "[初底末]|中(?!国|旬|央|小|期|间|学|心|文|东|西|部|共)",
    "tenday": "[上中]?[上中下]旬",
    "beginning": "初(?![一二三四五六七八九十级中])|月?[底末]|月初",
    "week": rf"第{_COUNT}个?{_WEEK}(?!{_WEEKDAY})|首周|最后一周",
    "weekday_of": rf"(?:第[{_CN}1-5]个?|首个|最后一?个?){_WEEK}{_WEEKDAY}",
    "first_days": rf"(?:前|首|最后){_COUNT}[天日]|第一天|首日|最后一天",
    "day": rf"{DAY_NUMBER}[日号]",
    "day_without_sign": rf"(?:十[{_CN}]|二十[{_CN}]?)"
    r"(?=$|[，。、,；;\s！!？?）)早晚上中下凌傍半夜至到前后])",
}
_IN_YEAR = (
    "lunar",
    "days",
    "month_day",
    "months",
    "month",
    "first_months",
    "quarters",
    "quarter",
    "half",
    "season",
    "festival",
    "part",
    "year_end",
    "week",
    "first_days",
)
_IN_MONTH = ("tenday", "weekday_of", "week", "first_days", "beginning", "day_without_sign")
# Which words may stand directly behind which.
_FOLLOWERS: dict[str, tuple[str, ...]] = {
    "year": _IN_YEAR,
    "month": _IN_MONTH,
    "relative_month": ("tenday", "weekday_of", "week", "first_days", "beginning"),
    "quarter": ("year_end",),
    "relative_quarter": ("year_end",),
}
_DIGITS = "0123456789"
_NUMERALS = "一二三四五六七八九十"
_WAYS = "上本下当这同"
# What the words that may come first begin with, where any digit or numeral stands for all: so those
# have one pattern each.
_HEADS: dict[str, str] = {
    "fiscal": _DIGITS + "FQ第",
    "day_of_month": _WAYS,
    "decade": _DIGITS + _NUMERALS + "上本",
    "century": _DIGITS + _NUMERALS + "上本",
    "lunar": _DIGITS + _NUMERALS + "农阴旧闰正冬腊大年除",
    "day_range": _DIGITS + _NUMERALS,
    "bracketed_day": "今昨明前",
    "iso": _DIGITS,
    "days": _DIGITS + _NUMERALS + "元",
    "short_date": _DIGITS,
    "month_day": _DIGITS + _NUMERALS + "元",
    "months": _DIGITS + _NUMERALS + "元",
    "month": _DIGITS + _NUMERALS + "元",
    "first_months": "前首",
    "year_before": "去上",
    "short_part": _DIGITS,
    "to_date": "年",
    "years": _DIGITS,
    "two_years": "今去",
    "year": _DIGITS + _NUMERALS + "〇零两农阴旧中民今去明前后大上本当同翌次隔这",
    "quarters": _DIGITS + _NUMERALS + "前首第",
    "quarter": _DIGITS + _NUMERALS + "第Q首末最",
    "half": "上下H",
    "part": "年岁",
    "month_part": "月",
    "relative_week": _WAYS,
    "relative_month": _WAYS,
    "relative_quarter": "上本下当这",
    "weekdays": "上本下这周星礼",
    "weekday": "周星礼",
    "relative_day": "今昨明大前后当次翌隔",
    "day_alone": _DIGITS,
    "bare_year": _DIGITS,
    "season": "春夏秋冬暑寒",
}
# The same for the words that come only behind another one.
_HEADS_BEHIND: dict[str, str] = {
    "year_end": "初底末中",
    "tenday": "上中下",
    "beginning": "初月底末",
    "week": "第首最",
    "weekday_of": "第首最",
    "first_days": "前首最第",
    "day_without_sign": "十二",
}
_LINK = re.compile(r"\s?的?")
_TO_HERE = r"\s?[至到\-—–~～－]"
_BOTH_WAYS_NEXT = "一个月周星礼"
# What follows such a first character where it begins a word; most do not, and are passed over.
# A character that is not listed may begin a word before anything. Lengths are bounded, so that a
# long row of digits is not read from each of its places again.
_OPENINGS: dict[str, str] = {
    _DIGITS: rf"\d{{0,7}}(?:[年月日世财会季QH、/]|\s?年|{_TO_HERE})|\d{{3}}\.|\d{{7}}(?!\d)"
    r"|\d{3}(?: \d\d |[，,；;。\s]|$)",
    _NUMERALS + "〇零两": rf"[零〇○一二三四五六七八九十千]{{0,5}}(?:[年月日世季、]|{_TO_HERE})",
    "元": rf"月|{_TO_HERE}",
    "上": f"[上世年半季{_BOTH_WAYS_NEXT}]",
    "下": f"[下半季{_BOTH_WAYS_NEXT}]",
    "本": f"[世年季{_BOTH_WAYS_NEXT}]",
    "当": f"[年日天季{_BOTH_WAYS_NEXT}]",
    "这": f"[季{_BOTH_WAYS_NEXT}]",
    "同": f"[年{_BOTH_WAYS_NEXT}]",
    "今": r"[年日天早晨晚明(（\s]",
    "昨": r"[日天晚夜(（\s]",
    "明": r"[年日天晚早(（\s]",
    "前": rf"[年日天(（\s\d两{_NUMERALS}]",
    "后": "[年天]",
    "大": "[大前后年]",
    "去": "[年今]",
    "翌次隔": "[年日天]",
    "年": "[初底末中三]",
    "月": "[初底末]",
    "岁": "末",
    "周": _WEEKDAY,
    "星": "期",
    "礼": "拜",
    "农阴旧": "历",
    "正腊": "月",
    "民": "国",
    "中": "华",
    "首": rf"[月季个\d两{_NUMERALS}]",
    "末": "季",
    "最": "后",
    "第": "[一二三四1-4]",
    "Q": "[1-4]",
    "F": "Y",
    "H": "[12]",
}
# A date that ends in this word is none where this follows.
_CONTINUES: dict[str, str] = {
    "year": "代|薪|级|报|纪|轻|度(?!假)|化|龄|限|糕|货",
    "month": r"\d|[一二三四五六七八九十]级|饼|亮|球|薪|嫂|光|租|卡|报(?!道)|供|息|票|龄|均|线|经"
    "|刊|色",
    "relative_month": "报(?!道)|饼|经|薪|供|均|线|票(?!房)",
    "relative_quarter": "报|节|风|后赛|前赛|中|票|军",
    "quarter": "报|风|节|后赛|军",
    "day_alone": "元|圆|均|线|内|本|币|经|报|裔|系|产|资|韩|漫|志",
    "season": "奥|运|装|款|游|训|招|令",
}
_ENDINGS = {name: re.compile(pattern) for name, pattern in _CONTINUES.items()}


def _opening(chars: str, festivals: Iterable[str]) -> str:
    """A pattern for the first character of a date where a word, or a festival, may follow.

    The characters themselves come first: `re` skims a text for a set of them.
    """
    heads = {*chars}
    follow = [opening for of, opening in _OPENINGS.items() if not heads.isdisjoint(of)]
    if not follow and any(not heads.isdisjoint(of) for of in _HEADS.values()):
        follow = [""]
    follow += [re.escape(two[1:]) for two in festivals if two[0] in heads]
    opening = f"(?={'|'.join(follow)})"
    if chars.isascii():
        # Digits and Latin letters begin a date only where no Latin word or number goes on.
        opening = rf"(?:(?<![0-9A-Za-z].){opening}|(?<=[0-9]{{3}}.)(?=月))"
    return (chars if len(chars) == 1 else f"[{chars}]") + opening


def _by_first_character(heads: dict[str, str]) -> dict[str, list[tuple[str, ...]]]:
    """By character the words that may begin with it: rows of names that have one pattern, and
    here one name each.
    """
    return {
        char: [(name,) for name, chars in heads.items() if char in chars]
        for char in sorted(set("".join(heads.values())))
    }


class Words:
    """The patterns above, with the festivals of a resource file among them.

    Args:
        festivals: the names of festivals as one alternation.
        beginnings: the first two characters of each.
    """

    def __init__(self, festivals: str, beginnings: Iterable[str]) -> None:
        words = {**WORDS, "festival": festivals}
        beginnings = list(beginnings)
        first = {"festival": "".join(two[0] for two in beginnings), **_HEADS}
        behind = {**first, **_HEADS_BEHIND}
        # The words that may begin with a character, those of one pattern in a row. Most articles
        # need few of the words, and each takes long to compile: they are compiled one by one,
        # but for those that begin with a digit or numeral, which articles have all the time.
        self._at = _by_first_character(first)
        for alike in (_DIGITS, _NUMERALS):
            names = tuple(n for n, chars in first.items() if not set(alike).isdisjoint(chars))
            self._at.update({char: [names] for char in alike})
        self._behind = {
            name: _by_first_character({n: behind[n] for n in followers})
            for name, followers in _FOLLOWERS.items()
        }
        self._pattern = cache(
            lambda names: re.compile("|".join(f"(?P<{name}>{words[name]})" for name in names))
        )
        # Digits have a pattern of their own: they are many, and tell sooner that nothing begins.
        others = [char for char in self._at if char not in _DIGITS]
        self._heads = [
            re.compile("|".join(_opening(chars, beginnings) for chars in alike))
            for alike in ([_DIGITS], others)
        ]

    def heads(self, text: str) -> list[int]:
        """Where the first word of a date may begin, in order: `at` tells whether it does."""
        return sorted(head.start() for heads in self._heads for head in heads.finditer(text))

    def at(self, text: str, position: int) -> re.Match[str] | None:
        """The first word of a date that begins at a position."""
        return self._first(self._at.get(text[position : position + 1], ()), text, position)

    def follower(self, text: str, name: str, position: int) -> re.Match[str] | None:
        """The word that narrows the word `name` which ends at a position."""
        if name not in _FOLLOWERS:
            return None
        link = _LINK.match(text, position)
        assert link is not None, "all of it is optional"
        start = link.end()
        return self._first(self._behind[name].get(text[start : start + 1], ()), text, start)

    def day(self, text: str, position: int) -> re.Match[str] | None:
        """A day without its month, which only a range or a list gives it: 11号."""
        return self._pattern(("day",)).match(text, position)

    def _first(
        self, patterns: Iterable[tuple[str, ...]], text: str, position: int
    ) -> re.Match[str] | None:
        for names in patterns:
            match = self._pattern(names).match(text, position)
            if match is not None:
                return match
        return None


def continues(text: str, name: str, end: int) -> bool:
    """Whether what follows makes the last word of a date another word."""
    pattern = _ENDINGS.get(name)
    return pattern is not None and pattern.match(text, end) is not None


def word_name(match: re.Match[str]) -> str:
    """The name of the word that a pattern of this module found."""
    assert match.lastgroup is not None, "every alternative has a name"
    return match.lastgroup
