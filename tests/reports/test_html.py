"""report.html: nothing from elsewhere, escaped, the same bytes again, and every number with its evidence."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from rembench.harness.cli.score import write_reports
from rembench.harness.errors import UserError
from rembench.reports import html
from rembench.reports.figures import breakable, figure_cell, plain_cell
from rembench.reports.html import write_html
from rembench.reports.summary_types import MetricSummary
from tests.reports.conftest import HOSTILE
from tests.reports.evidence_of import PageEvidence

VOID = {"meta", "link", "br", "wbr", "input", "img", "hr", "col"}


class Page(HTMLParser):
    """Tags, attributes and texts of a page; what isn't closed stays in `open`.

    `buttons` are those that open evidence, each with what it's a number of: said by the button, its cell, its
    column, its row, or what's round it, as evidence.js looks for it.
    """

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.buttons, self.open = [], [], [], []
        self._said, self._columns, self._cell = [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        found = dict(attrs)
        self._place(tag, found)
        if tag not in VOID:
            self.open.append(tag)
            self._said.append({name: value for name, value in found.items() if name.startswith("data-")})
        if tag == "button" and (self.open[-2] == "td" or "num" in (found.get("class") or "").split()):
            column = self._columns[self._cell] if "td" in self.open else {}
            self.buttons.append({**self._round(self._said[:-2]), **column, **self._said[-2], **self._said[-1]})

    def _round(self, outer):
        return {name: value for said in outer for name, value in said.items()}

    def _place(self, tag, found):
        if tag == "table":
            self._columns = []
        elif tag == "col":
            self._columns.append({name: value for name, value in found.items() if name.startswith("data-")})
        elif tag == "tr":
            self._cell = -1
        elif tag in {"td", "th"}:
            self._cell += 1
            self._columns += [{}] * (self._cell + 1 - len(self._columns))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()
        self._said.pop()


@pytest.fixture(scope="module")
def report(scored, tmp_path_factory):
    path = tmp_path_factory.mktemp("html") / "report.html"
    write_html(scored.summary, scored.evidence, path)
    return path


@pytest.fixture(scope="module")
def text(report):
    return report.read_text("utf-8")


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


@pytest.fixture(scope="module")
def data(report):
    return PageEvidence(report)


def test_nothing_is_loaded_from_elsewhere(text, page):
    assert "default-src 'none'" in text
    loading = {"src", "srcset", "action", "formaction", "data", "poster", "background"}
    assert not [a for a in page.attributes if a[1] in loading]
    links = {value for _, name, value in page.attributes if name in {"href", "xlink:href"}}
    assert links
    assert all(link.startswith("#") for link in links)
    assert not re.search(r"@import|url\((?!#)", text)


def test_the_page_runs_its_own_script_and_no_other(text):
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)"', text)
    scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]
    (allowed,) = re.findall(r"script-src ([^;]*);", policy)
    assert scripts
    assert allowed.split() == [*(f"'sha256-{one}'" for one in hashes), "'self'", "file:"]


def test_every_tag_is_closed_and_no_trap_became_markup(page):
    assert page.open == []
    assert page.tags.count("script") == 2
    assert "img" not in page.tags
    assert not [a for a in page.attributes if a[1].startswith("on")]


def test_no_nan_none_or_template_syntax_is_shown(text):
    shown = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.S)
    shown = re.sub(r"<[^>]*>", " ", shown)
    assert not re.search(r"\b(nan|none|undefined|null|inf)\b", shown, re.IGNORECASE)
    assert "{{" not in shown
    assert "{%" not in shown


def test_controls_and_direction_marks_are_not_in_the_visible_page(text):
    shown = re.sub(r"<script\b.*?</script>", " ", text, flags=re.S)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", shown)


@pytest.mark.parametrize("most", [0, 10**9])
def test_the_bytes_depend_on_the_run_alone(scored, tmp_path, monkeypatch, most):
    monkeypatch.setattr(html, "INLINE_BYTES", most)
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_html(scored.summary, scored.evidence, tmp_path / name / "report.html")
        files = [path for path in (tmp_path / name).rglob("*") if path.is_file()]
        made.append({path.relative_to(tmp_path / name): path.read_bytes() for path in files})
    assert made[0] == made[1]
    assert len(made[0]) == 1 if most else len(made[0]) > 10


def test_the_same_evidence_is_behind_a_page_with_files_beside_it(scored, summary, page, tmp_path, monkeypatch):
    monkeypatch.setattr(html, "INLINE_BYTES", 0)
    write_html(scored.summary, scored.evidence, tmp_path / "report.html")
    beside = PageEvidence(tmp_path / "report.html")
    assert "rembench.evidence(0" not in (tmp_path / "report.html").read_text("utf-8")
    assert check_numbers(page, beside, summary) > 500


def test_every_number_leads_to_as_many_cells_as_it_counts(page, data, summary):
    assert check_numbers(page, data, summary) > 500


def check_numbers(page, data, summary) -> int:
    """Look behind every number of a page; how many there are."""
    names = list(summary.consolidators)
    numbers = page.buttons
    for button in numbers:
        name, metric, part = names[int(button["data-c"])], button["data-m"], button.get("data-s")
        found = list(data.cells(int(button["data-c"]), metric, part))
        if metric == "outcomes":
            expected, observed = part.removeprefix("stance=").split(" ", 1)
            assert len(found) == summary.consolidators[name].outcomes[expected][observed]
            continue
        one = summary.consolidators[name].metrics[metric]
        one = one.slices[part] if part else one
        assert len(found) == one.scored + one.missing, (name, metric, part)
        assert sum(cell[1] is None for cell in found) == one.missing
    return len(numbers)


def test_every_excerpt_is_the_text_that_the_scorer_quoted(data, scored):
    quotes = {
        (e.chain.consolidator, e.chain.scenario, v.checkpoint, v.item, v.value): e.memories[v.checkpoint][
            v.path
        ][v.start : v.end]
        for e in scored.evidence
        for reading in e.readings.values()
        for v in reading.verdicts
        if v.path is not None and v.path in e.memories.get(v.checkpoint, {})
    }
    names = list(scored.summary.consolidators)
    seen = 0
    for chain, scenario in data.chains:
        string = chain["strings"]
        numbers = _value_numbers(scenario)
        for night, value, _, *place in chain["verdicts"]:
            if not place:
                continue
            file, start, end = place
            key = (
                names[chain["consolidator"]], scenario["id"], string[chain["nights"][night][0]],
                scenario["strings"][scenario["values"][value][0]], numbers[value],
            )  # fmt: skip
            lines = "\n".join(string[n] for n in chain["files"][file][2])
            raw = lines.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le")
            assert raw == quotes[key]
            seen += 1
    assert seen > 100


def _value_numbers(scenario):
    """The number of each value within its item."""
    counted = {}
    numbers = []
    for item, *_ in scenario["values"]:
        counted[item] = counted.get(item, -1) + 1
        numbers.append(counted[item])
    return numbers


def test_a_leak_has_its_level_and_the_message_that_asked_for_the_deletion(data, summary):
    hoarder = list(summary.consolidators).index("append-all")
    requests = []
    for chain, scenario in data.chains:
        if chain["consolidator"] != hoarder:
            continue
        for _, value, ruling, *_ in chain["verdicts"]:
            leak, request = chain["rulings"][ruling][7], scenario["values"][value][8]
            if leak >= 0 and chain["strings"][leak] == "L5" and request >= 0:
                lines = scenario["messages"][request][3]
                requests.append(" ".join(scenario["strings"][n] for n in lines))
    assert any("Please delete Maren's home address" in request for request in requests)


def test_a_consolidator_whose_nights_failed_is_there_with_why(text):
    assert "consolidator bug" in text
    assert "not a zero" in text or "isn't a zero" in text


def test_long_names_are_shown_short_with_the_whole_name_beside(text):
    assert f'title="{HOSTILE}"' in text
    assert ">hostile.py:Hostile" in text


def test_a_report_over_another_leaves_nothing_of_its_evidence(scored, tmp_path, monkeypatch):
    monkeypatch.setattr(html, "INLINE_BYTES", 0)
    write_reports(scored, tmp_path)
    before = {path.name for path in (tmp_path / "evidence").iterdir()}
    fewer = replace(scored, evidence=scored.evidence[:2])
    write_reports(fewer, tmp_path)
    after = {path.name for path in (tmp_path / "evidence").iterdir()}
    assert after < before
    assert PageEvidence(tmp_path / "report.html").index["stamp"] == PageEvidence(tmp_path / "report.html").stamp
    monkeypatch.setattr(html, "INLINE_BYTES", 10**9)
    assert write_reports(scored, tmp_path) == tmp_path / "report.html"
    assert {path.name for path in tmp_path.iterdir()} == {"report.html", "report.md"}


def test_a_report_does_not_follow_a_link_in_the_place_of_its_evidence(scored, tmp_path, monkeypatch):
    monkeypatch.setattr(html, "INLINE_BYTES", 0)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "evidence").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="isn't a folder"):
        write_reports(scored, tmp_path / "out")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_cell_says_its_number_its_interval_its_counts_and_why_it_has_none():
    found = MetricSummary(
        value=0.5, low=0.25, high=0.75, bounds=(0.4, 0.6), scored=1200, missing=3, unit="share", scenarios=9
    )
    cell = figure_cell(found, (0.0, 1.0))
    assert 'data-o="0.5"' in cell
    assert 'data-b="0.40 and 0.60"' in cell
    assert 'style="--l:.25;--h:.75;--v:.5"' in cell
    assert "<button>0.50</button>" in cell
    assert "[0.25, 0.75]<br>n 1,200 <b>3 missing</b>" in cell
    assert 'style="--l:.625;--h:.875;--v:.75"' in figure_cell(found, (-1.0, 1.0))
    assert "style" not in figure_cell(found, (0.0, None))
    none = replace(found, value=None, low=None, high=None, bounds=None, reason="<why>", scored=0, missing=0)
    assert figure_cell(none) == '<td data-o=""><button>–</button><small class="why">&lt;why&gt;</small></td>'
    assert figure_cell(None) == '<td data-o="">–</td>'
    assert "<button>" not in plain_cell(found)


def test_a_long_name_may_break_after_its_marks_and_stays_text():
    assert breakable("a:b=<i>,c/d") == "a:<wbr/>b=&lt;i&gt;,<wbr/>c/<wbr/>d"
