"""What's found when a scenario and its log disagree."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.solver.check import check_log, log_faults
from rembench.harness.types import STANCES
from tests.harness.solver.allotment import allotment
from tests.harness.solver.timeline import event, raw_scenario, read, solved, write


def faults(raw):
    return [(one.path, one.what) for one in check_log(raw, read(raw))]


def value(raw, item, number=0):
    return next(one for one in raw["items"] if one["id"] == item)["values"][number]


def test_a_right_scenario_has_no_fault():
    raw = allotment()
    assert faults(raw) == []


def test_a_wrong_expectation_says_what_follows_and_from_which_events():
    raw = allotment()
    value(raw, "supplier")["expect"]["c2"] = "held"
    (fault,) = check_log(raw, read(raw))
    assert fault.path == "items[1].values[0].expect.c2"
    assert fault.what == "says held, the log says retired"
    assert fault.right == "retired, or another log: x_log[2] says, x_log[4] says, x_log[11] replaces"


def test_null_is_an_expectation_like_the_others():
    raw = allotment()
    value(raw, "supplier", 1)["expect"].update(c1="held", c3=None)
    assert faults(raw) == [
        ("items[1].values[1].expect.c1", "says held, the log says null"),
        ("items[1].values[1].expect.c3", "says null, the log says held"),
    ]


FLIPS = [
    (n, m, night)
    for n, item in enumerate(allotment()["items"])
    for m, _ in enumerate(item["values"])
    for night in ("c1", "c2", "c3")
]


@pytest.mark.parametrize(("n", "m", "night"), FLIPS)
def test_one_flipped_expectation_is_one_disagreement(n, m, night):
    for stance in (None, *STANCES):
        raw = allotment()
        expect = raw["items"][n]["values"][m]["expect"]
        if expect[night] == stance:
            continue
        expect[night] = stance
        assert [path for path, _ in faults(raw)] == [f"items[{n}].values[{m}].expect.{night}"]


# What's done to the right scenario → the one fault's path and words of it.
CHANGES = [
    (lambda raw: value(raw, "supplier")["evidence"].remove("s1#1"),
     "items[1].values[0].evidence", "'s1#1' is missing, where x_log[4] (says)"),
    (lambda raw: value(raw, "supplier", 1)["evidence"].clear(),
     "items[1].values[1].evidence", "'s2#0' is missing, where x_log[11] (replaces)"),
    (lambda raw: value(raw, "watering-day", 1)["evidence"].clear(),
     "items[2].values[1].evidence", "'s2#2' is missing, where x_log[15] (says)"),
    (lambda raw: value(raw, "gate-code")["evidence"].clear(),
     "items[5].values[0].evidence", "'s1#3' is missing, where x_log[9] (slips)"),
    (lambda raw: value(raw, "fruit")["evidence"].clear(),
     "items[6].values[0].evidence", "'s1#3' is missing, where x_log[10] (mentions)"),
    (lambda raw: value(raw, "shed-colour", 1)["evidence"].remove("s2#1"),
     "items[7].values[0].evidence", "'s2#1' is missing, where x_log[13] (disputes)"),
    (lambda raw: value(raw, "shed-colour", 1)["evidence"].remove("s3#0"),
     "items[7].values[1].evidence", "'s3#0' is missing, where x_log[18] (settles)"),
    (lambda raw: value(raw, "lettuce")["evidence"].remove("s2#1"),
     "items[8].values[0].evidence", "'s2#1' is missing, where x_log[14] (instance)"),
    (lambda raw: value(raw, "order")["evidence"].clear(),
     "items[9].values[0].evidence", "'s3#1' is missing, where x_log[20] (injects)"),
    (lambda raw: value(raw, "mail")["evidence"].append("s1#0"),
     "items[4].values[0].evidence[1]", "the log has no event of this item at 's1#0'"),
    (lambda raw: value(raw, "chair")["evidence"].append("s1#0"),
     "items[0].values[0].evidence[0]", "the log has no event of this item at 's1#0'"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "what"), CHANGES)
def test_evidence_that_is_missing_or_groundless_is_one_fault(change, path, what):
    raw = allotment()
    change(raw)
    (fault,) = log_faults(raw, read(raw))
    assert fault.path == path
    assert fault.what.startswith(what)


@pytest.mark.parametrize(
    ("act", "keys"),
    [
        ("pretends", {}),
        ("authority", {"by": "Nora"}),
        ("asks_deletion", {"targets": [["a", 0]], "entitled": False}),
        ("pseudo", {"targets": [["a", 0]]}),
        ("follows", {"leader": "b", "map": {"0": 0}}),
        ("ignores", {"items": ["b"]}),
    ],
)
def test_some_acts_need_no_evidence(act, keys):
    raw = raw_scenario("s1 c1", {"a": 1, "b": 1}, [event("s1", act, **keys)])
    assert log_faults(raw, read(raw)) == []


def test_an_end_on_its_own_needs_evidence():
    raw = raw_scenario("s1 c1", {"a": 1}, [event("s1", "until", 0, date="2026-06-01")])
    (missing,) = log_faults(write(raw, solved(raw)), read(raw := write(raw, solved(raw))))
    assert missing.path == "items[0].values[0].evidence"
    raw["items"][0]["values"][0]["evidence"] = ["s1#0"]
    assert log_faults(raw, read(raw)) == []


def test_evidence_may_be_a_message_that_is_about_the_item_in_another_way():
    raw = allotment()
    value(raw, "trailer")["evidence"] = ["s3#2"]  # where the log has it follow the driver
    assert log_faults(raw, read(raw)) == []


def test_a_kind_that_asserts_an_absence_needs_a_presence_in_another_item():
    log = [event(None, "stored", 0), event("d1", "asks_deletion", targets=[["a", 0]])]
    raw = raw_scenario("c1 d1 c2", {"a": 2, "b": 1}, log)
    raw = write(raw, solved(raw))
    assert [(one.path, one.what) for one in log_faults(raw, read(raw))] == [
        ("items[0]", "'update' asserts an absence at 'c2', and no other item is held then")
    ]


def test_a_presence_in_the_same_item_is_no_match():
    log = [event(None, "stored", 0), event(None, "mentions", 1)]
    raw = raw_scenario("c1", {"a": 2, "b": 1}, log)
    raw = write(raw, solved(raw))
    assert [one.path for one in log_faults(raw, read(raw))] == ["items[0]"]
    raw["x_log"].append({**event(None, "stored", 0, item="b"), "at": raw["x_log"][0]["at"]})
    raw = write(raw, solved(raw))
    assert log_faults(raw, read(raw)) == []


def test_every_kind_is_told_once_a_night():
    log = [
        event(None, "mentions", 0),
        event(None, "mentions", 0, item="b"),
        event(None, "mentions", 0, item="c"),
    ]
    raw = raw_scenario("c1 c2", {"a": 1, "b": 1, "c": 1}, log)
    raw["items"][2]["kind"] = "trap"
    raw = write(raw, solved(raw))
    assert [one.path for one in log_faults(raw, read(raw))] == ["items[0]", "items[2]", "items[0]", "items[2]"]


VALUES = st.integers(0, 2)
TARGETS = st.lists(st.tuples(st.sampled_from("ab"), VALUES).map(list), min_size=1, max_size=2)
ONE = ("says", "withdraws", "settles", "mentions", "instance", "slips", "injects", "private")
MADE = st.one_of(
    st.tuples(st.sampled_from(ONE), VALUES, st.fixed_dictionaries({"item": st.sampled_from("ab")})),
    st.tuples(st.just("authority"), st.none(), st.fixed_dictionaries({"by": st.sampled_from(["Ana", "Ben"])})),
    st.tuples(st.just("replaces"), st.just(0), st.fixed_dictionaries(
        {"old": st.sampled_from([[1], [2], [1, 2]])})),
    st.tuples(st.just("until"), st.just(1), st.fixed_dictionaries(
        {"date": st.sampled_from(["2026-05-02", "2026-05-04"]), "then": st.sampled_from([None, 0, 2])})),
    st.tuples(st.just("follows"), st.none(), st.fixed_dictionaries(
        {"item": st.just("b"), "leader": st.just("a"),
         "map": st.dictionaries(st.sampled_from("012"), VALUES)})),
    st.tuples(st.just("disputes"), st.none(), st.fixed_dictionaries({"values": st.just([0, 1])})),
    st.tuples(st.sampled_from(["asks_deletion", "consents", "pseudo"]), st.none(),
              st.fixed_dictionaries({"targets": TARGETS})),
)  # fmt: skip
STEPS = "s1 c1 s2 d1 c2 s3 c3:s1,s3 c4:s2"


@st.composite
def scenarios(draw):
    """A random log on a timeline with a session that's left out and handed over late, and one fed again."""
    made = draw(st.lists(st.tuples(st.sampled_from([None, "s1", "s2", "d1", "s3"]), MADE), max_size=12))
    order = [None, *(name.partition(":")[0] for name in STEPS.split())]
    log = [
        event(step, *call[:2], **call[2]) for step, call in sorted(made, key=lambda one: order.index(one[0]))
    ]
    raw = raw_scenario(STEPS, {"a": 3, "b": 3}, log)
    return write(raw, solved(raw))


