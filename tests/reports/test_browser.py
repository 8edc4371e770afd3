"""The report in a real browser; needs playwright and Chromium, which the set-up doesn't install."""

import re
import subprocess
import sys

import pytest

from rembench.harness.cli.score import score_run
from rembench.reports import html
from rembench.reports.html import write_html
from tests.reports import odd_runs
from tests.reports.browsing import MARKS, NEVER_SHOWN, READ, axe, browser, number, opened, watched
from tests.reports.conftest import FAILING, TINY

pytestmark = MARKS


@pytest.fixture(scope="module")
def chromium():
    with browser() as made:
        yield made


@pytest.fixture(scope="module", params=["within", "beside"])
def report(scored, tmp_path_factory, request):
    """The report with its evidence within it, and with files beside it."""
    path = tmp_path_factory.mktemp("browser") / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "INLINE_BYTES", 10**9 if request.param == "within" else 0)
        write_html(scored.summary, scored.evidence, path)
    return path


@pytest.fixture
def page(chromium, report):
    with watched(chromium, report, width=375) as page:
        yield page


def test_the_page_is_as_wide_as_a_phone_and_ran_no_trap(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.title().startswith("rembench report")


def test_a_number_opens_its_evidence_with_the_request(page):
    opened(page, number(page, "#numbers", "deletion_leakage", 3))
    assert page.locator("#evidence-title").inner_text() == "append-all: Deletion leakage"
    case = page.locator("#evidence-list .case").first.inner_text()
    assert "leak level L5: verbatim" in case
    assert "Please delete Maren's home address" in case
    assert page.locator("#evidence-list mark").first.inner_text() == "14 Lindholm Lane"
    page.keyboard.press("Escape")
    assert not page.locator("#evidence").is_visible()


def test_traps_in_the_evidence_stay_text(page):
    opened(page, page.locator('#stances .card[data-c="5"] button').first)
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
    larger = """[...document.querySelectorAll('td:has(button), th:has(.sort), th:has(.tag)')].filter(cell =>
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


def test_net_leakage_opens_the_scenarios_that_have_a_twin(chromium, marked, tmp_path):
    write_html(marked.summary, marked.evidence, tmp_path / "report.html")
    hoarder = list(marked.summary.consolidators).index("append-all")
    with watched(chromium, tmp_path / "report.html") as page:
        opened(page, number(page, "#leakage", "net_leakage", hoarder))
        page.locator("#misses").set_checked(False)
        page.wait_for_selector(READ)
        titles = page.locator("#evidence-list .case h3").all_inner_texts()
    assert {title.partition(" ")[0] for title in titles} == {"orchid-house", "orchid-house-twin"}
    assert len(titles) == 8


def test_the_evidence_is_read_when_it_is_asked_for_and_only_then(page, report):
    beside = (report.parent / "evidence").exists()
    assert len(page.asked) == 1
    opened(page, number(page, "#numbers", "retention", 0))
    first = len(page.asked)
    assert first == 1 if not beside else 3 < first < 8
    page.keyboard.press("Escape")
    opened(page, number(page, "#numbers", "retention", 0))
    assert len(page.asked) == first


def test_missing_and_damaged_and_another_s_evidence_is_said_calmly(chromium, scored, tmp_path, monkeypatch):
    monkeypatch.setattr(html, "INLINE_BYTES", 0)
    path, folder = tmp_path / "report.html", tmp_path / "evidence"
    write_html(scored.summary, scored.evidence, path)

    def said():
        page = chromium.new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path.as_uri())
        opened(page, number(page, "#numbers", "retention", 0))
        note = page.locator("#evidence-note").inner_text()
        assert page.locator("#evidence-list .case").count() == 0
        assert not page.locator("#more").is_visible()
        page.close()
        return note, faults

    stamp = re.search(r'"stamp":"(\w+)"', (folder / "index.js").read_text())[1]
    index = (folder / "index.js").read_text()
    (folder / "index.js").write_text(index.replace(stamp, "0" * 16))
    assert said() == ("The evidence beside this page is another page’s: evidence/index.js", [])
    (folder / "index.js").write_text(index)
    for one in folder.glob("0*.js"):
        one.write_text("// nothing")
    note, faults = said()
    assert re.fullmatch(r"The evidence isn’t beside this page: evidence/\d{4}\.js", note)
    assert faults == []
    (folder / "index.js").unlink()
    assert said() == ("The evidence isn’t beside this page: evidence/index.js", [])


def test_more_is_shown_on_demand_until_all_is(page):
    opened(page, number(page, "#numbers", "hallucination", 3))
    page.locator("#misses").set_checked(False)
    page.wait_for_selector(READ)
    total = int(
        re.search(r"of ([\d,]+) shown", page.locator("#evidence-note").inner_text())[1].replace(",", "")
    )
    assert total > 40
    while page.locator("#more").is_visible():
        page.locator("#more").click()
        page.wait_for_selector(READ)
    assert page.locator("#evidence-list .case").count() == total


def test_the_keyboard_opens_reads_and_closes_and_comes_back(page):
    button = number(page, "#numbers", "retention", 0)
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(READ)
    assert page.evaluate("document.activeElement.id") == "evidence-close"
    page.keyboard.press("Enter")
    assert not page.locator("#evidence").is_visible()
    assert page.evaluate("document.activeElement.dataset.wanted") == "it"


def test_a_heading_says_how_it_sorts_and_no_number_comes_last(page):
    table = page.locator("#numbers table").first
    head = table.locator("th", has=page.locator(".sort", has_text="Retention")).last
    orders = []
    for want in ("descending", "ascending"):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == want
        column = head.evaluate("(th) => th.cellIndex + 1")
        orders.append(
            table.locator(f"tbody td:nth-child({column + 1})").evaluate_all(
                "all => all.map(one => one.dataset.o)"
            )
        )
    known = [[float(one) for one in order if one] for order in orders]
    assert known[0] == sorted(known[0], reverse=True)
    assert known[1] == sorted(known[1])
    assert [order[-1] for order in orders] == ["", ""]
    assert table.locator("[aria-sort]").count() == 1


ODD = {
    "one scenario": odd_runs.one_scenario,
    "all failures": odd_runs.all_failures,
    "unknown cost": odd_runs.unknown_cost,
    "thirty": odd_runs.thirty,
    "as it was": lambda scored: scored,
}


@pytest.fixture(scope="module")
def two_packs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs") / "run"
    packs = ["-p", str(TINY), "-p", "natural", "--limit", "1"]
    command = [sys.executable, "-m", "rembench", "run", *packs, "-c", "extractive", "-o", str(folder), "-q"]
    subprocess.run(command, check=True, capture_output=True)
    return score_run(folder)


@pytest.fixture(scope="module", params=[*ODD, "two packs"])
def odd(request, tmp_path_factory):
    """The report of a run that isn't like most."""
    kind = request.param
    scored = request.getfixturevalue("two_packs" if kind == "two packs" else "scored")
    made = ODD.get(kind, lambda one: one)(scored)
    path = tmp_path_factory.mktemp("odd") / "report.html"
    write_html(made.summary, made.evidence, path)
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_every_report_is_readable_and_within_reach_of_all(chromium, odd, width, scheme):
    with watched(chromium, odd, width, scheme) as page:
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        shown = page.evaluate("document.body.innerText")
        assert not re.search(NEVER_SHOWN, shown)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert axe(page) == []
        button = page.locator("#numbers td button").first
        opened(page, button)
        assert page.locator("#evidence-note").inner_text()
        assert axe(page) == []
        page.evaluate("document.querySelectorAll('blockquote').forEach((one) => one.remove())")
        assert not re.search(NEVER_SHOWN, page.locator("#evidence").inner_text())


def test_axe_is_awake(page):
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    (found,) = axe(page)
    assert found.startswith("button-name: 1")


def test_thirty_are_filtered_by_name_in_all_tables_and_charts(chromium, scored, tmp_path):
    made = odd_runs.thirty(scored)
    write_html(made.summary, made.evidence, tmp_path / "report.html")
    with watched(chromium, tmp_path / "report.html") as page:
        rows = page.locator("#numbers table").first.locator("tbody tr:visible")
        note = page.locator("#named-note")
        everyone = rows.count()
        assert note.inner_text() == f"all {everyone} shown"
        page.locator("#controls").uncheck()
        page.locator("#named").fill("rounds=2 pretend")
        wanted = [name for name in made.summary.consolidators if "rounds=2" in name]
        assert rows.locator("th").all_inner_texts() == wanted
        assert note.inner_text() == f"{len(wanted)} of {everyone} shown"
        for section in (
            "#leakage tbody tr",
            "#corrections tbody tr",
            "#further tbody tr",
            ".panel",
            ".answers",
        ):
            assert page.locator(f"{section}:visible").count() == len(wanted), section
        assert page.locator("#stances .card:visible").count() == len(wanted)
        page.locator("#named").fill("")
        page.locator("#controls").check()
        assert rows.count() == everyone


def test_a_wide_table_keeps_its_heads_and_its_names_in_sight(chromium, scored, tmp_path):
    made = odd_runs.thirty(scored)
    write_html(made.summary, made.evidence, tmp_path / "report.html")
    with watched(chromium, tmp_path / "report.html", width=375) as page:
        region = page.locator("#leakage .scroll").first
        region.scroll_into_view_if_needed()
        region.evaluate("(one) => one.scrollTo(600, 900)")
        outer = region.bounding_box()
        head = region.locator("thead tr").first.locator("th").first.bounding_box()
        names = region.locator("tbody th").evaluate_all(
            "all => all.map((one) => one.getBoundingClientRect().x)"
        )
        assert abs(head["y"] - outer["y"]) < 3
        assert all(abs(x - outer["x"]) < 1 for x in names)


def test_who_failed_every_night_is_named_with_why(chromium, scored, tmp_path):
    made = odd_runs.all_failures(scored)
    write_html(made.summary, made.evidence, tmp_path / "report.html")
    with watched(chromium, tmp_path / "report.html") as page:
        assert "consolidator bug" in page.locator("#questions").inner_text()
        opened(page, number(page, "#numbers", "retention", 0))
        case = page.locator("#evidence-list .case").first.inner_text()
    assert "consolidator_bug" in case
    assert list(made.summary.consolidators) == [FAILING]
