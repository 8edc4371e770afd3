"""The pages as they're written: everything there, everything escaped, no number that isn't one."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from rembench.harness.types import Scenario
from rembench.metrics import METRICS
from rembench.reports.leaderboard.board import Refused
from rembench.reports.leaderboard.site.place import places
from rembench.reports.leaderboard.site.write import write_site

NO_NUMBERS = re.compile(r"\b(NaN|None|nan|undefined|null|Infinity|inf)\b")
TRAP = "<script>document.title='owned'</script>\u202e\x1b"


class Reader(HTMLParser):
    """The texts of a page, the links, the ids and the elements."""

    def __init__(self, text):
        super().__init__()
        self.texts, self.links, self.ids, self.tags, self._skip = [], [], [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        self._skip += tag in {"script", "style"}
        if "id" in found:
            self.ids.append(found["id"])
        self.links += [found[name] for name in ("href", "src") if found.get(name)]

    def handle_endtag(self, tag):
        self._skip -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self._skip:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(self.texts)


def read(path):
    return Reader(path.read_text(encoding="utf-8"))


def pages(site):
    return sorted(site.rglob("*.html"))


@pytest.fixture(scope="module")
def index(site):
    return read(site / "index.html")


def test_everyone_and_every_scenario_has_a_page(board, site):
    labels = [*(one.label for one in board.entries), *board.controls]
    where = places(labels, [s.id for s in board.basis.scenarios if s.twin_of is None])
    assert {str(p.relative_to(site)) for p in pages(site)} == set(where.pages)


def test_every_link_leads_to_a_file_and_a_place_in_it(site):
    for page in pages(site):
        for link in read(page).links:
            assert not re.match(r"\w+:", link), link
            path, _, place = unquote(link).partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.is_file(), (page, link)
            assert not place or place in read(target).ids, (page, link)


def test_no_page_shows_what_is_no_number(site):
    for page in pages(site):
        assert not NO_NUMBERS.search(read(page).text), page


def test_no_page_has_an_id_twice_or_a_style_or_script_within(site):
    for page in pages(site):
        found = read(page)
        assert len(found.ids) == len(set(found.ids)), page
        for tag, attributes in found.tags:
            assert tag != "style"
            assert "style" not in attributes
            assert not [name for name in attributes if name.startswith("on")]
            assert tag != "script" or "src" in attributes or attributes["type"] == "application/json"


def test_the_first_page_says_that_nobody_can_be_told_to_be_ahead(index):
    assert "Nobody can be told to be ahead: by these 2 scenarios, any of the 3 may be first." in index.text
    assert index.text.count("1 to 3 of 3") == 3
    assert "not told from 2 others" in index.text


def test_marks_are_there_in_words(index):
    assert "too much without a verdict" in index.text
    assert "an entry has no rank" in index.text


def test_all_headline_metrics_are_columns(index):
    columns = {found["data-m"] for tag, found in index.tags if tag == "th" and "data-m" in found}
    assert {name for name, metric in METRICS.items() if metric.headline} - columns <= {"net_leakage"}


def test_the_method_has_every_metric_and_the_audit(site):
    found = read(site / "method.html")
    assert {f"metric-{name}" for name in METRICS} <= set(found.ids)
    assert "No human has labelled any of it." in found.text
    assert "labelled by a large language model" in found.text
    for words in ("kappa of plain containment", "integrity", "zoo", "all sets"):
        assert words in found.text


def test_a_failed_entry_says_what_failed(site):
    found = read(site / "consolidators" / "mine-py-mine.html").text
    assert "It has no rank" in found
    assert "failed night" in found
    assert "consolidator bug" in found


def test_a_consolidators_page_has_its_worst_cases_without_a_script(site):
    found = read(site / "consolidators" / "append-all.html")
    assert "leaked" in found.text
    assert "14 Lindholm Lane" in found.text
    assert "leak level L5: verbatim" in found.text
    assert sum(("class", "instance") in attributes.items() for _, attributes in found.tags) <= 10


@pytest.fixture(scope="module")
def odd(board, tmp_path_factory):
    """The site of a board whose words are all from a hostile hand."""
    (scenario, *others) = board.basis.scenarios
    renamed: Scenario = replace(scenario, title=TRAP, domain=TRAP)
    first, *rest = board.entries
    entry = replace(
        first, spec=TRAP, options={TRAP: TRAP}, capabilities={TRAP: TRAP},
        submission=replace(first.submission, label=TRAP, versions={TRAP: TRAP}, prompts={TRAP: TRAP}),
    )  # fmt: skip
    made = replace(
        board, basis=replace(board.basis, scenarios=(renamed, *others)), entries=(entry, *rest),
        refused=(Refused(label=TRAP, reason=TRAP),),
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("odd")
    write_site(made, folder)
    return folder


def test_what_comes_from_outside_is_text(odd):
    for page in pages(odd):
        raw = page.read_text(encoding="utf-8")
        assert "<script>document" not in raw
        assert "\u202e" not in raw
        assert "\x1b" not in raw
    assert "<script>document.title='owned'</script>\ufffd\ufffd" in read(odd / "index.html").text


def test_a_page_may_load_nothing_from_a_network(site):
    for page in pages(site):
        policy = next(f["content"] for tag, f in read(page).tags if tag == "meta" and "http-equiv" in f)
        assert policy.startswith("default-src 'none'; ")
        assert "http" not in policy
        assert "unsafe" not in policy


def test_a_scenario_of_anybodys_pack_says_no_more_of_who_made_it_than_its_origin_does(site):
    page = next(p for p in (site / "scenarios").glob("*.html") if p.name != "index.html").read_text("utf-8")
    assert "stands in its pack’s card" in page
    assert "No human" not in page
