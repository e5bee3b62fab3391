"""The pages, and that nothing from outside does harm."""

from __future__ import annotations

import json
import re
import socket
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from pipeline import Pipeline
from pipeline.inspect.web.app import make_app
from pipeline.inspect.web.index import Index
from tests.cli import err, zhpipe

ATTACK = "<script>alert(1)</script>\"' onmouseover=alert(1) <img src=x onerror=alert(1)>"
HOST = "127.0.0.1:8765"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, pipeline: Pipeline) -> TestClient:
    run = tmp_path_factory.mktemp("run")
    texts = {
        "a": "阿里雲收入265億元\n\n每日財訊 2025年8月6日\n\n阿里雲收入265.49億元人民幣。\n",
        "b": "騰訊收入5億元\n\n每日財訊 2025年9月6日\n\n騰訊（0700.HK）收入5億元人民幣。\n",
        "<script>alert(2)": f"{ATTACK}\n\n阿里雲{ATTACK}收入3億元。《{ATTACK[:30]}》\n",
        "../../etc/passwd": "華為收入3億元。",
    }
    for number, (name, text) in enumerate(texts.items()):
        (run / f"{number}.json").write_bytes(pipeline(text, id=name).to_json())
    (run / "<img src=x onerror=alert(3)>.jsonl").write_text("no document\n")
    error = {"id": ATTACK, "location": ATTACK, "error": "ReadError", "message": ATTACK}
    (run / "errors.jsonl").write_text(json.dumps(error) + "\n")
    index = Index(run)
    index.refresh()
    return TestClient(make_app(index, 8765), base_url=f"http://{HOST}")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


PAGES = (
    "/", "/?q=阿里雲", "/?q=script", "/?label=MONEY&least=1億", "/top", "/top?label=ORG&name=腾讯",
    "/numbers", "/errors", "/document?id=a", "/document?id=" + quote("<script>alert(2)"),
    "/?q=" + quote(ATTACK), "/?entity=" + quote(ATTACK), "/top?name=" + quote(ATTACK),
    "/?least=" + quote(ATTACK), "/document?id=" + quote(ATTACK), "/" + quote(ATTACK),
    "/?begin=" + quote(ATTACK), "/document?id=a&from=" + quote('javascript:alert(1)"'),
    "/?q=阿里雲&page=" + quote(ATTACK),
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_nothing_in_a_page_is_run_but_its_own_script(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (200, 400, 404)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy and "unsafe" not in policy
    parser = _Tags()
    parser.feed(answer.text)
    scripts = [attributes for tag, attributes in parser.tags if tag == "script"]
    assert scripts == [{"src": "/static/page.js"}]
    for tag, attributes in parser.tags:
        assert tag not in ("img", "iframe", "object", "base", "style")
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action"):
            value = attributes.get(name)
            assert value is None or value.startswith(("/", "#")), (tag, value)
            assert not (value or "").startswith("//")


def test_both_scripts_find_the_same(client: TestClient) -> None:
    pages = [client.get("/", params={"q": q}).text for q in ("阿里雲", "阿里云")]
    found = [re.findall(r'class="title"[^>]*href="/document\?id=([^&]+)', page) for page in pages]
    assert found[0] == found[1] and len(found[0]) == 2


def test_a_document_with_its_reason_and_the_way_back(client: TestClient) -> None:
    page = client.get("/document", params={"id": "a", "from": "/?q=阿里雲"}).text
    assert "money:amount+unit" in page and "26,549,000,000 CNY" in page
    assert 'href="/?q=阿里雲">← Results' in page
    assert 'href="/">← Results' in client.get("/document?id=a&from=//evil.example/").text


def test_lists_and_plots(client: TestClient) -> None:
    top = client.get("/top").text
    assert "腾讯" in top and "/?ticker=0700.HK" in top
    numbers = client.get("/numbers").text
    assert "<svg" in numbers and "/?label=MONEY&amp;unit=CNY&amp;least=" in numbers
    for link in re.findall(r'<a href="(/\?label=[^"]+least[^"]+)"', numbers):
        page = client.get(link.replace("&amp;", "&")).text
        assert "Nothing answers" not in page, link
    errors = client.get("/errors").text
    assert "ReadError" in errors and "not a zhpipe document" in errors


def test_bad_filters_and_bad_paths_are_told(client: TestClient) -> None:
    assert "is no date" in client.get("/?begin=yesterday").text
    assert client.get("/?least=much").status_code == 400
    for path in (
        "/static/../app.py", "/static/%2e%2e%2fapp.py", "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/static/view.sql", "/etc/passwd", "/%00", "/static/%2fetc%2fpasswd",
    ):  # fmt: skip
        assert client.get(path).status_code == 404, path
    for path in ("../../../../etc/passwd", "/etc/passwd", "..", "0.json", ""):
        answer = client.get("/document", params={"id": path})
        assert answer.status_code == 404 and "root:" not in answer.text
    # An id that looks like a path is only a name.
    assert "华为" in client.get("/document", params={"id": "../../etc/passwd"}).text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:8765"}, 200),
        ({"host": "[::1]:8765"}, 200),
        ({"host": "evil.example"}, 403),
        ({"host": "evil.example:8765"}, 403),
        ({"host": "127.0.0.1"}, 403),
        ({"host": "127.0.0.1:9999"}, 403),
        ({"host": "127.0.0.1.evil.example:8765"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://127.0.0.1:8765"}, 403),
        ({"origin": f"http://{HOST}"}, 200),
        ({"sec-fetch-site": "cross-site", "sec-fetch-dest": "image"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe"}, 403),
        ({"sec-fetch-site": "same-site", "sec-fetch-dest": "empty"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-dest": "document"}, 200),
    ],
)
def test_other_names_and_other_sites_are_refused(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    answer = client.get("/?q=阿里雲", headers=headers)
    assert answer.status_code == status
    assert ("阿里" in answer.text) == (status == 200)


def test_only_the_own_page_may_refresh(client: TestClient) -> None:
    def refresh(**headers: str) -> int:
        answer = client.post("/refresh", headers=headers, follow_redirects=False)
        return int(answer.status_code)

    assert refresh(origin=f"http://{HOST}") == 303
    assert refresh(origin="http://evil.example") == 403
    assert refresh() == 403
    assert client.get("/refresh").status_code == 405


def test_the_style_and_the_script_are_served(client: TestClient) -> None:
    for name, kind in (("page.css", "text/css"), ("page.js", "text/javascript")):
        answer = client.get(f"/static/{name}")
        assert answer.status_code == 200 and answer.headers["content-type"].startswith(kind)


def test_long_and_odd_queries_end_well(client: TestClient) -> None:
    for query in ("阿" * 5000, '" OR 1=1 --', "*", "NEAR(a b)", "a AND", "text:阿里", "\x00", "％"):
        assert client.get("/", params={"q": query}).status_code == 200, query
    assert client.get("/?page=99999999999").status_code == 200


def test_a_run_that_is_not_there_and_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = zhpipe("view", tmp_path, "--port", port)
        assert result.returncode == 2 and "--port names another" in err(result)
    result = zhpipe("view", tmp_path / "none", "--index-only")
    assert result.returncode == 3 and "there is no such file or folder" in err(result)
