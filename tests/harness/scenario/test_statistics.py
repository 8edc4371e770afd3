import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from rembench.harness.night import Message, Role, Session
from rembench.harness.scenario.pack import find_pack, load_pack
from rembench.harness.scenario.statistics import statistics
from rembench.harness.types import ConsolidateStep, DeleteStep, Item, Scenario, Step, Value
from tests.harness.engine.running import TINY


def session(*said: str, role: Role = "user", id_: str = "s1") -> Session:
    messages = tuple(Message(role=role, content=text) for text in said)
    return Session(id=id_, at="2026-05-03", messages=messages)


def scenario(*steps: Step, store: str = "", items: tuple[Item, ...] = ()) -> Scenario:
    return Scenario(
        id="one", title="One", origin="synthetic", domain="tea", language="en",
        store={"notes.md": store}, steps=steps, items=items,
    )  # fmt: skip


def counted(*steps: Step, **more: Any) -> dict[str, Any]:
    return statistics([scenario(*steps, **more)])


def test_statistics_count_what_is_there(tiny: Path) -> None:
    counted = statistics(load_pack(str(tiny)).scenarios)
    assert (counted["scenarios"], counted["sessions"], counted["nights"]) == (2, 5, 5)
    assert (counted["messages"], counted["deletion_requests"]) == (18, 1)
    assert counted["by_kind"]["update"] == {"items": 2, "values": 4}
    assert counted["by_tactic"]["trap: somebody-else"] == {"items": 1, "values": 1}
    # bakery 8 values x 2 nights, orchids 7 values x 3 nights
    assert sum(counted["expectations"].values()) == 8 * 2 + 7 * 3
    assert counted["origins"] == {"authored": 2}


def test_distinct_ngrams_are_divided_by_the_words() -> None:
    # "the cat saw the dog" and "the cat": 7 words; the, cat, saw, dog: 4
    # pairs: the-cat, cat-saw, saw-the, the-dog, and the-cat again: 4; triples: 3 of the first message
    found = counted(session("The cat saw the dog.", "the cat"))
    assert found["distinct_ngrams"] == {"1": round(4 / 7, 4), "2": round(4 / 7, 4), "3": round(3 / 7, 4)}


def test_no_ngram_goes_across_two_messages() -> None:
    # a-b and c-d; not b-c
    assert counted(session("a b", "c d"))["distinct_ngrams"]["2"] == round(2 / 4, 4)


def test_what_is_said_again_counts_once_however_much_is_said_between() -> None:
    # 210,000 different words, said twice: more than is kept without packing
    long = " ".join(f"w{n}" for n in range(210_000))
    assert counted(session(long, long))["distinct_ngrams"] == {"1": 0.5, "2": 0.5, "3": 0.5}


def test_repeated_sentences_are_counted_wherever_they_stand() -> None:
    # of four sentences with four words or more, the first and the last are the same; "Thank you." is short
    first = session("We open at nine. Thank you. The oven is new now!")
    second = session("Thank you.\nThe van is red too", "we open at NINE", id_="s2")
    assert counted(first, second)["repeated_sentences"] == round(2 / 4, 4)


def test_sentences_are_repeated_across_scenarios() -> None:
    one = scenario(session("We open at nine."))
    assert statistics([one])["repeated_sentences"] == 0
    assert statistics([one, replace(one, id="two")])["repeated_sentences"] == 1


def test_a_point_within_a_number_ends_no_sentence() -> None:
    assert counted(session("It costs 3.50 a loaf", "It costs 3.20 a loaf"))["repeated_sentences"] == 0


def test_what_tools_say_is_no_wording() -> None:
    found = counted(session("one two three four. one two three four.", role="tool"))
    assert found["repeated_sentences"] is None
    assert found["distinct_ngrams"] == {"1": None, "2": None, "3": None}
    assert found["words_per_message"] == {"min": None, "median": None, "p90": None, "max": None}
    assert found["messages"] == 1


def test_a_spread_is_by_nearest_rank() -> None:
    # ten messages of 1 to 10 words: the 5th and the 9th
    found = counted(session(*("word " * n for n in range(1, 11))))
    assert found["words_per_message"] == {"min": 1, "median": 5, "p90": 9, "max": 10}


def test_tokens_are_of_all_that_a_consolidator_may_read() -> None:
    # 2 of the store, 3 of a message, 4 of a request, 1 of the instructions
    found = counted(
        session("a b c", role="tool"),
        DeleteStep(id="d", at="2026-05-03", request="a b c d"),
        ConsolidateStep(id="c", at="2026-05-03", instructions="a"),
        store="a b",
    )
    assert found["tokens_per_scenario"] == {"min": 10, "median": 10, "p90": 10, "max": 10}


def test_messages_are_counted_by_session() -> None:
    found = counted(session("a"), session("a", "b", "c", id_="s2"))
    assert found["messages_per_session"] == {"min": 1, "median": 1, "p90": 3, "max": 3}


def test_shares_of_the_kinds_add_up(tiny: Path) -> None:
    found = statistics(load_pack(str(tiny)).scenarios)
    # 2 of 11 items are updates
    assert found["share_by_kind"]["update"] == round(2 / 11, 4)
    assert sum(found["share_by_kind"].values()) == pytest.approx(1, abs=0.001)
    assert found["share_by_kind"].keys() == found["by_kind"].keys()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedItem(Item):
    """An item with its failure classes."""

    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelledScenario(Scenario):
    """A scenario with its level."""

    level: int | None = None


def test_items_are_counted_by_failure_class_and_scenarios_by_level() -> None:
    item = Item(id="i", kind="fact", subject="a", attribute="b", question="c", values=(Value(text="d"),))
    own = {name: getattr(item, name) for name in item.__slots__}
    items = (
        TaggedItem(**own | {"tags": ("stale", "leak")}),
        TaggedItem(**own | {"tags": ("stale", "stale")}),
        item,
    )
    plain = scenario(session("a"), items=items)
    own = {name: getattr(plain, name) for name in plain.__slots__}
    found = statistics([LevelledScenario(**own | {"level": 2}), LevelledScenario(**own), plain])
    assert found["by_tag"] == {"leak": 3, "stale": 6}
    assert found["levels"] == {"2": 1}
    assert found["domains"] == {"tea": 3}


def test_the_order_of_the_scenarios_does_not_matter() -> None:
    scenarios = load_pack("natural").scenarios
    assert statistics(scenarios) == statistics(reversed(scenarios))


def test_no_scenarios_have_no_ratios() -> None:
    found = statistics([])
    assert (found["scenarios"], found["repeated_sentences"]) == (0, None)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


@pytest.mark.parametrize("seed", ["1", "2"])
def test_statistics_are_the_same_in_every_process(seed: str) -> None:
    code = (
        "import json; from rembench.harness.scenario.pack import load_pack;"
        "from rembench.harness.scenario.statistics import statistics;"
        f"print(json.dumps(statistics(load_pack({str(TINY)!r}).scenarios)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(find_pack("natural").parents[2])},
    ).stdout  # fmt: skip
    assert json.loads(said) == statistics(load_pack(str(TINY)).scenarios)
