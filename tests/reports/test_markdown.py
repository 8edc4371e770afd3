"""report.md: whole tables, escaped, no number that isn't one."""

import re

from markdown_it import MarkdownIt

from rembench.metrics import METRICS
from rembench.reports.columns import further_metrics, leaderboard_metrics
from rembench.reports.markdown import escaped, write_markdown


def _text(summary, tmp_path):
    write_markdown(summary, tmp_path / "report.md")
    return (tmp_path / "report.md").read_text("utf-8")


def test_every_table_is_rectangular_and_parses(summary, tmp_path):
    text = _text(summary, tmp_path)
    blocks = [b.splitlines() for b in re.findall(r"(?:^\|.*\n)+", text, re.M)]
    assert len(blocks) >= 10
    for lines in blocks:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
        assert len(widths) == 1, lines[0]
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    assert sum(t.type == "table_open" for t in tokens) == len(blocks)
    assert not [t for t in tokens if t.type == "html_block"]


def test_it_has_every_metric_and_every_consolidator(summary, tmp_path):
    text = _text(summary, tmp_path)
    for name in [*leaderboard_metrics(), *(m.name for m in further_metrics())]:
        assert METRICS[name].title in text
    for name in ("extractive", "nothing \\(control\\)", "oracle \\(control\\)", "hostile.py:Hostile"):
        assert re.search(rf"^\| {name} \|", text, re.M), name


def test_it_says_nothing_that_is_no_number(summary, tmp_path):
    assert not re.search(r"\b(nan|None|null|inf)\b", _text(summary, tmp_path))


def test_it_answers_the_three_questions_of_contestants_only(summary, tmp_path):
    text = _text(summary, tmp_path)
    contestants = [one for one in summary.consolidators.values() if not one.control]
    assert text.count("**1. Did the consolidation") == len(contestants) == 3


def test_names_are_escaped():
    assert escaped("a|b <i>*x*</i>\n`y` [z](w) @me") == (
        "a\\|b \\<i\\>\\*x\\*\\</i\\> \\`y\\` \\[z\\](w) \\@me"
    )
    assert escaped("\u202eevil") == "�evil"
