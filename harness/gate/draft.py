"""`gate init`: a commented policy from a run, with margins that so many scenarios can tell."""

import math
from collections.abc import Iterator, Sequence

from rembench.harness.errors import UserError, one_line
from rembench.harness.gate.checks import mean_interval, opportunity_weight
from rembench.harness.gate.measured import Measured, Scores
from rembench.harness.gate.policy import DEFAULT, LEVEL
from rembench.harness.statistics.margins import margin_test
from rembench.harness.statistics.power import detectable
from rembench.harness.statistics.repeats import spread
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric

_MARGINS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5)

_HEAD = """\
# What `rembench gate` holds a run to. Obligations and prohibitions are decided one by one, never added up.
#
# margin    how much worse than the baseline the metric may be: it passes where that is shown, fails where
#           more is shown, and is undecided where so many scenarios can't tell
# at_least  a floor, and at_most a ceiling, whatever the baseline; 0 (never) and 1 (always) are kept where
#           no scenario breaks them
# blocks    false: it's shown, and changes nothing"""

_SETTINGS = f"""\
# Of failing a run that's worse in nothing by more than its margin (all metrics together), and of passing one
# that is.
level = {LEVEL}

# The share of a metric's opportunities that may lack a verdict on one side alone (failed nights, the scorer's
# abstentions). What's missing beyond it is counted at its worst for a pass, and at its best for a fail.
missing = 0.0"""


def draft_policy(run: Measured, name: str) -> str:
    """The text of a policy, from what contestant `name` of the run has."""
    if not run.contestants:
        raise UserError("the run has only controls", where=run.where, right="name one of them with -c")
    found = run.contestants[name]
    packs = ", ".join(f"{pack} sha256 {sha[:12]}" for pack, sha in run.packs)
    parts = [_HEAD, f"# Made from {one_line(run.where)}: {one_line(name)} on {packs}.", _SETTINGS]
    parts += ["\n".join(_rule_lines(METRICS[m], found[m], run.repeats)) for m in DEFAULT.metrics]
    return "\n\n".join(parts) + "\n"


def _rule_lines(metric: Metric, scores: Scores, repeats: int) -> Iterator[str]:
    values = [s.value for s in scores.values() if s.value is not None]
    better = "more" if metric.better == "higher" else "less"
    yield f"# {metric.asks} ({metric.role}, {better} is better)"
    if not values:
        yield f"# not in this run: {metric.unasked}"
        yield f"# [metrics.{metric.name}]"
        return
    margin, why = _margin(metric, scores, len(values))
    yield f"[metrics.{metric.name}]"
    yield f"margin = {margin:g}  # {why}"
    yield from _noise(scores, len(values))
    yield _floor(metric, scores, repeats)
    yield "blocks = true"


def _floor(metric: Metric, scores: Scores, repeats: int) -> str:
    """What the run itself would be shown to keep."""
    values = [s.value for s in scores.values() if s.value is not None]
    cells = math.ceil(sum(s.scored for s in scores.values()) / repeats)
    ends = mean_interval(metric, values, cells, 1.0 - LEVEL)
    mean = math.fsum(values) / len(values)
    if metric.better == "higher":
        return f"# at_least = {math.floor(100.0 * (ends.low or 0.0)) / 100.0:.2f}  # this run has {mean:.2f}"
    most = 1.0 if ends.high is None else ends.high
    return f"# at_most = {math.ceil(100.0 * most) / 100.0:.2f}  # this run has {mean:.2f}"


def _margin(metric: Metric, scores: Scores, n: int) -> tuple[float, str]:
    """The least of the usual margins that a run without any change would be shown to keep."""
    unit = opportunity_weight(metric, list(scores.values()))
    usual = _passable(unit, n)
    if usual is None:
        return _MARGINS[-1], f"{n} scenarios can't show even this of a run without any change"
    if usual == _MARGINS[0]:
        return usual, f"{n} scenarios can show that nothing changed by more, if runs differ little by chance"
    return usual, f"with {n} scenarios a smaller one can't be shown even where nothing changed"


def _passable(unit: float, n: int, margins: Sequence[float] = _MARGINS) -> float | None:
    return next((m for m in margins if margin_test([0.0] * n, m, unit=unit).no_worse <= LEVEL), None)


def _noise(scores: Scores, n: int) -> Iterator[str]:
    """What repeats say of how much two runs of the same differ by chance."""
    found = spread({name: score.repeats for name, score in scores.items()})
    if found.within is None:
        return
    chance = (2.0 * found.within / max(1.0, found.repeats)) ** 0.5
    told = detectable(chance, n, sides=1)
    if told.value is not None:
        yield f"# by its repeats, runs without any change pass 8 times of 10 with a margin of {told.value:.3f}"
