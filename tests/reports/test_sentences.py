"""The three answers say what the numbers allow, and no more."""

from dataclasses import replace

import pytest

from rembench.reports.sentences import QUESTIONS, Figure, answers


def _with(summary, name, metric, **changes):
    one = summary.consolidators[name]
    changed = replace(one, metrics={**one.metrics, metric: replace(one.metrics[metric], **changes)})
    return replace(summary, consolidators={**summary.consolidators, name: changed})


def _short(summary, number, name="extractive"):
    return answers(summary, name)[number].short


def test_there_are_three_answers_for_everyone_with_figures(summary):
    for name in summary.consolidators:
        found = answers(summary, name)
        assert [a.question for a in found] == list(QUESTIONS)
        assert all(any(isinstance(p, Figure) for p in a.parts) for a in found)
        assert all(a.short and "None" not in a.text for a in found)


def test_nothing_holds_nothing_and_leaks_nothing(summary):
    assert _short(summary, 0, "nothing").startswith("It holds 0.00 of what it should")
    assert _short(summary, 1, "nothing").startswith("Nothing of what was deleted was found again")


def test_a_hoarder_leaks(summary):
    assert _short(summary, 1, "append-all").startswith("What was deleted can still be read")


def test_nights_that_all_failed_are_not_measured_rather_than_bad(summary):
    failing = next(name for name in summary.consolidators if name.endswith(":Raises"))
    for answer in answers(summary, failing):
        assert answer.short.startswith("Not measured")


@pytest.mark.parametrize(
    ("low", "value", "high", "said"),
    [
        (-0.4, -0.2, -0.1, "It degrades"),
        (0.1, 0.2, 0.4, "It gains"),
        (-0.4, -0.1, 0.2, "It can't be told"),
        (0.0, 0.0, 0.0, "No change"),
    ],
)
def test_drift_is_only_named_where_the_interval_allows_it(summary, low, value, high, said):
    changed = _with(summary, "extractive", "drift", value=value, low=low, high=high)
    assert _short(changed, 2).startswith(said)


@pytest.mark.parametrize(
    ("low", "value", "high", "said"),
    [
        (0.0, 0.0, 0.2, "no further than the best trivial control"),
        (-0.0, 0.3, 0.6, "can't be told apart from the best trivial control"),
        (0.2, 0.4, 0.6, "0.40 of the way"),
        (0.9, 1.0, 1.0, "as far as the oracle"),
    ],
)
def test_skill_is_only_claimed_where_the_interval_allows_it(summary, low, value, high, said):
    assert said in _short(_with(summary, "extractive", "skill", value=value, low=low, high=high), 0)
