"""compare.html and compare.md: self-contained, escaped, the same bytes again."""

import re

import pytest

from rembench.reports.compare.html import MOST_TABLES, matrix, tabled, write_html
from rembench.reports.compare.markdown import write_markdown
from rembench.reports.compare.text import text_lines
from tests.reports.hostile import TRAPS
from tests.reports.test_html import Page


@pytest.fixture(scope="module")
def text(found, tmp_path_factory):
    path = tmp_path_factory.mktemp("compare") / "compare.html"
    write_html(found, path)
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_nothing_is_loaded_from_elsewhere(text, page):
    assert "default-src 'none'" in text
    loading = {"src", "srcset", "action", "formaction", "data", "poster", "background"}
    assert not [a for a in page.attributes if a[1] in loading]
    links = {value for _, name, value in page.attributes if name in {"href", "xlink:href"}}
    assert all(link.startswith("#") for link in links)
    assert not re.search(r"@import|url\((?!#)", text)


def test_every_link_leads_somewhere_in_the_page(page):
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    links = {value[1:] for tag, name, value in page.attributes if tag == "a" and name == "href"}
    assert links <= set(ids)


def test_every_tag_is_closed_and_no_trap_became_markup(text, page):
    assert page.open == []
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert not [a for a in page.attributes if a[1].startswith("on")]
    assert not [trap for trap in TRAPS if trap in text and "<" in trap]


def test_no_nan_none_or_template_syntax_is_shown(text):
    shown = re.sub(r"<script.*?</script>|<style.*?</style>|<svg.*?</svg>", "", text, flags=re.S)
    shown = shown.replace("{{ 7 * 7 }} {% raw %}", "")
    assert not re.search(r"\bNaN\b|\bNone\b(?! of | tells)|\{\{|\{%|Undefined", shown)


def test_the_same_comparison_gives_the_same_bytes(found, text, tmp_path):
    write_html(found, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text("utf-8") == text


def test_the_matrix_is_a_mirror(found):
    rows = matrix(found)
    by_label = {row.label: dict(zip([r.label for r, _ in rows], cells, strict=False)) for row, cells in rows}
    for one, cells in by_label.items():
        assert cells[one] is None
        for other, cell in cells.items():
            if cell:
                assert (cell.better, cell.worse) == (by_label[other][one].worse, by_label[other][one].better)


def test_a_few_pairs_all_have_a_table(found):
    assert len(found.pairs.pairs) <= MOST_TABLES
    assert tabled(found) == set(range(len(found.pairs.pairs)))


def test_markdown_has_every_pair_and_no_trap(found, tmp_path):
    write_markdown(found, tmp_path / "compare.md")
    text = (tmp_path / "compare.md").read_text("utf-8")
    for pair in found.pairs.pairs:
        assert f"## {pair.first.label.replace('_', chr(92) + '_')} against" in text
    assert "<script" not in text
    columns = [line.count(" | ") for line in text.splitlines() if line.startswith("| ")]
    assert columns


def test_the_terminal_is_told_of_every_pair_and_of_what_is_missing(found):
    text = "\n".join(text_lines(found))
    for pair in found.pairs.pairs:
        assert f"{pair.first.label} against {pair.second.label}" in text
    assert "odd.py:Raises: 2 of 5 nights failed (2 consolidator bug), 3 after them not reached" in text
    assert "no place: unknown: of 5 of 5 nights" in text
