"""report.html: self-contained, escaped, the same bytes again, and every number with its evidence."""

import json
import re
from html.parser import HTMLParser

import pytest

from rembench.reports.html import embedded, write_html
from tests.reports.conftest import HOSTILE

VOID = {"meta", "link", "br", "input", "img", "hr", "path", "use", "rect", "circle"}


class Page(HTMLParser):
    """Tags, attributes and texts of a page; what isn't closed stays in `open`."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.buttons, self.open = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "button":
            self.buttons.append(dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()


@pytest.fixture(scope="module")
def text(scored, tmp_path_factory):
    path = tmp_path_factory.mktemp("html") / "report.html"
    write_html(scored.summary, scored.evidence, path)
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


@pytest.fixture(scope="module")
def data(text):
    return page_data(text)


def page_data(text):
    """What the page's script reads."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[1])


def test_nothing_is_loaded_from_elsewhere(text, page):
    assert "default-src 'none'" in text
    loading = {"src", "srcset", "action", "formaction", "data", "poster", "background"}
    assert not [a for a in page.attributes if a[1] in loading]
    links = {value for _, name, value in page.attributes if name in {"href", "xlink:href"}}
    assert links
    assert all(link.startswith("#") for link in links)
    assert not re.search(r"@import|url\((?!#)", text)


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


def test_the_bytes_depend_on_the_run_alone(scored, text, tmp_path):
    write_html(scored.summary, scored.evidence, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text("utf-8") == text


def test_every_number_leads_to_as_many_cells_as_it_counts(page, data, summary):
    assert check_numbers(page, data, summary) > 500


def check_numbers(page, data, summary) -> int:
    """Look behind every number of a page; how many there are."""
    names = list(summary.consolidators)
    numbers = [b for b in page.buttons if "data-m" in b]
    for button in numbers:
        name, metric, part = names[int(button["data-c"])], button["data-m"], button.get("data-s")
        found = list(_cells(data, int(button["data-c"]), metric, part))
        if metric == "outcomes":
            expected, observed = part.removeprefix("stance=").split(" ", 1)
            assert len(found) == summary.consolidators[name].outcomes[expected][observed]
            continue
        one = summary.consolidators[name].metrics[metric]
        one = one.slices[part] if part else one
        assert len(found) == one.scored + one.missing, (name, metric, part)
        assert sum(cell[0] is None for cell in found) == one.missing
    return len(numbers)


def _cells(data, consolidator, metric, part):
    of = data["metrics"].get(metric, {"of": []})["of"]
    if of:
        parts = [list(_cells(data, consolidator, name, part)) for name in of]
        shared = set.intersection(*({_original(data, row) for row in rows} for rows in parts))
        paired = data["metrics"][metric]["paired"]
        yield from (row for rows in parts for row in rows if not paired or _original(data, row) in shared)
        return
    for row in data["cells"][metric][consolidator]["rows"]:
        headline, *names = data["slices"][row[2]]
        if part in [data["strings"][n] for n in names] if part else headline:
            yield row


def _original(data, row):
    """The scenario of a cell; of a twin its original."""
    table, first = row[3], row[4]
    night = [data["verdicts"], data["findings"], None][table]
    number = first if night is None else night[first][0]
    id_, _, _, _, twin_of = data["scenarios"][data["nights"][number][1]]
    return id_ if twin_of < 0 else twin_of


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
    string = data["strings"]
    value_numbers = _value_numbers(data)
    seen = 0
    for row in data["verdicts"]:
        night, value, file, start, end = row[0], row[1], row[9], row[10], row[11]
        if file < 0:
            continue
        consolidator, scenario, _, checkpoint, *_ = data["nights"][night]
        key = (
            names[consolidator], string[data["scenarios"][scenario][0]], string[checkpoint],
            string[data["values"][value][1]], value_numbers[value],
        )  # fmt: skip
        lines = "\n".join(string[n] for n in data["files"][file][2])
        raw = lines.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le")
        assert raw == quotes[key]
        seen += 1
    assert seen > 100


def _value_numbers(data):
    """The number of a value within its item: the order in which an item's rows stand."""
    counted = {}
    numbers = []
    for scenario, item, *_ in data["values"]:
        counted[scenario, item] = counted.get((scenario, item), -1) + 1
        numbers.append(counted[scenario, item])
    return numbers


def test_a_leak_has_its_level_and_the_message_that_asked_for_the_deletion(data, summary):
    names = list(summary.consolidators)
    string = data["strings"]
    leaks = [
        row for row in data["verdicts"]
        if row[12] >= 0 and string[row[12]] == "L5" and names[data["nights"][row[0]][0]] == "append-all"
    ]  # fmt: skip
    requests = [" ".join(string[n] for n in data["messages"][row[13]][3]) for row in leaks if row[13] >= 0]
    assert any("Please delete Maren's home address" in request for request in requests)


def test_a_consolidator_whose_nights_failed_is_there_with_why(text):
    assert "consolidator bug" in text
    assert "not a zero" in text or "isn't a zero" in text


def test_long_names_are_shown_short_with_the_whole_name_beside(text):
    assert f'title="{HOSTILE}"' in text
    assert ">hostile.py:Hostile" in text


@pytest.mark.parametrize("evil", ["</script>", "<!--", "\u2028", "a & b", "]]>"])
def test_embedded_json_cannot_end_its_element(evil):
    made = embedded({"x": evil})
    assert json.loads(made) == {"x": evil}
    assert not re.search("[<>&\u2028\u2029]", made)
