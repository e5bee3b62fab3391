"""A real browser opens report and view: Debian's chromium, driven by playwright.

Skipped where there is none: `apt-get install chromium`.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline import Pipeline
from pipeline.inspect.report import render_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine")

ATTACK = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
CLOUD = (
    "阿里雲收入成長\n\n每日財訊 2025年8月6日\n\n據《金融時報》報道，阿里雲收入265.49億元人民幣，"
    f"同比增長近兩成。騰訊（00700）表示滿意。{ATTACK}\n\n免責聲明：本文不構成投資建議。\n"
)
SMALL = "腾讯云降价\n\n财经网 2024年11月2日\n\n腾讯（0700.HK）云业务收入5亿元人民币，增长12%。\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        # Root, as in a container, has no sandbox.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A new tab; anything on its console, such as what the policy refuses, is a failure."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, pipeline: Pipeline) -> str:
    file = tmp_path_factory.mktemp("report") / "report.html"
    documents = [pipeline(CLOUD, id="cloud"), pipeline(SMALL, id="small")]
    file.write_text(render_report(documents), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, pipeline: Pipeline) -> Iterator[str]:
    """The application at work, and where."""
    import uvicorn

    from pipeline.inspect.web.app import make_app
    from pipeline.inspect.web.index import Index

    run = tmp_path_factory.mktemp("run")
    for name, text in (("cloud", CLOUD), ("small", SMALL), (f"{ATTACK}".replace("/", ""), CLOUD)):
        (run / f"{name[:40]}.json").write_bytes(pipeline(text, id=name).to_json())
    index = Index(run)
    index.refresh()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(make_app(index, port), host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def _background(tab: Page, selector: str) -> str:
    return str(tab.locator(selector).first.evaluate("e => getComputedStyle(e).backgroundColor"))


def _lines_through(tab: Page) -> str:
    mark = tab.locator("#d0 p.text .l-boilerplate").first
    return str(mark.evaluate("e => getComputedStyle(e).textDecorationLine"))


def test_report_shows_value_reason_and_offsets(tab: Page, report: str) -> None:
    tab.goto(report)
    tab.locator("#d0 p.text .l-numbers", has_text="265.49").click()
    panel = tab.locator("#d0 .panel").inner_text()
    for said in ("MONEY", "26,549,000,000 CNY", "money:amount+unit", "in the source"):
        assert said in panel
    # The same figure is marked on both sides.
    assert tab.locator("#d0 .chosen").count() == 2
    tab.locator("#d0 p.source .l-entities", has_text="騰訊").hover()
    assert tab.locator(".tip").inner_text() == "ORG · 腾讯 · 0700.HK"
    tab.locator("#d0 p.text .l-entities", has_text="腾讯").click()
    tab.locator("#d0 .panel a", has_text="0700.HK").click()
    row = tab.locator("tr:target")
    assert "org/tencent" in row.inner_text() and row.is_visible()
    assert tab.title() != "run"


def test_report_switches_layers_and_sides(tab: Page, report: str) -> None:
    tab.goto(report)
    selector = "#d0 p.text .l-entities"
    marked = _background(tab, selector)
    tab.get_by_role("button", name="Names").click()
    assert _background(tab, selector) != marked
    tab.keyboard.press("1")
    assert _background(tab, selector) == marked
    assert _lines_through(tab) == "line-through"
    tab.get_by_role("button", name="Boilerplate").click()
    assert _lines_through(tab) == "none"
    assert tab.locator("#d0 p.source").first.is_visible()
    tab.get_by_role("button", name="Simplified").click()
    assert not tab.locator("#d0 p.source").first.is_visible()
    tab.get_by_role("button", name="Source").click()
    assert not tab.locator("#d0 p.text").first.is_visible()
    # Where source and text are the same there is nothing to put side by side.
    assert tab.locator("#d1 p.text").first.is_visible()


def test_report_by_the_keyboard(tab: Page, report: str) -> None:
    tab.goto(report)
    tab.keyboard.press("j")
    assert "阿里云" in tab.locator("#d0 .panel").inner_text()
    tab.keyboard.press("j")
    second = tab.locator("#d0 .panel .what").first.inner_text()
    tab.keyboard.press("j")
    tab.keyboard.press("k")
    assert tab.locator("#d0 .panel .what").first.inner_text() == second
    tab.keyboard.press("Escape")
    assert tab.locator(".chosen").count() == 0


def test_report_on_a_phone_and_on_paper(browser: Browser, report: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    tab = context.new_page()
    tab.goto(report)
    wide = tab.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, "nothing is wider than the phone"
    tab.locator("#d0 p.text .l-numbers", has_text="265.49").tap()
    box = tab.locator("#d0 .panel").bounding_box()
    assert box is not None and box["width"] == 390 and box["y"] + box["height"] <= 845
    tab.locator("#d0 .panel .close").tap()
    assert not tab.locator("#d0 .panel").is_visible()
    tab.emulate_media(media="print")
    assert not tab.locator(".bar").is_visible()
    assert tab.locator("#d0 p.text .l-boilerplate").first.is_visible()
    context.close()


def test_report_in_light_and_dark(browser: Browser, report: str) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        tab = context.new_page()
        tab.goto(report)
        for selector in ("body", "#d0 p.text", "#d0 p.text .l-org, #d0 p.text .g-org",
                         "#d0 p.text .l-boilerplate", ".facts", ".layer"):  # fmt: skip
            assert tab.evaluate(_CONTRAST, selector) >= 4.5, (scheme, selector)
        before = _background(tab, "body")
        tab.locator(".theme").click()
        assert _background(tab, "body") != before
        context.close()


# The contrast of an element's text with what is behind it, as WCAG counts it.
_CONTRAST = """selector => {
  const light = (colour) => {
    const part = colour.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255)
      .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const element = document.querySelector(selector);
  let behind = element;
  const paint = (e) => getComputedStyle(e).backgroundColor;
  while (/, 0\\)$|transparent/.test(paint(behind))) behind = behind.parentElement;
  const pair = [light(getComputedStyle(element).color), light(paint(behind))].sort((a, b) => b - a);
  return (pair[0] + 0.05) / (pair[1] + 0.05);
}"""


def test_view_searches_both_scripts_alike(tab: Page, address: str) -> None:
    found = []
    for words in ("阿里雲", "阿里云"):
        tab.goto(address)
        tab.get_by_label("Words").fill(words)
        tab.get_by_role("button", name="Search").click()
        tab.wait_for_url("**/?*q=*")
        found.append(tab.locator(".hit .path").all_inner_texts())
        assert tab.locator(".hit mark").first.inner_text() == "阿里云"
    assert found[0] == found[1] and len(found[0]) == 2


def test_view_filters_by_value_and_tells_the_reason(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.get_by_text("Filters", exact=True).click()
    tab.get_by_label("Label").select_option("MONEY")
    tab.get_by_label("Value from").fill("100億")
    tab.get_by_label("Unit").fill("CNY")
    tab.get_by_role("button", name="Search").click()
    tab.wait_for_url("**least=*")
    assert tab.locator("#total").inner_text() == "2", "5亿元 is less"
    tab.locator(".hit .title").first.click()
    tab.wait_for_url("**/document?*")
    tab.locator("p.text .l-numbers", has_text="265.49").click()
    panel = tab.locator(".panel").inner_text()
    assert "26,549,000,000 CNY" in panel and "money:amount+unit" in panel
    tab.get_by_role("button", name="Numbers").click()
    tab.locator(".back a").click()
    tab.wait_for_url("**least=*")
    assert tab.locator(".pill").count() == 3


def test_view_lists_plots_and_the_refresh(tab: Page, address: str) -> None:
    tab.goto(f"{address}/top")
    tab.get_by_role("link", name="阿里云").click()
    tab.wait_for_url("**entity=*")
    assert tab.locator("#total").inner_text() == "2"
    tab.goto(f"{address}/numbers")
    tab.locator("svg.chart a").first.click(force=True)
    tab.wait_for_url("**least=*")
    assert tab.locator(".hit").count() >= 1
    tab.goto(address)
    tab.get_by_role("button", name="Take in").click()
    tab.wait_for_load_state()
    assert tab.locator("#total").inner_text() == "3"


def test_view_runs_no_script_of_an_article_or_a_name(tab: Page, address: str) -> None:
    titles = tab.locator(".hit .title")
    tab.goto(f"{address}/?q=script")
    assert titles.count() == 2
    for number in range(2):
        tab.goto(f"{address}/?q=script")
        titles.nth(number).click()
        tab.wait_for_url("**/document?*")
        assert "<script>" in tab.locator(".article").inner_text()
        assert tab.title() != "run"


def test_another_site_cannot_ask(browser: Browser, address: str, tmp_path: Path) -> None:
    """A page of another origin gets nothing by script, and nothing in a frame."""
    foreign = tmp_path / "foreign.html"
    foreign.write_text(f'<iframe src="{address}/"></iframe>')
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(foreign.as_uri())
    asked = tab.evaluate(
        "address => fetch(address, {mode: 'no-cors'}).then(r => r.type, e => 'refused')",
        f"{address}/?q=阿里",
    )
    assert asked in ("refused", "opaque")
    frame = tab.frames[-1]
    assert "阿里" not in frame.content()
    context.close()
