"""The site in a real browser; needs playwright, axe and Chromium, which the set-up doesn't install."""

import re
import shutil
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
axe_package = pytest.importorskip("axe_playwright_python")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")]
AXE = next(Path(axe_package.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
NO_NUMBERS = re.compile(r"\b(NaN|None|undefined|null|Infinity)\b")
PAGES = (
    "index.html", "method.html", "scenarios/index.html", "scenarios/orchid-house.html",
    "consolidators/extractive-monday.html", "consolidators/mine-py-mine.html", "consolidators/oracle.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, site):
    """Opens a page of the site from the disk; at the end nothing may have gone wrong, nor left the disk."""
    faults, contexts = [], []

    def open_(path="index.html", width=1280, scheme="light", **how):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **how)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda asked: asked.url[:5] == "file:" or faults.append(asked.url))
        page.goto((site / path).as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_the_window_reads_well_and_axe_finds_nothing_serious(opened, path, width, scheme):
    page = opened(path, width, scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not NO_NUMBERS.search(page.inner_text("body"))
    assert "owned" not in page.title()
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'], preload: false })")["violations"]
    assert [
        (one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}
    ] == []


def names(page):
    return [row.split("\n")[0] for row in page.locator("#board tbody tr:visible th").all_inner_texts()]


def test_a_heading_sorts_and_says_so(opened):
    page = opened()
    head = page.locator("#board th[data-m=skill]")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert names(page)[0].startswith("oracle")
    assert names(page)[-1].startswith("mine.py:Mine")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert names(page)[-1].startswith("mine.py:Mine")
    page.locator("#board th.stick .sort").first.click()
    assert names(page)[0] == "=cmd()|'x'"


def test_a_name_is_found_and_the_controls_can_go(opened):
    page = opened(width=375)
    page.locator("#find").fill("TUESDAY")
    assert names(page) == ["extractive (tuesday)"]
    assert page.locator("#shown").inner_text() == "1 of 10 rows shown."
    page.locator("#find").fill("")
    page.locator("#controls").uncheck()
    assert len(names(page)) == 4


def test_a_kind_of_item_shows_its_own_numbers_and_back(opened):
    page = opened()
    cell = page.locator("#board tbody tr", has_text="append-all").locator("td:has([data-m=values_right])")
    whole = cell.inner_text()
    page.locator("#kind").select_option("deletion")
    assert "items of kind deletion" in page.locator("#shown").inner_text()
    assert cell.inner_text() != whole
    assert not page.locator("#board th[data-m=skill]").is_visible()
    assert not NO_NUMBERS.search(page.inner_text("body"))
    page.locator("#kind").select_option("")
    assert cell.inner_text() == whole
    assert page.locator("#board th[data-m=skill]").is_visible()


def test_the_columns_can_be_chosen(opened):
    page = opened()
    assert not page.locator("#board th[data-m=retention]").is_visible()
    page.locator("[name=view][value=keeps]").check(force=True)
    assert page.locator("#board th[data-m=retention]").is_visible()
    assert not page.locator("#board th[data-m=skill]").is_visible()


def test_a_number_opens_its_evidence(opened):
    page = opened()
    page.locator("#board tbody tr", has_text="append-all").locator("[data-m=deletion_leakage]").click()
    page.wait_for_selector("#evidence-list .case")
    assert page.locator("#evidence-title").inner_text() == "append-all: Deletion leakage"
    assert page.locator("#evidence-list mark").first.inner_text() == "14 Lindholm Lane"
    page.keyboard.press("Escape")
    assert not page.locator("#evidence").is_visible()


def test_the_number_of_a_kind_opens_the_evidence_of_that_kind(opened):
    page = opened()
    page.locator("#kind").select_option("deletion")
    page.locator("#board tbody tr", has_text="append-all").locator("[data-m=values_right]").click()
    page.wait_for_selector("#evidence-list .case")
    assert "kind=deletion" in page.locator("#evidence-title").inner_text()
    assert "14 Lindholm Lane" in page.locator("#evidence-list").inner_text()


def test_the_number_of_a_scenario_opens_its_evidence_alone(opened):
    page = opened("scenarios/orchid-house.html")
    page.locator("#board tbody tr", has_text="append-all").locator("[data-m=values_right]").click()
    page.wait_for_selector("#evidence-list .case")
    page.locator("#misses").set_checked(False)
    titles = page.locator("#evidence-list .case h3").all_inner_texts()
    assert titles
    assert {title.partition(" ")[0] for title in titles} == {"orchid-house"}


def test_the_theme_goes_with_the_reader_from_page_to_page(opened):
    page = opened()
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    after = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert after != before
    page.locator(".top nav a", has_text="Method").click()
    page.wait_for_url("**/method.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == after


def test_without_a_script_everything_can_be_read(opened):
    page = opened(java_script_enabled=False)
    assert page.locator("#board").is_visible()
    assert not page.locator("#tools").is_visible()
    assert "sorting, filters and the evidence sheet need one" in page.locator("noscript").inner_text()


def test_print_is_light_in_the_dark_scheme(opened):
    page = opened(scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("#tools").is_visible()
