"""A page in a real browser, watched: what it says on the console, what it asks for, what axe finds in it."""

import json
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MARKS = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")]

READ = "#evidence[aria-busy=false]"
NEVER_SHOWN = r"\b(NaN|None|undefined|null|Infinity|inf|nan)\b"


@contextmanager
def browser():
    """Chromium."""
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@contextmanager
def watched(chromium, path, width=1280, scheme="light"):
    """The page at `path`; nothing on its console, nothing asked for but of the disk."""
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.faults, page.asked = [], []
    page.on("console", lambda message: page.faults.append(message.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    assert page.faults == []
    assert [url for url in page.asked if not url.startswith("file:///")] == []
    page.close()


def axe(page) -> list[str]:
    """What axe finds that's serious or critical: rule, how many, and the first of them."""
    package = pytest.importorskip("axe_playwright_python")
    page.evaluate((Path(package.__file__).parent / "axe.min.js").read_text("utf-8"))
    found = json.loads(page.evaluate("axe.run().then((found) => JSON.stringify(found.violations))"))
    grave = [one for one in found if one["impact"] in {"serious", "critical"}]
    return [f"{one['id']}: {len(one['nodes'])}, {one['nodes'][0]['html'][:300]}" for one in grave]


def number(page, section, metric, consolidator, part=None):
    """The button of a number in a section's tables, by what its column and its row say."""
    return page.locator(
        page.evaluate(
            """([section, metric, consolidator, part]) => {
                for (const table of document.querySelectorAll(`${section} table`)) {
                    const cols = [...table.querySelectorAll("col")];
                    const n = cols.findIndex((c) => c.dataset.m === metric && (c.dataset.s || null) === part);
                    const row = [...table.tBodies[0].rows].find((r) => r.dataset.c === String(consolidator));
                    if (n < 0 || !row) continue;
                    row.cells[n].querySelector("button").dataset.wanted = "it";
                    return "[data-wanted=it]";
                }
            }""",
            [section, metric, consolidator, part],
        )
    )


def opened(page, button):
    """Click a number and wait until its evidence has been read."""
    button.click()
    page.wait_for_selector(READ)
    page.evaluate(
        "document.querySelectorAll('[data-wanted]').forEach((one) => one.removeAttribute('data-wanted'))"
    )
