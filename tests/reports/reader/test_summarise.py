"""What a reader answers right from each memory, beside the raw sessions; no verdict is never a zero."""

import json

import pytest

from rembench.harness.statistics.told import Told
from rembench.reports.reader.summary import OUTCOMES
from tests.reports.conftest import FAILING, HOSTILE

QUESTIONS = 17  # with something to tell, over both scenarios and all nights
SILENCE = 9  # with nothing to tell


def metric(readers, reader, consolidator, name="answered"):
    return readers[reader].consolidators[consolidator].metrics[name]


def value(*asked):
    return metric(*asked).value


def test_a_perfect_reader_has_everything_from_the_oracle_and_nothing_from_nothing(readers):
    assert value(readers, "Perfect", "oracle") == 1.0
    assert value(readers, "Perfect", "nothing") == 0.0
    assert readers["Perfect"].sessions["answered"].value == 1.0
    assert value(readers, "Perfect", "oracle", "told_anyway") == 0.0
    assert value(readers, "Perfect", "oracle", "answered_gap") == 0.0
    assert value(readers, "Perfect", "nothing", "answered_gap") == -1.0


def test_every_question_is_counted_once(readers):
    for reader in ("Perfect", "Liar", "Abstains"):
        for name in ("oracle", "nothing", "append-all", "pull"):
            one = metric(readers, reader, name)
            assert one.scored + one.missing == QUESTIONS
            silent = metric(readers, reader, name, "told_anyway")
            assert silent.scored + silent.missing == SILENCE


def test_a_liar_is_right_in_nothing_and_tells_what_it_should_not(readers):
    one = readers["Liar"]
    assert one.sessions["answered"].value == value(readers, "Liar", "oracle") == 0.0
    assert one.sessions["told_anyway"].value == value(readers, "Liar", "oracle", "told_anyway") == 1.0
    assert one.consolidators["oracle"].outcomes == {
        "right": 0,
        "not known": 0,
        "wrong": QUESTIONS,
        "no verdict": 0,
    }


def test_a_silent_reader_tells_nothing_right_and_nothing_wrong(readers):
    assert value(readers, "Silent", "oracle") == value(readers, "Silent", "oracle", "told_anyway") == 0.0
    assert readers["Silent"].consolidators["oracle"].outcomes["not known"] == QUESTIONS


@pytest.mark.parametrize(
    ("reader", "reason"),
    [("Abstains", "not answered"), ("Mumbles", "unreadable reply: no JSON object of answers")],
)
def test_what_is_not_answered_is_no_verdict_and_may_be_anything(readers, reader, reason):
    one = metric(readers, reader, "oracle")
    assert (one.value, one.scored, one.missing, one.reason) == (None, 0, QUESTIONS, reason)
    assert one.bounds == (0.0, 1.0)
    assert metric(readers, reader, "oracle", "answered_gap").bounds == (-1.0, 1.0)


def test_a_consolidator_without_a_memory_is_missing_with_the_reason(readers):
    one = metric(readers, "Perfect", FAILING)
    assert (one.value, one.scored, one.missing) == (None, 0, QUESTIONS)
    assert one.reason.startswith(("failed: ", "not reached: "))


def test_who_forgets_degrades_night_by_night_against_the_raw_sessions(readers):
    nights = metric(readers, "Forgets", "oracle", "answered_gap").slices
    assert [nights[f"night={n}"].value for n in (1, 2, 3)] == [0.0, -1.0, -1.0]
    assert value(readers, "Forgets", "oracle", "answers_lost_per_night") == 1.0
    stopped = readers["Forgets"].consolidators["oracle"].stopped
    # all that was found at the first night, but for the address: there's nothing more to tell of it
    assert (stopped.found, stopped.stopped, stopped.told_by_sessions) == (7, 6, 6)
    assert stopped.by_night == {2: 6}


def test_answers_beside_a_trap_are_read_like_any_others(readers):
    assert metric(readers, "Perfect", HOSTILE).scored == QUESTIONS


def test_only_who_has_a_recall_is_asked_by_it(readers):
    found = {name for name, one in readers["Perfect"].consolidators.items() if one.by_recall}
    assert found == {"pull"}


def test_a_difference_says_what_could_have_been_noticed(readers):
    found = readers["Perfect"].consolidators["nothing"].detection
    assert found.p == 0.5  # two scenarios, all four flips: the two extreme ones
    assert found.detectable == Told(None, "2 scenarios can't tell any difference: it takes 6")


def test_the_cost_of_a_reader_stands_by_itself(asked, readers):
    cost = readers["Perfect"].cost
    assert cost["all"]["calls"] == cost["memories"]["calls"] + cost["sessions"]["calls"]
    assert cost["sessions"]["calls"] == 5
    assert cost["all"]["usd"] == pytest.approx(0.01 * cost["all"]["calls"])
    assert asked.summary.consolidators["append-all"].cost["usd"] == 0


def test_the_json_has_all_of_it_and_no_number_that_is_none(asked, asked_folder):
    said = json.loads((asked_folder / "summary.json").read_text())
    assert said == json.loads(json.dumps(asked.summary.to_json(), allow_nan=False))
    one = next(iter(said["readers"].values()))
    assert set(one) == {"record", "models", "sessions", "consolidators", "cost", "faults"}
    assert set(one["record"]["prompts"]) == {
        "memory.txt",
        "recall.txt",
        "sessions.txt",
        "system.txt",
        "user.txt",
    }
    assert set(one["consolidators"]) == set(said["consolidators"])
    assert set(one["consolidators"]["oracle"]["outcomes"]) == set(OUTCOMES)


def test_a_run_that_nobody_has_read_has_nothing_of_it(summary):
    assert "readers" not in summary.to_json()
