"""Skill: how far a consolidator gets from the best trivial control to the oracle.

    obligations_met      values expected held or open and observed so / those expected held or open
    prohibitions_broken  values expected retired and observed held, or expected absent and observed otherwise
                         / those expected retired or absent
    informedness  J      obligations_met - prohibitions_broken
    skill                max(0, (J - T) / (O - T)); T is the J of the best control, O that of the oracle

obligations_met and prohibitions_broken range from 0 to 1, macro over kinds, and are never pooled: J is their
difference, from -1 to 1, and keeping everything gains as little by it as keeping nothing. skill is 0 for
whoever is no better than the best control, and 1 for the oracle; it's undefined where the oracle isn't better
than the controls. Youden, Index for rating diagnostic tests, Cancer 3 (1950); Powers, Evaluation: from
precision, recall and F-measure to ROC, informedness, markedness and correlation, JMLT 2 (2011); skill as a
fraction of the distance to a perfect forecast: Murphy, Skill scores based on the mean square error, Monthly
Weather Review 116 (1988).
"""

from collections.abc import Iterator

from rembench.harness.types import Cell, ChainEvidence
from rembench.metrics.cells import points, proportion
from rembench.metrics.metric import Metric


def _met(evidence: ChainEvidence) -> Iterator[Cell]:
    yield from proportion(points(evidence, "held"), lambda observed: observed == "held")
    yield from proportion(points(evidence, "open"), lambda observed: observed == "open")


def _broken(evidence: ChainEvidence) -> Iterator[Cell]:
    yield from proportion(points(evidence, "retired"), lambda observed: observed == "held")
    yield from proportion(points(evidence, "absent"), lambda observed: observed != "absent")


OBLIGATIONS_MET = Metric(
    name="obligations_met",
    title="Obligations met",
    asks="Of what should be held or flagged as open, how much is?",
    better="higher",
    role="obligation",
    unit="share",
    cells=_met,
)
PROHIBITIONS_BROKEN = Metric(
    name="prohibitions_broken",
    title="Prohibitions broken",
    asks="Of what must not be stated or must be gone, how much is there?",
    better="lower",
    role="prohibition",
    unit="share",
    cells=_broken,
)
INFORMEDNESS = Metric(
    name="informedness",
    title="Informedness",
    asks="How much more of what should be there than of what shouldn't?",
    better="higher",
    role="description",
    unit="difference",
    limits=(-1.0, 1.0),
    of=("obligations_met", "prohibitions_broken"),
    combine=lambda met, broken: met - broken,
)
SKILL = Metric(
    name="skill",
    title="Skill",
    asks="How far does it get from the best trivial control (0) to the oracle (1)?",
    better="higher",
    role="description",
    unit="share of the way",
    relative_to="informedness",
    headline=True,
)
