"""The page in a real browser; needs playwright and Chromium, which the set-up doesn't install."""

import shutil

import pytest

from rembench.reports.html import write_html

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")]


READ = "#evidence[aria-busy=false]"


def opened(page, number):
    """Click a number and wait until its evidence has been read."""
    number.click()
    page.wait_for_selector(READ)


@pytest.fixture(scope="module")
def report(scored, tmp_path_factory):
    path = tmp_path_factory.mktemp("browser") / "report.html"
    write_html(scored.summary, scored.evidence, path)
    return path


@pytest.fixture
def page(report):
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 375, "height": 800})
        faults = []
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: faults.append(request.url) if request.url[:4] == "http" else None)
        page.goto(report.as_uri())
        yield page
        assert faults == []
        browser.close()


def test_the_page_is_as_wide_as_a_phone_and_ran_no_trap(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.title().startswith("rembench report")


def test_a_number_opens_its_evidence_with_the_request(page):
    opened(page, page.locator('#numbers [data-m="deletion_leakage"][data-c="3"]'))
    assert page.locator("#evidence-title").inner_text() == "append-all: Deletion leakage"
    case = page.locator("#evidence-list .case").first.inner_text()
    assert "leak level L5: verbatim" in case
    assert "Please delete Maren's home address" in case
    assert page.locator("#evidence-list mark").first.inner_text() == "14 Lindholm Lane"
    page.keyboard.press("Escape")
    assert not page.locator("#evidence").is_visible()


def test_traps_in_the_evidence_stay_text(page):
    opened(page, page.locator('#stances [data-c="5"]').first)
    page.locator("#misses").set_checked(False)
    page.wait_for_selector(READ)
    assert "owned" in page.locator("#evidence-list").inner_text()
    assert page.title().startswith("rembench report")


def test_a_heading_sorts(page):
    page.locator("#numbers .sort", has_text="Retention").first.click()
    first = page.locator("#numbers table").first.locator("tbody tr").first
    assert first.locator("th").inner_text().startswith("oracle")


def test_the_theme_changes(page):
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


@pytest.mark.parametrize("theme", ["", "dark", "light"])
def test_print_is_light_in_the_dark_scheme(page, theme):
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.emulate_media(media="print", color_scheme="dark")
    root = "getComputedStyle(document.documentElement)"
    assert page.evaluate(f"{root}.colorScheme") == "light"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('svg')).color") == "rgb(0, 0, 0)"
    assert page.evaluate(f"{root}.getPropertyValue('--bad')") == "#f8dfd8"


def test_in_print_no_small_text_is_larger_than_its_number(page):
    page.set_viewport_size({"width": 704, "height": 1000})
    page.emulate_media(media="print")
    larger = """[...document.querySelectorAll('td:has(.num), th:has(.sort), th:has(.tag)')].filter(cell =>
        [...cell.querySelectorAll('small, .tag')].some(small =>
            parseFloat(getComputedStyle(small).fontSize) >= parseFloat(getComputedStyle(cell).fontSize)))"""
    assert page.evaluate(f"{larger}.length") == 0


def test_in_print_headings_stay_with_what_follows_and_paragraphs_whole(page):
    page.emulate_media(media="print")
    for selector in ("h2", "h3", "h2 + p"):
        style = f"[...document.querySelectorAll('main {selector}')].map(e => getComputedStyle(e).breakAfter)"
        assert set(page.evaluate(style)) == {"avoid"}
    for selector in ("p", "tr", "figure", ".defs div"):
        style = f"[...document.querySelectorAll('main {selector}')].map(e => getComputedStyle(e).breakInside)"
        assert set(page.evaluate(style)) == {"avoid"}


def test_net_leakage_opens_the_scenarios_that_have_a_twin(marked, tmp_path):
    write_html(marked.summary, marked.evidence, tmp_path / "report.html")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((tmp_path / "report.html").as_uri())
        hoarder = list(marked.summary.consolidators).index("append-all")
        opened(page, page.locator(f'#leakage [data-m="net_leakage"][data-c="{hoarder}"]').first)
        page.locator("#misses").set_checked(False)
        page.wait_for_selector(READ)
        titles = page.locator("#evidence-list .case h3").all_inner_texts()
        browser.close()
    assert {title.partition(" ")[0] for title in titles} == {"orchid-house", "orchid-house-twin"}
    assert len(titles) == 8