def disagreements(raw):
    return [one.path for one in log_faults(raw, read(raw)) if ".expect." in one.path]


@given(scenarios(), st.integers(0, 1), VALUES, st.sampled_from(["c1", "c2", "c3", "c4"]), st.data())
def test_whatever_the_log_one_flipped_expectation_is_one_disagreement(raw, n, m, night, data):
    assert disagreements(raw) == []
    expect = raw["items"][n]["values"][m]["expect"]
    others = [one for one in (None, *STANCES) if one != expect[night]]
    expect[night] = data.draw(st.sampled_from(others))
    assert disagreements(raw) == [f"items[{n}].values[{m}].expect.{night}"]


@given(scenarios())
def test_whatever_the_log_the_deleted_stays_absent_until_somebody_consents(raw):
    known = {"c1": (None, "s1"), "c2": (None, "s1", "s2", "d1"), "c4": (None, "s1", "s2", "d1", "s3")}
    for night, steps in known.items():
        gone = set()
        for one in raw["x_log"]:
            if one["step"] in steps and one["act"] == "asks_deletion":
                gone |= {tuple(target) for target in one["targets"]}
            elif one["step"] in steps and one["act"] == "consents":
                gone -= {tuple(target) for target in one["targets"]}
        for item, number in gone:
            assert value(raw, item, number)["expect"][night] == "absent"


def test_a_scenario_is_not_changed_by_checking_it():
    raw = allotment()
    before = json.dumps(raw)
    check_log(raw, read(raw))
    assert json.dumps(raw) == before
