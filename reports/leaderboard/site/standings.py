"""Ranks in words, and who can be told from whom: never an order that the scenarios don't tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rembench.harness.statistics.ranks import Ranking
from rembench.harness.statistics.sign_flip import TEST_LEVEL
from rembench.metrics import METRICS
from rembench.reports.compare.contrasts import Question, contrasts
from rembench.reports.compare.pairs import QUALITY
from rembench.reports.leaderboard.board import Board, Standing

_MANY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Of the other ranked entries: those told to be worse than one, better, and those it can't be told from."""

    worse: tuple[str, ...]
    better: tuple[str, ...]
    alike: tuple[str, ...]


def rank_words(one: Standing) -> str:
    """ "3 to 7 of 20"; "no rank" where there's none."""
    if one.best is None or one.worst is None:
        return "no rank"
    ranks = f"{one.best}" if one.best == one.worst else f"{one.best} to {one.worst}"
    return f"{ranks} of {one.of}"


def told(ranking: Ranking, metric: str) -> dict[str, Told]:
    """Everyone's relation to everybody else."""
    found: dict[str, tuple[list[str], list[str], list[str]]] = {name: ([], [], []) for name in ranking.ranks}
    sign = -1 if METRICS[metric].better == "lower" else 1
    for one in ranking.comparisons:
        first, second = found[one.first], found[one.second]
        if one.p > TEST_LEVEL or not one.mean:
            first[2].append(one.second)
            second[2].append(one.first)
        elif sign * one.mean > 0:
            first[0].append(one.second)
            second[1].append(one.first)
        else:
            first[1].append(one.second)
            second[0].append(one.first)
    return {
        name: Told(worse=tuple(sorted(a)), better=tuple(sorted(b)), alike=tuple(sorted(c)))
        for name, (a, b, c) in found.items()
    }


def who_is_ahead(board: Board) -> tuple[tuple[str, ...], str]:
    """What can be said of the first place: whom it's said of, if anybody is named, and the words."""
    ranked = [one for one in board.entries if one.standings[QUALITY].best is not None]
    ahead = tuple(one.label for one in ranked if one.standings[QUALITY].best == 1)
    scenarios = sum(s.twin_of is None for s in board.basis.scenarios)
    many = f"these {scenarios} scenarios" if scenarios != 1 else "one scenario"
    if not ranked:
        return (), "No entry has a rank."
    if len(ranked) == 1:
        return (), "One entry has a rank, so there’s nobody to be ahead of."
    if len(ahead) == 1:
        first = next(one.standings[QUALITY] for one in ranked if one.label == ahead[0])
        alone = "is the one entry that no other is told to be better than."
        return ahead, "is told to be better than every other entry." if first.worst == 1 else alone
    if len(ahead) == len(ranked):
        return (), f"Nobody can be told to be ahead: by {many}, any of the {len(ahead)} may be first."
    if len(ahead) > _MANY:
        some_of = f"{len(ahead)} of the {len(ranked)} ranked entries"
        return (), f"Nobody can be told to be ahead: by {many}, any of {some_of} may be first."
    return ahead, f"may each be first; {many} can’t tell which."


def above_controls(board: Board) -> str:
    """How many entries are told to be better than the best trivial control; "" without any.

    By the same tests as `compare` makes: paired with the control in informedness, by Holm for all entries.
    """
    best = best_control(board)
    if best is None:
        return ""
    control = board.control_tables[best][QUALITY]
    family = contrasts(
        [Question(first=one.tables[QUALITY], second=control) for one in board.entries if one.ranked]
    )
    known = [one for one in family.contrasts if one.mean is not None]
    if not known:
        return ""
    beyond = sum(one.better == "first" for one in known)
    than = f"told to be better than the best control that reads no answers, {best}."
    if beyond == len(known):
        return f"{'Every ranked entry is' if len(known) > 1 else 'It is'} {than}"
    if not beyond:
        return f"No entry is {than}"
    return f"{beyond} of {len(known)} ranked entries {'is' if beyond == 1 else 'are'} {than}"


def best_control(board: Board) -> str | None:
    """The control with the most informedness but the oracle."""
    return best_by(board, QUALITY)


def best_by(board: Board, metric: str) -> str | None:
    """The control that's best on a metric but the oracle, of several alike the first by name; None for none."""
    values: Mapping[str, float] = {
        name: value
        for name in board.controls
        if name != "oracle" and (value := board.summary.consolidators[name].metrics[metric].value) is not None
    }
    if not values or METRICS[metric].better == "neither":
        return None
    sign = -1 if METRICS[metric].better == "lower" else 1
    return min(values, key=lambda name: (-sign * values[name], name))


def some(labels: Sequence[str], most: int) -> tuple[Sequence[str], int]:
    """The first of many, and how many more there are."""
    return (labels, 0) if len(labels) <= most + 1 else (labels[:most], len(labels) - most)
