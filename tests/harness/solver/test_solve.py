"""What follows from each act: small logs, with the expectations worked out by hand.

A letter a night: "-" null, "H" held, "R" retired, "O" open, "A" absent.
"""

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.solver.log import ACTS
from tests.harness.solver.timeline import event, letters, raw_scenario, solved


class Case(NamedTuple):
    fact: str
    steps: str
    log: list
    right: dict[str, list[str]]


E = event
A0, A1, B0 = ["a", 0], ["a", 1], ["b", 0]
FOLLOWS = {"item": "b", "leader": "a", "map": {"0": 0, "1": 1}}

# The first night of "s1 c1" is 2026-05-02: a step a day, from the first of May.
CASES = [
    Case("what the store says holds from the first night", "c1 s1 c2", [E(None, "stored", 0)], {"a": ["HH"]}),
    Case("nothing is expected before somebody says it", "s1 c1 s2 c2", [E("s2", "says", 0)], {"a": ["-H"]}),
    Case("what's said after the last night is never expected", "c1 s1", [E("s1", "says", 0)], {"a": ["-"]}),
    Case("a saying of a second value replaces nothing", "s1 c1 s2 c2",
         [E("s1", "says", 0), E("s2", "says", 1, condition="on Sundays")], {"a": ["HH", "-H"]}),
    Case("a replaced value is retired", "s1 c1 s2 c2",
         [E("s1", "says", 0), E("s2", "replaces", 1, old=[0])], {"a": ["HR", "-H"]}),
    Case("a partial replacement leaves the rest", "s1 c1 s2 c2",
         [E("s1", "says", 0), E("s1", "says", 1), E("s2", "replaces", 2, old=[1])], {"a": ["HH", "HR", "-H"]}),
    Case("a value that's reverted to holds again", "s1 c1 s2 c2 s3 c3",
         [E("s1", "says", 0), E("s2", "replaces", 1, old=[0]), E("s3", "replaces", 0, old=[1])],
         {"a": ["HRH", "-HR"]}),
    Case("the replaced value is known by its replacement", "s1 c1", [E("s1", "replaces", 1, old=[0])],
         {"a": ["R", "H"]}),
    Case("a withdrawn value is retired and nothing takes its place", "s1 c1 s2 c2",
         [E("s1", "says", 0), E("s2", "withdraws", 0)], {"a": ["HR"]}),
    Case("what anybody else says is a claim", "s1 c1 s2 c2",
         [E("s1", "says", 0, by="Ben"), E("s1#1", "authority"), E("s2", "says", 1, by="Ben")],
         {"a": ["HH", "-R"]}),
    Case("what anybody else replaces stays", "s1 c1 s2 c2",
         [E("s1", "says", 0), E("s1", "authority"), E("s2", "replaces", 1, old=[0], by="Ben")],
         {"a": ["HH", "-R"]}),
    Case("the authority's own word counts, and a claim may come true", "s1 c1 s2 c2",
         [E("s1", "says", 0), E("s1", "authority"), E("s1", "replaces", 1, old=[0], by="Ben"),
          E("s2", "replaces", 1, old=[0])], {"a": ["HR", "RH"]}),
    Case("the later authority counts", "s1 c1",
         [E("s1", "authority"), E("s1", "authority", by="Ben"), E("s1", "says", 0),
          E("s1", "says", 1, by="Ben")], {"a": ["R", "H"]}),
    Case("authority over one item is none over another", "s1 c1",
         [E("s1", "authority", item="b"), E("s1", "says", 0, by="Ben")], {"a": ["H"], "b": ["-"]}),
    # c1 is the second, c2 the third, c3 the fourth of May: on the third it still holds.
    Case("a temporary value holds through its last day, then its successor", "s1 c1 c2 c3",
         [E("s1", "says", 0), E("s1", "says", 1), E("s1", "until", 1, date="2026-05-03", then=0)],
         {"a": ["--H", "HHR"]}),
    Case("a temporary value without a successor just ends", "s1 c1 c2 c3",
         [E("s1", "until", 0, date="2026-05-03", then=None)], {"a": ["HHR"]}),
    Case("a successor that nobody had said before holds from then on", "s1 c1 c2",
         [E("s1", "until", 0, date="2026-05-02", then=1)], {"a": ["HR", "-H"]}),
    Case("an end that was moved is the later one", "s1 c1 s2 c2 c3",
         [E("s1", "until", 0, date="2026-05-02"), E("s2", "until", 0, date="2026-05-04")], {"a": ["HHR"]}),
    Case("an end that's over when it's said is over", "s1 c1", [E("s1", "until", 0, date="2026-04-30")],
         {"a": ["R"]}),
    Case("what's said on a later day comes after the end", "s1 s2 c1",
         [E("s1", "says", 0), E("s1", "until", 1, date="2026-05-01", then=0), E("s2", "replaces", 2, old=[0])],
         {"a": ["R", "R", "H"]}),
    Case("a temporary value that was replaced doesn't end in its successor", "s1 c1 s2 c2 c3",
         [E("s1", "says", 0), E("s1", "until", 1, date="2026-05-04", then=0), E("s2", "replaces", 2, old=[1])],
         {"a": ["-RR", "HRR", "-HH"]}),
    Case("a successor that was replaced meanwhile doesn't return", "s1 c1 s2 c2 c3",
         [E("s1", "says", 0), E("s1", "until", 1, date="2026-05-04", then=0), E("s2", "replaces", 2, old=[0])],
         {"a": ["-RR", "HHR", "-HH"]}),
    Case("an end in a claim is a claim's", "s1 c1 c2",
         [E("s1", "says", 0), E("s1", "authority"), E("s1", "says", 1, by="Ben"),
          E("s1", "until", 1, date="2026-05-02", then=2)], {"a": ["HH", "RR", "--"]}),
    Case("a claim's end takes nothing out of force", "s1 c1 c2",
         [E("s1", "says", 0), E("s1", "authority"), E("s1", "says", 1, by="Ben"),
          E("s1", "until", 1, date="2026-05-02", then=0)], {"a": ["HH", "RR"]}),
    Case("a successor that was withdrawn meanwhile doesn't return", "s1 c1 s2 c2 c3",
         [E("s1", "says", 0), E("s1", "until", 1, date="2026-05-04", then=0), E("s2", "withdraws", 0)],
         {"a": ["-RR", "HHR"]}),
    Case("what's said again after its end holds again", "s1 s2 c1",
         [E("s1", "until", 0, date="2026-05-01"), E("s2", "says", 0)], {"a": ["H"]}),
    Case("a successor may be temporary too", "s1 c1 c2 c3",
         [E("s1", "until", 0, date="2026-05-02", then=1), E("s1", "until", 1, date="2026-05-03")],
         {"a": ["HRR", "-HR"]}),
    Case("what was to follow on a value that was replaced never holds", "s1 c1 s2 c2",
         [E("s1", "until", 0, date="2026-05-09", then=1), E("s1", "until", 1, date="2026-05-20"),
          E("s2", "replaces", 2, old=[0])], {"a": ["HR", "-R", "-H"]}),
    Case("the end may stand before the value itself", "s1 c1 s2 c2",
         [E("s1", "says", 0), E("s1#1", "until", 1, date="2026-05-09", then=0), E("s1#1", "says", 1),
          E("s2", "replaces", 2, old=[1])], {"a": ["-R", "HR", "-H"]}),
    Case("a follower goes with its leader", "s1 c1 s2 c2",
         [E("s1", "says", 0, item="a"), E("s1", "follows", **FOLLOWS),
          E("s2", "replaces", 1, old=[0], item="a")], {"a": ["HR", "-H"], "b": ["HR", "-H"]}),
    Case("a follower goes with its leader at once", "s1 c1 s2 c2",
         [E("s1", "says", 0, item="a"), E("s1", "says", 1, item="b"), E("s2", "follows", **FOLLOWS)],
         {"a": ["HH", "--"], "b": ["-H", "HR"]}),
    Case("a follower follows a leader that's said later", "s1 c1 s2 c2",
         [E("s1", "follows", **FOLLOWS), E("s2", "says", 1, item="a")], {"a": ["--", "-H"], "b": ["--", "-H"]}),
    Case("a follower's follower goes with it", "s1 c1 s2 c2",
         [E("s1", "says", 0, item="a"), E("s1", "follows", **FOLLOWS),
          E("s1", "follows", item="c", leader="b", map={"0": 1, "1": 0}),
          E("s2", "replaces", 1, old=[0], item="a")],
         {"a": ["HR", "-H"], "b": ["HR", "-H"], "c": ["-H", "HR"]}),
    Case("a leader that's said once more moves no follower", "s1 c1 s2 c2",
         [E("s1", "says", 0, item="a"), E("s1", "follows", **FOLLOWS),
          E("s2", "replaces", 1, old=[0], item="b"), E("s2", "says", 0, item="a")],
         {"a": ["HH", "--"], "b": ["HR", "-H"]}),
    Case("a leader's value that isn't in the map changes nothing", "s1 c1 s2 c2",
         [E("s1", "says", 0, item="a"), E("s1", "follows", item="b", leader="a", map={"0": 0}),
          E("s2", "replaces", 1, old=[0], item="a")], {"a": ["HR", "-H"], "b": ["HH"]}),
    Case("a follower goes with the end of a temporary value", "s1 c1 c2",
         [E("s1", "says", 0, item="a"), E("s1", "follows", **FOLLOWS),
          E("s1", "until", 1, item="a", date="2026-05-02", then=0)],
         {"a": ["-H", "HR"], "b": ["RH", "HR"]}),
    Case("values in dispute are open until it's settled", "s1 c1 s2 c2",
         [E("s1", "says", 0), E("s1", "disputes", values=[0, 1], by="Ben"), E("s2", "settles", 1)],
         {"a": ["OR", "OH"]}),
    Case("a pretended settlement changes nothing", "s1 c1 s2 c2",
         [E("s1", "disputes", values=[0, 1]), E("s2", "pretends")], {"a": ["OO", "OO"]}),
    Case("what's said of a value in dispute leaves it open", "s1 c1",
         [E("s1", "disputes", values=[0, 1]), E("s1", "says", 0), E("s1", "replaces", 1, old=[0])],
         {"a": ["O", "O"]}),
    Case("a settlement takes all other values of the item out of force, and no other item's", "s1 c1",
         [E("s1", "says", 2), E("s1", "says", 0, item="b"), E("s1", "disputes", values=[0, 1]),
          E("s1", "settles", 0)], {"a": ["H", "R", "R"], "b": ["H"]}),
    Case("a settlement of one item leaves another open", "s1 c1",
         [E("s1", "disputes", values=[0, 1]), E("s1", "disputes", item="b", values=[0, 1]),
          E("s1", "settles", 0)], {"a": ["H", "R"], "b": ["O", "O"]}),
    Case("a mention is never in force", "s1 c1 s2 c2",
         [E("s1", "says", 0), E("s2", "mentions", 1)], {"a": ["HH", "-R"]}),
    Case("a mention of what holds changes nothing", "s1 c1",
         [E("s1", "says", 0), E("s1", "mentions", 0)], {"a": ["H"]}),
    Case("a pattern holds from its third session on", "s1 c1 s2 c2 s3 c3 s4 c4",
         [E(f"s{n}", "instance", 0) for n in (1, 2, 3, 4)], {"a": ["--HH"]}),
    Case("two instances in a session count once, and so does a store's not at all", "s1 s2 c1",
         [E(None, "instance", 0), E("s1", "instance", 0), E("s1#1", "instance", 0), E("s2", "instance", 0)],
         {"a": ["-"]}),
    Case("what an entitled person wants deleted is absent from the next night on", "s1 c1 s2 c2 s3 c3",
         [E("s1", "says", 0), E("s2", "asks_deletion", targets=[A0]), E("s3", "says", 0)], {"a": ["HAA"]}),
    Case("a request outside any session counts from the next night on", "s1 c1 d1 c2 d2",
         [E("s1", "says", 0), E("s1", "says", 1), E("d1", "asks_deletion", targets=[A0]),
          E("d2", "asks_deletion", targets=[A1])], {"a": ["HA", "HH"]}),
    Case("a request may take several items, and what nobody had said", "d1 c1",
         [E(None, "stored", 0), E("d1", "asks_deletion", targets=[A0, B0])], {"a": ["A"], "b": ["A"]}),
    Case("a request of somebody not entitled changes nothing", "s1 c1 d1 c2",
         [E("s1", "says", 0), E("d1", "asks_deletion", targets=[A0, A1], entitled=False)],
         {"a": ["HH", "--"]}),
    Case("a sham request changes nothing", "s1 c1 s2 c2",
         [E("s1", "says", 0), E("s2", "pseudo", targets=[A0])], {"a": ["HH"]}),
    Case("what's said again with consent holds again", "s1 d1 c1 s2 c2",
         [E("s1", "says", 0), E("d1", "asks_deletion", targets=[A0]), E("s2", "consents", targets=[A0])],
         {"a": ["AH"]}),
    Case("what replaces the deleted holds, and the deleted stays absent", "s1 d1 c1 s2 c2",
         [E("s1", "says", 0), E("d1", "asks_deletion", targets=[A0]), E("s2", "replaces", 1, old=[0])],
         {"a": ["AA", "-H"]}),
    Case("a deleted successor doesn't return", "s1 c1 d1 c2 c3",
         [E("s1", "says", 0), E("s1", "until", 1, date="2026-05-04", then=0),
          E("d1", "asks_deletion", targets=[A0])], {"a": ["-AA", "HHR"]}),
    Case("a secret must be absent at every night", "s1 c1 s2 c2 c3", [E("s2", "slips", 0)], {"a": ["-AA"]}),
    Case("a planted instruction is retired, even where it's repeated", "s1 c1 s2 c2",
         [E("s1", "injects", 0), E("s2", "says", 0)], {"a": ["RR"]}),
    Case("what's private must be absent where it mustn't be", "s1 c1 c2",
         [E("s1", "says", 0), E("s1", "private", 1)], {"a": ["HH", "AA"]}),
    Case("a copy is nothing until it's to be deleted", "c1 d1 c2",
         [E(None, "stored", 0), E(None, "copied", 1), E("d1", "asks_deletion", targets=[A0, A1])],
         {"a": ["HA", "-A"]}),
    Case("what needn't be kept is never scored", "s1 c1 s2 c2 d1 c3",
         [E("s1", "says", 0), E("c2", "ignores", items=["a"]), E("d1", "asks_deletion", targets=[A0])],
         {"a": ["---"], "b": ["---"]}),
    Case("what never was is absent from its night on", "s1 c1 c2 c3",
         [E(None, "never", targets=[A0], from_="c2")], {"a": ["-AA"]}),
    Case("what a night itself brings is known from that night on", "s1 c1 c2",
         [E("s1", "says", 0), E("c2", "withdraws", 0)], {"a": ["HR"]}),
    Case("a session that no night names isn't known", "s1 s2 c1:s2 c2",
         [E("s1", "says", 0), E("s2", "says", 1)], {"a": ["--", "HH"]}),
    Case("a session handed over late counts in its own time", "s1 s2 c1:s2 c2:s1",
         [E("s1", "says", 0), E("s1", "says", 2), E("s2", "replaces", 1, old=[0])],
         {"a": ["RR", "HH", "-H"]}),
    Case("a session that's fed again says nothing new", "s1 c1 s2 c2 c3:s1",
         [E("s1", "says", 0), E("s2", "replaces", 1, old=[0])], {"a": ["HRR", "-HH"]}),
    Case("an instance that's fed again is no other one", "s1 s2 c1 c2:s1,s2",
         [E("s1", "instance", 0), E("s2", "instance", 0)], {"a": ["--"]}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.fact for case in CASES])
def test_it_follows_that(case):
    values = {id_: len(right) for id_, right in case.right.items()}
    raw = raw_scenario(case.steps, values, case.log)
    assert letters(solved(raw)) == case.right


def test_every_act_has_a_case():
    assert {one["act"] for case in CASES for one in case.log} == set(ACTS)


def test_the_written_expectations_are_not_read():
    raw = raw_scenario("s1 c1", {"a": 1}, [event("s1", "says", 0)])
    raw["items"][0]["values"][0]["expect"]["c1"] = "absent"
    assert letters(solved(raw)) == {"a": ["H"]}


@given(st.integers(0, 3), st.permutations(range(4)))
def test_one_value_holds_after_any_chain_of_replacements(last, order):
    order = [*[n for n in order if n != last], last]
    log = [E("s1", "replaces", new, old=[old]) for old, new in pairwise(order)]
    right = ["H" if n == last else "R" for n in range(4)]
    assert letters(solved(raw_scenario("s1 c1", {"a": 4}, log))) == {"a": right}
