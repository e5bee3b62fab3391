"""The self-contained page: its marks give back the text, and nothing in it is run."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import Document, Normalizer, Pipeline
from pipeline.document import Boilerplate, Entity, Number
from pipeline.inspect.page import make_page
from pipeline.inspect.report import render_report
from tests.cli import err, zhpipe
from tests.conftest import CORPUS

TEXT = (
    "國泰航空（00293）中期多賺12.4%\n\n據《金融時報》報道，阿里雲收入逾265.49億元人民幣，"
    "去年春節很熱鬧。\n\n免責聲明：本文不構成投資建議。\n"
)


class _Text(HTMLParser):
    """The characters of HTML, and the tags it opens."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _parsed(html: str) -> _Text:
    parser = _Text()
    parser.feed(str(html))
    parser.close()
    return parser


def _without_ends(text: str) -> str:
    return text.replace("\r", "").replace("\n", "")


@pytest.mark.parametrize("name", ["hk/cathay-interim-results", "pages/jd-food-delivery"])
def test_the_marked_lines_are_the_text_and_the_source(pipeline: Pipeline, name: str) -> None:
    document = pipeline((CORPUS / f"{name}.txt").read_text(encoding="utf-8"))
    page = make_page(document)
    text = "".join(_parsed(p.text).text for p in page.paragraphs)
    source = "".join(_parsed(p.source).text for p in page.paragraphs)
    assert text == _without_ends(document.text)
    assert source == _without_ends(document.source_text)
    # Each annotation has its pieces on both sides, and they are its text.
    for side, chosen in (("text", "text"), ("source", "source_text")):
        html = "".join(getattr(p, side) for p in page.paragraphs)
        for card in page.cards:
            inside = "".join(_pieces(html, card.number))
            assert inside == _without_ends(getattr(card, chosen)), card


def _pieces(html: str, number: int) -> list[str]:
    """The texts of the pieces that stand under an annotation."""
    found = []
    for match in re.finditer(r'<span class="l-[^>]*data-a="([\d ]+)"[^>]*>', html):
        if str(number) in match[1].split():
            depth, at = 1, match.end()
            while depth:
                tag = re.compile(r"</?span[^>]*>").search(html, at)
                assert tag
                depth += -1 if tag[0].startswith("</") else 1
                at = tag.end()
            found.append(_parsed(html[match.end() : at]).text)
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.sampled_from("雲a<&\"'\n\r\u3000\u200b𠮷臺"), max_size=24),
    st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=5),
)
def test_overlapping_spans_lose_no_character(source: str, spans: list[tuple[int, int]]) -> None:
    document = _NORMALIZER(Document(source))
    length = len(document.text)
    for number, (a, b) in enumerate(spans):
        start, end = min(a, b, length), min(max(a, b), length)
        if start == end:
            continue
        span = (start, end, document.text[start:end])
        of_source = document.source_span(start, end)
        if number % 3 == 0:
            one = Boilerplate(*span, "editor", *of_source, by="line:x", score=1.0)
            document.boilerplate.append(one)
        elif number % 3 == 1:
            document.entities.append(
                Entity(*span, "ORG", None, None, [], *of_source, by="lexicon:x:y", score=1.0)
            )
        else:
            document.numbers.append(
                Number(*span, "MONEY", 1, "CNY", None, None, None, None, None, None, *of_source,
                       by="money:x")
            )  # fmt: skip
    page = make_page(document)
    text = "".join(_parsed(p.text).text for p in page.paragraphs)
    assert text == document.text.replace("\n", "").replace("\r", "")


_NORMALIZER = Normalizer()


def test_what_the_cards_say(pipeline: Pipeline) -> None:
    html = render_report([pipeline(TEXT, id="a")])
    text = " ".join(_parsed(html).text.split())
    for said in ("> 26,549,000,000 CNY", "money:amount+unit", "0293.HK", "disclaimer",
                 "over (逾) 26549000000..", "a name of the lexicon"):
        assert said in text, said
    tags = _parsed(html).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    # Every link leads to something on the page: tickers to the row of their entity.
    for tag, attributes in tags:
        if tag == "a":
            assert (attributes["href"] or "").removeprefix("#") in ids
    assert any(a["href"] == "#d0e0" for t, a in tags if t == "a")


def test_it_needs_no_network_and_runs_only_its_own_script(pipeline: Pipeline) -> None:
    html = render_report([pipeline(TEXT, id="a")])
    assert not re.search(r"(?:src|href)=\"(?!#)", html)
    assert "http" not in html.replace("http-equiv", "")
    (policy,) = (a["content"] or "" for t, a in _parsed(html).tags if a.get("http-equiv"))
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for tag in ("style", "script"):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_script_in_an_article_and_in_its_names_stays_text(pipeline: Pipeline) -> None:
    attack = "<script>alert(1)</script>\"' onmouseover=x <img src=x onerror=alert(1)>收入3億元。"
    document = pipeline(f"{attack}\n\n{attack}\n", id="<script>alert(2)</script>")
    document.entities[:1] = [
        Entity(0, 8, document.text[:8], "ORG", "<b>", "<i>", ["<u>"], *document.source_span(0, 8),
               by='"><script>', score=1.0)
    ]  # fmt: skip
    html = render_report([document])
    tags = _parsed(html).tags
    assert len([tag for tag, _ in tags if tag == "script"]) == 1
    assert not [a for _, a in tags if any(name.startswith("on") for name in a)]
    assert not [tag for tag, _ in tags if tag in ("img", "i", "u")]
    assert "<script>alert" not in html


def test_on_the_command_line(tmp_path: Path, pipeline: Pipeline) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_bytes(pipeline(TEXT, id=name).to_json())
    result = zhpipe("report", tmp_path / "a.json", tmp_path / "b.json", "-o", tmp_path / "r.html")
    assert result.returncode == 0, err(result)
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert html.count('<article class="document"') == 2
    result = zhpipe("report", tmp_path / "a.json", "-o", tmp_path / "nowhere" / "r.html")
    assert result.returncode == 3 and "No such file" in err(result)
    result = zhpipe("report", tmp_path / "missing.json", "-o", tmp_path / "r.html")
    assert result.returncode == 3 and "there is no such file" in err(result)
