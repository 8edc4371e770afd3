"""Finished scenarios: the same order gives the same bytes, budgets, re-fed sessions, and what a twin is."""

import hashlib
import json
import re
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from rembench.harness.errors import UserError
from rembench.harness.generator.dials import LEVELS
from rembench.harness.generator.scenario import MAKERS, Order, make
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.scenario.checks import faults
from rembench.harness.scenario.handover import handovers
from rembench.harness.solver.check import check_log
from rembench.harness.tokens import memory_tokens
from tests.harness.generator.made import NIGHTLY, events, nights, order, read, said

GOLDEN = Path(__file__).parent / "golden.json"


def _order(domain, level, **more):
    number = level - 1
    return Order(
        id=f"g-{level}-{domain}", domain=domain, dials=LEVELS[level - 1], seed="golden", number=number, **more
    )


def test_the_words_of_two_scenarios_are_these_and_stay_these():
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    found = {name: _sha256(make(_order(*_named(name)))) for name in golden["sha256"]}
    assert found == golden["sha256"], f"if that's wanted, put this under 'sha256': {json.dumps(found)}"


def _named(name):
    domain, level = name.split(" level ")
    return domain, int(level)


def _sha256(raw):
    return hashlib.sha256(json.dumps(raw, ensure_ascii=False).encode()).hexdigest()


def test_the_same_order_gives_the_same_bytes():
    one = _order("events", 3)
    assert json.dumps(make(one)) == json.dumps(make(one)) == json.dumps(make(replace(one)))
    assert json.dumps(make(one, twin=True)) == json.dumps(make(one, twin=True))


@pytest.fixture(scope="module")
def eighty(forty):
    return [raw for pair in forty for raw in pair]


def test_every_scenario_is_right_and_the_second_solver_agrees(eighty):
    for raw in eighty:
        scenario = read(raw)
        assert list(faults(scenario)) == []
        assert check_log(raw, scenario) == []


def test_a_scenario_says_what_it_is(forty):
    for raw, _ in forty:
        assert raw["origin"] == "synthetic"
        assert raw["language"] == "en"
        assert raw["id"].endswith(raw["domain"])
        assert raw["title"]
    assert [raw["level"] for raw, _ in forty[:5]] == [1, 2, 3, 4, 5]
    assert "level" not in make(order("fact", dials=NIGHTLY))


def test_a_scenario_has_the_sessions_and_nights_that_its_level_says(forty):
    for raw, _ in forty:
        dials = LEVELS[raw["level"] - 1]
        assert sum(step["type"] == "session" for step in raw["steps"]) == dials.sessions
        assert len(nights(raw)) == dials.nights + (dials.quiet and dials.nights > 2)


def test_a_quiet_night_is_handed_nothing_and_finds_nothing_new(forty):
    quiet = 0
    for raw, _ in forty:
        before = None
        for night in nights(raw):
            if night.get("sessions") == []:
                quiet += 1
                assert all(
                    v["expect"][night["id"]] == v["expect"][before] for i in raw["items"] for v in i["values"]
                )
            before = night["id"]
    assert quiet == 24  # one in each of levels three to five


def test_a_budget_is_enough_for_the_right_memory_and_no_more_than_the_dial_says(eighty):
    budgets = 0
    for raw in eighty:
        factor = LEVELS[raw["level"] - 1].budget
        scenario = read(raw)
        for night in scenario.nights:
            if factor:
                needed = memory_tokens(oracle_memory(scenario, night.id))
                budgets += 1
                assert needed <= night.write_budget <= max(50, needed * factor + 10)
            else:
                assert night.write_budget is None
    assert budgets


def test_every_absence_has_a_presence_at_its_night(eighty):
    for raw in eighty:
        for night in nights(raw):
            held = {i["id"] for i in raw["items"] for v in i["values"] if v["expect"][night["id"]] == "held"}
            gone = {
                i["id"]
                for i in raw["items"]
                for v in i["values"]
                if v["expect"][night["id"]] in ("absent", "retired")
            }
            assert not gone or all(held - {one} for one in gone)


