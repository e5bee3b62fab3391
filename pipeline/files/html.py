"""The article of a web page, by trafilatura."""

from __future__ import annotations

import logging
import re

from pipeline.errors import ReadError

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_TITLE_PARTS = re.compile(r"\s[-–—|_｜]\s|[|_｜]")
# Pages say the smaller set and mean the larger one (WHATWG Encoding Standard).
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}


def declared_encoding(page: bytes) -> str | None:
    """The encoding that the page's head names."""
    match = _CHARSET.search(page, 0, 4096)
    if match is None:
        return None
    name = match[1].decode("ascii", "replace").lower()
    return _LARGER.get(name, name)


def extract(page: str) -> tuple[str, str]:
    """The article's text with its title, a paragraph a line, and the extractor's name.

    Raises:
        ReadError: if trafilatura is missing or finds no article.
    """
    try:
        import trafilatura
    except ImportError as error:
        raise ReadError(
            f"HTML files need trafilatura ({error}): install the extra, pip install 'zhpipe[html]'"
        ) from error
    # It reports on standard error what becomes an error record here.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    text = trafilatura.extract(page, include_comments=False, include_tables=True)
    if not text or not text.strip():
        raise ReadError("no article was found in the page")
    title = _title(page)
    if title and _compact(title) not in _compact(text[: 2 * len(title) + 200]):
        text = f"{title}\n{text}"
    return text, f"trafilatura {trafilatura.__version__}"


def _title(page: str) -> str:
    """The article's title: the heading that the page's title names first, else its longest part."""
    from lxml import html

    # lxml refuses text that says it is encoded.
    tree = html.fromstring(_DECLARATION.sub("", page, count=1))
    named = [*tree.xpath("//meta[@property='og:title']/@content"), *tree.xpath("//title/text()")]
    headings = [" ".join(h.text_content().split()) for h in tree.xpath("//h1 | //h2")]
    parts = [" ".join(part.split()) for part in _TITLE_PARTS.split(named[0])] if named else []
    for part in parts:
        for heading in headings:
            if part and _compact(part) in _compact(heading):
                return heading
    return max(parts or headings[:1], key=len, default="")


def _compact(text: str) -> str:
    return "".join(text.split())
