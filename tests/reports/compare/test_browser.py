"""compare.html in a real browser; needs playwright and Chromium, which the set-up doesn't install."""

import pytest

from rembench.reports.compare.html import write_html
from tests.reports.browsing import MARKS, axe, browser, watched

pytestmark = MARKS


@pytest.fixture(scope="module")
def path(found, tmp_path_factory):
    made = tmp_path_factory.mktemp("browser") / "compare.html"
    write_html(found, made)
    return made


@pytest.fixture(params=[375, 1280])
def page(path, request):
    with browser() as chromium, watched(chromium, path, request.param) as page:
        yield page


def test_the_page_is_as_wide_as_the_window_and_ran_no_trap(page):
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.title().startswith("rembench compare")


def test_a_link_to_a_pair_opens_it(page):
    last = page.locator("#pairs details.pair").last
    assert last.get_attribute("open") is None
    page.locator("#short .list a").last.click()
    page.wait_for_function("document.querySelector('#pairs details.pair:last-of-type').open")


def test_only_the_pairs_of_one_can_be_shown(page):
    everyone = page.locator("#pairs details.pair:visible").count()
    page.locator("#who").select_option(label="extractive")
    shown = page.locator("#pairs details.pair:visible summary").all_inner_texts()
    assert 0 < len(shown) < everyone
    assert all("extractive" in text.splitlines()[0] for text in shown)


def test_the_theme_changes(page):
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert axe(page) == []