@pytest.mark.parametrize("kind", MAKERS)
def test_even_with_few_items_every_absence_has_a_presence(kind):
    for n in range(6):
        dials = replace(LEVELS[1], items=2, nights=6)
        raw = make(Order(id=f"few-{n}", domain="school", dials=dials, seed="few", number=n, kinds=(kind,)))
        assert check_log(raw, read(raw)) == []


def test_codes_and_paths_are_said_letter_by_letter(forty):
    looked_at = 0
    for raw, _ in forty:
        for item in raw["items"]:
            for value in item["values"]:
                for ref in value["evidence"] if value.get("type") in ("code", "path", "version") else ():
                    looked_at += 1
                    assert any(way in said(raw, ref) for way in (value["text"], *value["aliases"])), (
                        ref,
                        value,
                    )
    assert looked_at > 400


def test_nobodys_short_name_is_in_anothers_name(forty):
    for raw, _ in forty:
        names = {item["subject"]: item["subject_aliases"] for item in raw["items"]}
        for name, short in names.items():
            for one in short:
                assert re.search(rf"\b{re.escape(one)}\b", name)
                assert [n for n in names if n != name and re.search(rf"\b{re.escape(one)}\b", n)] == []


@pytest.mark.slow
def test_where_there_is_no_room_for_so_many_items_it_is_refused_in_one_line():
    dials = replace(LEVELS[4], items=300, lookalikes=0.0)
    full = Order(id="full", domain="household", dials=dials, seed="z", number=0, counts={"deletion": 300})
    with pytest.raises(UserError) as refused:
        make(full)
    assert str(refused.value) == (
        "the setting household: no room for so many items of kind deletion; fewer than items=300 and trivia=16"
    )


# Re-fed sessions


def _refed(raw):
    """(handover, ids of the sessions that are given again) of the nights that are given any."""
    return [(one, one.refed) for one in handovers(read(raw)) if one.refed]


def test_old_sessions_are_given_again_after_a_deletion_if_the_dial_says_so(forty):
    again = [raw["level"] for raw, _ in forty if _refed(raw)]
    assert 1 not in again
    assert {3, 4, 5} <= set(again)
    assert len(again) >= 20


def test_a_night_that_is_given_old_sessions_has_its_own_too_and_comes_after_the_requests_next_night(forty):
    for raw, _ in forty:
        for handover, refed in _refed(raw):
            ids = [session.id for session in handover.sessions]
            assert set(refed) < set(ids)
            first = min(e["at"] for e in events(raw, "asks_deletion") if e["entitled"])
            between = [night for night in nights(raw) if first < night["at"] < handover.step.at]
            assert len(between) >= 2


def test_a_session_in_which_something_deleted_was_told_is_given_again(forty):
    for raw, _ in forty:
        for _, refed in _refed(raw):
            assert set(refed) & {ref.partition("#")[0] for value in _deleted(raw) for ref in value["evidence"]}


def _deleted(raw):
    asked = [e for e in events(raw, "asks_deletion") if e["entitled"]]
    values = {item["id"]: item["values"] for item in raw["items"]}
    return [values[id_][number] for event in asked for id_, number in event["targets"]]


def test_whatever_sensitive_is_given_again_comes_with_all_that_was_said_of_it(forty):
    looked_at = 0
    for raw, _ in forty:
        order_of = {step["id"]: n for n, step in enumerate(raw["steps"])}
        for handover, refed in _refed(raw):
            given = {session.id for session in handover.sessions}
            for event in [*events(raw, "asks_deletion"), *events(raw, "consents")]:
                said_in = {s for s, _ in _evidence(raw, event["targets"])} & set(refed)
                earlier = order_of[event["step"]] < order_of[handover.step.id]
                if event.get("entitled", True) and said_in and earlier and event["step"].startswith("s"):
                    looked_at += 1
                    assert event["step"] in given
    assert looked_at >= 20


