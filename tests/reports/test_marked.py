"""Reports of scenarios with levels, failure classes, instructions, other scopes and twins."""

import re

import pytest

from rembench.harness.scorer.globs import Glob
from rembench.reports.html import write_html
from rembench.reports.markdown import write_markdown
from rembench.reports.sentences import answers
from tests.reports.evidence_of import PageEvidence
from tests.reports.test_html import Page, check_numbers


@pytest.fixture(scope="module")
def report(marked, tmp_path_factory):
    path = tmp_path_factory.mktemp("marked") / "report.html"
    write_html(marked.summary, marked.evidence, path)
    return path


@pytest.fixture(scope="module")
def html(report):
    return report.read_text("utf-8")


@pytest.fixture(scope="module")
def markdown(marked, tmp_path_factory):
    path = tmp_path_factory.mktemp("marked") / "report.md"
    write_markdown(marked.summary, path)
    return path.read_text("utf-8")


def of(marked, name, metric):
    return marked.summary.consolidators[name].metrics[metric]


def test_a_hoarder_leaks_net_of_the_twin_and_the_oracle_does_not(marked):
    assert of(marked, "append-all", "net_leakage").value == 1
    assert of(marked, "append-all", "net_leakage").scenarios == 1
    assert of(marked, "append-all", "deletion_leakage").scenarios == 2
    assert {of(marked, "oracle", m).value for m in ("deletion_leakage", "twin_leakage", "net_leakage")} == {0}


def test_instructions_are_asked_and_the_controls_look_like_themselves(marked):
    found = {n: one.metrics["instructions"].value for n, one in marked.summary.consolidators.items()}
    assert found["oracle"] == 1
    assert found["nothing"] == found["append-all"] == 0.5


def test_every_number_leads_to_as_many_cells_as_it_counts(report, html, marked):
    page = Page(html)
    assert page.open == []
    assert check_numbers(page, PageEvidence(report), marked.summary) > 500


def test_the_page_shows_levels_classes_and_the_net(html):
    page = Page(html)
    shown = {(b["data-m"], b.get("data-s")) for b in page.buttons if "data-m" in b}
    assert {("retention", "level=1"), ("retention", "level=3"), ("staleness", "level=3")} <= shown
    assert {("values_right", f"class={c}") for c in ("leakage", "omission", "over-forgetting")} <= shown
    assert {("net_leakage", None), ("net_leakage", "phase=refeed"), ("twin_leakage", None)} <= shown
    assert ("deletion_leakage", "phase=scope") in shown
    assert "have no twins" not in html


def test_the_evidence_holds_no_slice_that_neither_report_nor_leaderboard_shows(report):
    rows = PageEvidence(report).slices()
    names = {name for _, *slices in rows for name in slices}
    assert names
    assert [n for n in names if n.startswith("age=")] == []
    assert all(headline or slices for headline, *slices in rows)


def test_a_report_without_marks_says_nothing_of_them(summary, scored, tmp_path):
    write_html(summary, scored.evidence, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text("utf-8")
    assert "have no twins" in text
    assert 'id="classes"' not in text
    write_markdown(summary, tmp_path / "report.md")
    assert not re.search(
        "failure class|level of difficulty|net of", (tmp_path / "report.md").read_text("utf-8")
    )


def test_markdown_has_the_same_tables(markdown):
    for title in (
        "## Leakage net of the twins, which never held what was deleted",
        "## Leakage in another part of the store that had got a copy: share of scenarios, by level",
        "## Retention by level of difficulty",
        "## Staleness by level of difficulty",
        "## Values right by failure class",
    ):
        assert title in markdown
    (heads,) = re.findall(r"## Values right by failure class\n\n\| consolidator \| (.*) \|", markdown)
    assert heads == "adoption | distance | exposure | leakage | omission | over-forgetting | staleness"
    assert "nan" not in markdown


def test_question_2_says_what_is_left_net_of_the_twins(marked):
    answer = answers(marked.summary, "append-all")[1]
    assert answer.short == (
        "What was deleted can still be read in 1.00 of the scenarios (1.00 net of their twins)."
    )
    assert "Net of the twin scenarios, which never held it: 1.00 [n 8]" in answer.text
    assert "in the twins something seems to be there in 0.00" in answer.text


def test_the_oracle_writes_nothing_into_the_other_scope(marked):
    shared = Glob("shared/**")
    written = [path for e in marked.evidence for memory in e.oracle.values() for path in memory]
    assert written
    assert not any(shared.matches(path) for path in written)
