"""Closed-world errors and unsupported atoms."""

from rembench.harness.night import Message, Session
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import Condition, ConsolidateStep, EvidenceRef, Scenario, Value
from tests.harness.scorer.builders import item


def world(*items):
    said = "The north hall seats 120 people. Mara's bill was €45.50 on 3 May, see ops/plan.md."
    session = Session(id="s1", at="2026-05-03T09:00:00Z", messages=(Message(role="user", content=said),))
    steps = (session, ConsolidateStep(id="c1", at="2026-05-04T00:00:00Z"))
    return Scenario(
        id="small", title="Small", origin="authored", domain="tests", language="en", store={},
        steps=steps, items=items,
    )  # fmt: skip


EVIDENCE = (EvidenceRef(session="s1", message=0),)
SEATS = item("north hall", "number of seats", (Value(text="120 people", evidence=EVIDENCE),))


def findings(memory, *items):
    reading = ScenarioScorer(world(*items)).read({"a.md": memory}, "c1")
    return [(f.type, memory[f.start : f.end]) for f in reading.findings]


def test_an_amount_the_item_never_had_is_distorted():
    found = findings("North hall, number of seats: 140 people.", SEATS)
    assert ("distorted", "140 people") in found


def test_the_right_amount_is_not():
    assert findings("North hall, number of seats: 120 people.", SEATS) == []


def test_a_value_given_to_another_subject_is_misbound():
    hall = item("Mara", "seat colour", (Value(text="moss green"),), id="two")
    other = item("Piet", "shoe size", (Value(text="size 39"),), id="three")
    assert ("misbound", "moss green") in findings("Piet: seat colour moss green.", hall, other)


def test_a_condition_left_out_is_found():
    value = Value(text="window seat", condition=Condition(text="on holidays"), evidence=EVIDENCE)
    seat = item("Mara", "preferred seat", (value,), kind="conditional")
    assert ("condition_dropped", "window seat") in findings("Mara: window seat, always.", seat)
    assert findings("Mara: window seat on holidays.", seat) == []


def test_numbers_names_and_paths_of_no_source_are_unsupported():
    found = findings("It cost €99.10, said Ottilie Brandt, see /srv/books.db.", SEATS)
    assert [text for kind, text in found if kind == "unsupported"] == [
        "99.10", "Ottilie Brandt", "/srv/books.db",
    ]  # fmt: skip


def test_what_a_source_says_in_other_dress_is_supported():
    assert findings("On 2026-05-03 Mara paid 45.5 (see ops/plan.md).", SEATS) == []


def test_atoms_are_counted_whether_supported_or_not():
    reading = ScenarioScorer(world(SEATS)).read({"a.md": "120 and 999"}, "c1")
    assert reading.atoms == 2