def _evidence(raw, targets):
    values = {item["id"]: item["values"] for item in raw["items"]}
    return [ref.split("#") for id_, number in targets for ref in values[id_][number]["evidence"]]


# Twins


def _sensitive(raw):
    """The ids of the items of which an original's deletions are."""
    return {id_ for e in events(raw, "asks_deletion") if e["entitled"] for id_, _ in e["targets"]}


def test_a_twin_says_whose_it_is(forty):
    for raw, twin in forty:
        assert twin["id"] == f"{raw['id']}-twin"
        assert twin["twin_of"] == raw["id"]
        same = ("schema", "title", "origin", "domain", "language", "level")
        assert [twin[key] for key in same] == [raw[key] for key in same]


def test_a_twins_steps_are_the_originals_but_for_the_messages_about_what_is_deleted(forty):
    for raw, twin in forty:
        steps = [step for step in raw["steps"] if step["type"] != "delete"]
        assert len(twin["steps"]) == len(steps)
        for one, other in zip(steps, twin["steps"], strict=True):
            left_out = ("messages", "write_budget")
            assert {k: v for k, v in one.items() if k not in left_out} == {
                k: v for k, v in other.items() if k not in left_out
            }
            if one["type"] == "session":
                _check_messages(raw, one, other)


def _check_messages(raw, one, other):
    sensitive = _sensitive(raw)
    about = {
        e["message"]
        for e in raw["x_log"]
        if e["step"] == one["id"] and ({e.get("item"), *(t for t, _ in e.get("targets", ()))} & sensitive)
    }
    texts, others = ([m["content"] for m in step["messages"]] for step in (one, other))
    kept = [text for n, text in enumerate(texts) if n not in about and n - 1 not in about]
    added = len(others) - len(kept)
    assert 2 * len(about) <= added <= 4 * len(about)
    blocks = SequenceMatcher(None, kept, others, autojunk=False).get_matching_blocks()
    assert sum(block.size for block in blocks) == len(kept)


def test_a_twins_store_is_the_originals_without_the_lines_about_what_is_deleted(forty):
    copies = 0
    for raw, twin in forty:
        gone = {value["text"] for value in _deleted(raw)}
        for path, text in raw["store"].items():
            kept = [line for line in text.splitlines() if not any(one in line for one in gone)]
            copies += len(kept) < len(text.splitlines())
            assert twin["store"].get(path, "").splitlines() == kept
    assert copies


def test_nothing_in_a_twin_but_its_items_has_a_trace_of_what_is_deleted(forty):
    looked_at = 0
    for raw, twin in forty:
        rest = json.dumps({k: v for k, v in twin.items() if k != "items"}, ensure_ascii=False).casefold()
        for value in _deleted(raw):
            for way in (value["text"], *value["aliases"]):
                looked_at += 1
                assert not re.search(rf"(?<!\w){re.escape(way.casefold())}(?!\w)", rest), (twin["id"], way)
    assert looked_at > 100


def test_a_twin_expects_absent_where_its_original_does_and_nothing_else_of_what_is_deleted(forty):
    for raw, twin in forty:
        own = {item["id"]: item for item in twin["items"]}
        for item in raw["items"]:
            if item["id"] not in _sensitive(raw):
                assert [value["expect"] for value in own[item["id"]]["values"]] == [
                    v["expect"] for v in item["values"]
                ]
            elif item["tactic"] == "re-consent":
                assert item["id"] not in own
            else:
                for value, other in zip(item["values"], own[item["id"]]["values"], strict=True):
                    assert other["evidence"] == []
                    assert other["expect"] == {
                        night: "absent" if stance == "absent" else None
                        for night, stance in value["expect"].items()
                    }


def test_a_scenario_without_a_deletion_has_a_twin_that_differs_in_its_name_alone():
    one = order("update", "explicit")
    raw, twin = make(one), make(one, twin=True)
    assert {k: v for k, v in twin.items() if k not in ("id", "twin_of")} == {
        k: v for k, v in raw.items() if k != "id"
    }
