"""The section on readers in a real browser; needs playwright and Chromium, which the set-up doesn't install."""

import re

import pytest

from rembench.reports.html import write_html
from tests.reports.browsing import MARKS, NEVER_SHOWN, axe, browser, watched

pytestmark = MARKS


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_a_report_with_readers_is_readable_and_within_reach_of_all(asked, tmp_path, width, scheme):
    write_html(asked.summary, asked.evidence, tmp_path / "report.html")
    with browser() as chromium, watched(chromium, tmp_path / "report.html", width, scheme) as page:
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert not re.search(NEVER_SHOWN, page.locator("#readers").inner_text())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert axe(page) == []
        head = page.locator("#readers th", has=page.locator(".sort", has_text="answered right")).first
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == "descending"
