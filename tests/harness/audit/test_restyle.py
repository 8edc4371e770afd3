import json

import pytest
import yaml

from rembench.harness.audit.entries import read_entries, with_history
from rembench.harness.audit.restyle import FORMATS, LAYOUTS, MARKS
from tests.harness.audit.garden import GARDEN, lines, oracle

ENTRIES = read_entries(GARDEN, "c2", oracle())


def one(name, text):
    return {**MARKS, **FORMATS}[name]({"a.md": text})["a.md"]


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_keeps_every_word(name):
    text = "\n".join(LAYOUTS[name](ENTRIES).values())
    for entry in ENTRIES:
        assert entry.stated in text
        assert entry.attribute in text
        assert entry.subject in text


def test_reordering_moves_lines_and_changes_none():
    twice = (*ENTRIES, *ENTRIES)
    assert lines(LAYOUTS["reordered"](twice)) == lines(oracle())


def test_json_and_yaml_hold_the_same_tree():
    trees = [
        [load(text) for text in LAYOUTS[name](ENTRIES).values()]
        for name, load in (("JSON", json.loads), ("YAML", yaml.safe_load))
    ]
    assert trees[0] == trees[1]
    assert {"greenhouse": {"who waters": ["Orla (on weekdays)", "Finn (at weekends)"]}} in trees[0]


def test_prose_is_sentences():
    assert LAYOUTS["prose"](ENTRIES)["memory/hedge.md"] == "For hedge, plant is hornbeam.\n"


def test_history_says_what_was_held_before():
    stated = {e.item.id: e.stated for e in with_history(ENTRIES, GARDEN, "c2")}
    assert stated["pump"] == "40 minutes, formerly 25 minutes"
    assert stated["hedge"] == "hornbeam"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("bullets", "- a\n  - b\n", "* a\n  * b\n"),
        ("line ends", "a\nb\n", "a\r\nb\r\n"),
        ("white space", "- a\n- b\n", "\n- a  \n\n- b  \n\n"),
        ("dates month first", "due 4 May 2026, then 5 June", "due May 4, 2026, then June 5"),
        ("dates month first", "3 to 5 March", "3 to 5 March"),
        ("dates ordinal", "on 1 June and on 11 June", "on 1st June and on 11th June"),
        ("dates short", "14 August 2026", "14 Aug 2026"),
        ("dates ISO", "14 August 2026, 3 May", "2026-08-14, 3 May"),
        ("times 12 hours", "16:30 and 0:05, ratio 12:99", "4:30 pm and 12:05 am, ratio 12:99"),
        ("numbers in words", "6 months, 14 days, 2.5 hours", "six months, 14 days, 2.5 hours"),
        ("numbers in digits", "six months", "6 months"),
        ("numbers unmarked", "44,000 euros", "44000 euros"),
        ("currency", "€95 or 45 pounds", "EUR 95 or £45"),
        ("upper case", "- Hedge", "- HEDGE"),
    ],
)
def test_text_is_rewritten(name, before, after):
    assert one(name, before) == after


def test_a_harmless_sentence_is_appended_to_every_file():
    memory = MARKS["harmless sentence"]({"a.md": "- a\n", "b.md": "- b\n"})
    assert memory["a.md"].startswith("- a\n\nThis file")
    assert len(memory["b.md"]) > len("- b\n")
