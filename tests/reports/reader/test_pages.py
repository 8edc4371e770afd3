"""The reports have a section on readers where one took part, and are as they were where none did."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from rembench.reports.html import write_html
from rembench.reports.markdown import write_markdown
from rembench.reports.reader.charts import answered_over_nights
from rembench.reports.reader.page import LISTED, pages
from rembench.reports.sentences import NO_READER, answers
from tests.reports.conftest import FAILING
from tests.reports.evidence_of import PageEvidence
from tests.reports.reader.conftest import READERS, reader
from tests.reports.test_html import Page, check_numbers

EVIL = "evil.py:It:mode=</script><img src=x onerror=a()>|*_$\\frac{1}{0}$"


@pytest.fixture(scope="module")
def report(asked, tmp_path_factory):
    path = tmp_path_factory.mktemp("html") / "report.html"
    write_html(asked.summary, asked.evidence, path)
    return path


@pytest.fixture(scope="module")
def html(report):
    return report.read_text("utf-8")


def section(html):
    return re.search(r'<section id="readers">.*?</section>', html, re.S)[0]


def test_every_reader_and_every_consolidator_is_in_the_section(html):
    words = re.sub(r"<[^>]*>", " ", section(html))
    for name in READERS:
        assert f"models.py:{name}" in words
    for name in ("oracle", "nothing", "append-all", "raw sessions", "odd.py:Raises"):
        assert name in words


def test_the_page_is_whole_and_every_number_of_it_has_its_evidence(asked, report, html):
    page = Page(html)
    assert page.open == []
    assert check_numbers(page, PageEvidence(report), asked.summary) > 500
    shown = re.sub(r"<[^>]*>", " ", section(html))
    assert not re.search(r"\b(nan|none|undefined|null|inf)\b", shown, re.IGNORECASE)


def test_every_cell_of_a_column_that_sorts_says_by_what(html):
    for table in re.findall(r"<table\b.*?</table>", section(html), re.S):
        head, body = table.split("<tbody>")
        rows = re.findall(r"<tr[^>]*>(.*?)</tr>", head, re.S)
        sorts = [bool(re.search('class="sort"', th)) for th in re.findall(r"<th\b.*?</th>", rows[-1], re.S)]
        shift = len(rows) - 1
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.S):
            cells = re.findall(r"<t[dh]\b[^>]*>", row)
            assert all("data-o=" in cells[n + shift] for n, is_sort in enumerate(sorts) if is_sort), row


def test_a_name_that_is_markup_stays_a_name(asked, tmp_path):
    one = next(iter(asked.summary.readers.values()))
    summary = replace(asked.summary, readers={EVIL: replace(one, name=EVIL)})
    write_html(summary, asked.evidence, tmp_path / "r.html")
    page = Page((tmp_path / "r.html").read_text("utf-8"))
    assert "img" not in page.tags
    assert page.tags.count("script") == 2
    write_markdown(summary, tmp_path / "r.md")
    tokens = MarkdownIt("commonmark").enable("table").parse((tmp_path / "r.md").read_text("utf-8"))
    assert not [t for t in tokens if t.type == "html_block"]
    assert not [c for t in tokens for c in t.children or () if c.type == "html_inline"]


def test_the_markdown_has_whole_tables_and_no_number_that_is_none(asked, tmp_path):
    write_markdown(asked.summary, tmp_path / "report.md")
    text = (tmp_path / "report.md").read_text("utf-8")
    (found,) = re.findall(r"^## Readers.*?(?=^## )", text, re.M | re.S)
    assert not re.search(r"\b(nan|None|null|inf)\b", found)
    for lines in (block.splitlines() for block in re.findall(r"(?:^\|.*\n)+", found, re.M)):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1, lines[0]
    assert re.search(r"^\| oracle \(control\) \| 1\.00 ", found, re.M)


def test_questions_that_stopped_are_listed_with_what_the_memory_says(asked):
    chosen = replace(
        asked.summary, consolidators={"oracle": replace(asked.summary.consolidators["oracle"], control=False)}
    )
    forgets = asked.summary.readers[reader("Forgets")]
    oracle = replace(forgets.consolidators["oracle"], control=False)
    (page,) = pages(replace(chosen, readers={"it": replace(forgets, consolidators={"oracle": oracle})}))
    assert len(page.questions) == 6
    first = page.questions[0]
    assert (first.consolidator, first.first, first.night, first.answer) == (
        "oracle",
        "night 1",
        "night 2",
        "not known",
    )
    assert (first.sessions, first.again, page.left) == ("told", "not", 0)
    assert re.search(r"^\S.*: (kept|flagged) \(«.*»\)", first.memory)
    assert not any("when it changed" in one.night for one in page.questions[:4])
    assert all("when it changed" in one.night for one in page.questions[4:])


def test_very_many_questions_are_cut_and_the_rest_is_counted(asked):
    forgets = asked.summary.readers[reader("Forgets")]
    oracle = forgets.consolidators["oracle"]
    many = replace(oracle, control=False, questions=oracle.questions * 20)
    found = {**forgets.consolidators, "oracle": many}
    summary = replace(asked.summary, readers={"it": replace(forgets, consolidators=found)})
    (page,) = pages(summary)
    assert (len(page.questions), page.left) == (LISTED, 120 - LISTED)


def test_the_chart_is_svg_with_the_raw_sessions_and_the_same_bytes(asked):
    one = asked.summary.readers[reader("Forgets")]
    svg = answered_over_nights(asked.summary, one, 1)
    assert answered_over_nights(asked.summary, one, 1) == svg
    words = " ".join(" ".join(node.itertext()) for node in ElementTree.fromstring(svg).iter())
    assert "raw sessions" in words
    assert "oracle" in words
    assert "#010203" not in svg
    nothing = asked.summary.readers[reader("Abstains")]
    assert ElementTree.fromstring(answered_over_nights(asked.summary, nothing, 2)) is not None


def test_two_charts_of_a_page_share_no_id(html):
    ids = re.findall(r' id="([^"]+)"', section(html))
    assert len(ids) == len(set(ids))


def third(summary, name):
    answer = answers(summary, name)[2]
    return answer.short, answer.text


def test_the_third_question_is_answered_from_what_readers_make_of_it(asked):
    short, text = third(asked.summary, "oracle")
    assert short.startswith(
        "An agent answers as many of the questions right from this memory as from the raw sessions"
    )
    assert "It can't be told from 2 scenarios whether an agent answers" in short  # Forgets
    assert "What an agent makes of it isn't measured: not answered (models.py:Abstains)" in short
    assert "Asked by models.py:Perfect, 1.00 [" in text
    assert "It is 0.00 after night 1, then −1.00 after night 2, then −1.00 after night 3." in text
    assert NO_READER not in text
    assert "not measured: failed" in third(asked.summary, FAILING)[1]


def test_who_recalls_is_said_to_be_asked_so(asked):
    assert "Asked by models.py:Perfect through its own recall, " in third(asked.summary, "pull")[1]


def test_a_difference_is_named_where_test_and_interval_tell_it(asked):
    perfect = asked.summary.readers[reader("Perfect")]
    one = perfect.consolidators["nothing"]
    gap = replace(one.metrics["answered_gap"], value=-0.4, low=-0.5, high=-0.3, scenarios=24)
    told = replace(one, metrics={**one.metrics, "answered_gap": gap}, detection=replace(one.detection, p=0.01))
    found = {**perfect.consolidators, "nothing": told}
    summary = replace(asked.summary, readers={"it": replace(perfect, consolidators=found)})
    assert third(summary, "nothing")[0].startswith(
        "From the raw sessions an agent answers 0.40 more of the questions"
    )
    found["nothing"] = replace(told, detection=replace(one.detection, p=0.06))
    summary = replace(asked.summary, readers={"it": replace(perfect, consolidators=found)})
    assert third(summary, "nothing")[0].startswith("It can't be told from 24 scenarios")


def test_without_a_reader_the_reports_say_nothing_of_one(scored, tmp_path):
    write_html(scored.summary, scored.evidence, tmp_path / "r.html")
    write_markdown(scored.summary, tmp_path / "r.md")
    assert "#readers" not in (tmp_path / "r.html").read_text("utf-8")
    assert "## Readers" not in (tmp_path / "r.md").read_text("utf-8")
    assert NO_READER in third(scored.summary, "extractive")[1]
