"""The article of a web page, by trafilatura."""

from __future__ import annotations

import logging
import re
from importlib.metadata import version

from pipeline.errors import ReadError

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
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
    if title and title not in text[: 2 * len(title) + 200]:
        text = f"{title}\n{text}"
    return text, f"trafilatura {version('trafilatura')}"


def _title(page: str) -> str:
    """The first heading of the first rank, which names the article where the extractor cut it."""
    from lxml import html

    headings = html.fromstring(page).xpath("//h1")
    return " ".join(headings[0].text_content().split()) if headings else ""
