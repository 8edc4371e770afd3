"""Ranks by kind of item: the share of its values that are right, as on the whole board by the same tests."""

from collections.abc import Mapping, Sequence

from rembench.harness.statistics.pairs import Values
from rembench.harness.statistics.ranks import rank_intervals
from rembench.metrics import METRICS
from rembench.reports.by_scenario import slice_tables
from rembench.reports.leaderboard.board import Entry, Standing

KIND_METRIC = "values_right"
"""What an entry's ranks on a kind of item are by: every kind has values that can be right."""

_PREFIX = "kind="


def kind_standings(entries: Sequence[Entry]) -> dict[str, dict[str, Standing]]:
    """Kind → label → its ranks on the items of that kind; those without a rank on the board have none."""
    players = sorted((one for one in entries if one.ranked), key=lambda one: one.label)
    values: dict[str, dict[str, Values]] = {}
    for one in players:
        for kind, found in _by_kind(one).items():
            values.setdefault(kind, {})[one.label] = found
    return {kind: _standings(values[kind]) for kind in sorted(values)}


def _by_kind(entry: Entry) -> dict[str, Mapping[str, float | None]]:
    metric = METRICS[KIND_METRIC]
    cells = [
        (chain.chain.scenario, tuple(metric.cells(chain)))
        for chain in entry.chains
        if metric.concerns(chain.scenario)
    ]
    tables = slice_tables(metric, {metric.name: cells})
    return {
        name.removeprefix(_PREFIX): table.values for name, table in tables.items() if name.startswith(_PREFIX)
    }


def _standings(values: Mapping[str, Values]) -> dict[str, Standing]:
    ranks, of = rank_intervals(values).ranks, len(values)
    return {
        label: Standing(best=None, worst=None, of=of, reason=one.reason)
        if one.reason
        else Standing(best=one.best, worst=one.worst, of=of)
        for label, one in ranks.items()
    }
