"""Logs that can't be read: where the fault is, what it is, what would be right."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.solver.check import check_log, log_faults
from rembench.harness.solver.log import examine_log
from tests.harness.solver.timeline import event, raw_scenario, read

LOG = [
    event(None, "stored", 0),
    event("s1", "says", 1),
    event("s1#2", "replaces", 0, old=[1]),
    event("d1", "asks_deletion", targets=[["b", 0]]),
    event("s2", "until", 0, date="2026-05-09", then=1),
    event("s2#1", "follows", item="b", leader="a", map={"0": 0}),
]


def small():
    raw = raw_scenario("s1 c1 d1 s2 c2", {"a": 2, "b": 1}, LOG)
    del raw["items"][1]["values"][0]["where"]
    return raw


def put(number, key, to):
    def change(log):
        log[number][key] = to

    return change


def drop(number, key):
    return lambda log: log[number].pop(key)


def add(*args, **keys):
    """One more event, at the time of its step or of the last event."""

    def change(log):
        times = {one["step"]: one["at"] for one in log} | {"c2": "2026-05-05T09:00:00Z"}
        made = event(*args, **keys)
        log.append({"at": times[made["step"] or "s2"], **made})

    return change


# What's done to a right log → the fault's path, and words of what it is and of what would be right.
FAULTS = [
    (put(1, "act", "sais"), "x_log[1].act", "unknown value 'sais'", "did you mean 'says'?"),
    (drop(1, "act"), "x_log[1]", "'act' is missing", "stored, says"),
    (drop(1, "by"), "x_log[1]", "'by' is missing", ""),
    (put(1, "bye", 1), "x_log[1]", "unknown key 'bye'", "did you mean 'by'?"),
    (put(1, "by", " "), "x_log[1].by", "is empty", "some text"),
    (put(1, "item", "c"), "x_log[1].item", "unknown value 'c'", "known: a, b"),
    (put(1, "value", 2), "x_log[1].value", "2 is out of range", "a has 2 values"),
    (put(1, "value", -1), "x_log[1].value", "-1 is out of range", "a has 2 values"),
    (put(1, "value", "0"), "x_log[1].value", "is text", "a whole number"),
    (put(1, "step", "s9"), "x_log[1].step", "unknown value 's9'", "known: s1, c1, d1, s2, c2"),
    (put(1, "step", ["s1"]), "x_log[1].step", "is a list", "text is needed"),
    (drop(1, "step"), "x_log[1]", "'step' is missing", ""),
    (drop(1, "message"), "x_log[1]", "'message' is missing", "session 's1'"),
    (put(1, "message", 3), "x_log[1].message", "3 is out of range", "s1 has 3 messages"),
    (put(3, "message", 0), "x_log[3].message", "stands outside any session", "leave it out"),
    (put(1, "at", "yesterday"), "x_log[1].at", "'yesterday' isn't an ISO 8601 time", "2026"),
    (put(1, "at", "2026-04-29T00:00:00Z"), "x_log[1].at", "earlier than x_log[0]", "order of time"),
    (put(5, "at", "2026-05-05T10:00:00Z"), "x_log[5].at", "isn't in the time of step 's2'", "the next step's"),
    (put(5, "at", "2026-05-05T09:00:00Z"), None, None, None),
    (put(1, "message", 2), None, None, None),
    (put(2, "message", 0), None, None, None),
    (put(4, "message", 2), "x_log[5]", "is earlier than x_log[4]", "order of time"),
    (put(0, "step", "s1"), "x_log[0].step", "'stored' happens in no step", "the starting store"),
    (put(0, "path", "note.md"), "x_log[0].path", "unknown value 'note.md'", "did you mean 'notes.md'?"),
    (put(2, "old", [0]), "x_log[2].old[0]", "0 is the event's own value", "another one"),
    (put(2, "old", [2]), "x_log[2].old[0]", "2 is out of range", "a has 2 values"),
    (put(3, "targets", []), "x_log[3].targets", "is an empty list", "at least one"),
    (put(3, "targets", [["b"]]), "x_log[3].targets[0]", "has 1 parts", "an item's id and the number"),
    (put(3, "targets", [["b", 1]]), "x_log[3].targets[0][1]", "1 is out of range", "b has 1 values"),
    (put(3, "entitled", 1), "x_log[3].entitled", "is a number", "true or false"),
    (put(3, "how", "loud"), "x_log[3].how", "unknown value 'loud'", "compound"),
    (put(4, "date", "9 May"), "x_log[4].date", "'9 May' isn't a date", "2026-05-03"),
    (put(4, "then", 0), "x_log[4].then", "0 is the event's own value", "another one"),
    (put(5, "leader", "c"), "x_log[5].leader", "unknown value 'c'", "known: a, b"),
    (put(5, "leader", "b"), "x_log[5].leader", "'b' follows itself", "a leader that doesn't"),
    (put(5, "map", {"2": 0}), "x_log[5].map", "'2' is no value of the leader", "a has 2 values"),
    (put(5, "map", {"0": 1}), "x_log[5].map.0", "1 is out of range", "b has 1 values"),
    (put(5, "map", [[0, 0]]), "x_log[5].map", "is a list", "an object"),
    (add("s2#1", "follows", item="a", leader="b", map={"0": 0}),
     "x_log[6].leader", "'a' follows itself", "a leader that doesn't"),
    (add("s2#1", "mentions", 0, as_="dream"), "x_log[6].as", "unknown value 'dream'", "hypothetical"),
    (add("s2#1", "private", 0, item="b"), "x_log[6].value", "has no 'where'", "looked for somewhere"),
    (add("s2#1", "disputes", values=[]), "x_log[6].values", "is an empty list", "at least one"),
    (add("s2#1", "says", 0, condition=""), "x_log[6].condition", "is empty", "some text"),
    (add("c2", "ignores", items=["c"]), "x_log[6].items[0]", "unknown value 'c'", "known: a, b"),
    (add(None, "never", targets=[["a", 0]], from_="s1"),
     "x_log[6].from", "unknown value 's1'", "known: c1, c2"),
    (add(None, "never", targets=[["a", 0]], from_="c2"), None, None, None),
    (add(None, "mentions", 0), "x_log[6].at", "isn't in the time of the starting store", "the next step's"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "what", "right"), FAULTS)
def test_a_log_that_cannot_be_read_says_where_and_why(change, path, what, right):
    raw = small()
    scenario = read(raw)
    change(raw["x_log"])
    found = [(one.path, one.what, one.right) for one in examine_log(raw, scenario).faults]
    assert len(found) == (path is not None)
    for place, wrong, mend in found:
        assert place == path
        assert what in wrong
        assert right in mend


def test_a_right_log_has_no_fault_and_all_its_events():
    raw = small()
    log = examine_log(raw, read(raw))
    assert log.faults == ()
    assert [(one.number, one.act) for one in log.events] == [(n, one["act"]) for n, one in enumerate(LOG)]


def test_a_faulty_log_is_not_solved_and_every_fault_of_it_is_told():
    raw = small()
    raw["x_log"][1]["value"] = 7
    raw["x_log"][3]["how"] = "loud"
    assert [one.path for one in log_faults(raw, read(raw))] == ["x_log[1].value", "x_log[3].how"]


@pytest.mark.parametrize("log", [{}, None, "says", 1])
def test_a_log_is_a_list(log):
    raw = small() | {"x_log": log}
    assert [one.path for one in check_log(raw, read(raw))] == ["x_log"]


def test_without_a_log_there_is_nothing_to_say():
    raw = small()
    del raw["x_log"]
    assert check_log(raw, read(raw)) == []


WORDS = ["a", "b", "s1", "c1", "", "2026-05-01", "2026-05-01T09:00:00Z", "says", "until", "follows"]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 3)
    | st.floats(allow_nan=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
KEYS = sorted({key for one in LOG for key in one} | {"condition", "values", "items", "from", "as"})


@given(st.integers(0, len(LOG) - 1), st.sampled_from(KEYS), JSON)
def test_whatever_an_event_has_is_read_or_is_a_fault(number, key, value):
    raw = small()
    scenario = read(raw)
    changed = copy.deepcopy(raw)
    changed["x_log"][number][key] = value
    log = examine_log(changed, scenario)
    assert len(log.events) + len(log.faults) >= len(LOG)
    check_log(changed, scenario)
