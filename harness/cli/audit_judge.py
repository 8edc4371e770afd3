"""The tables of a judge: on every set beside the scorer, by kind, on planted stores, and what it cost."""

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

from rembench.harness.cli.columns import WIDTH, clipped, grid, shown, titled

Table = Mapping[str, Any]
_AGREEMENT = ("n", "kappa", "accuracy", "abstained")
_HEAD = ("values", "kappa", "accuracy", "abstained")
_AMOUNTS = {
    "input_tokens": "input tokens",
    "output_tokens": "output tokens",
    "cache_read_tokens": "tokens read from a cache",
    "cache_write_tokens": "tokens written to a cache",
    "usd": "US dollars",
}


def judge_lines(judge: Table, found: Table, readers: str) -> Iterator[str]:
    """All tables of `judge`, beside the scorer's numbers in the audit `found`."""
    pairs = {name: (found["validity"][name], one) for name, one in judge["validity"].items()}
    pairs |= {"all sets": (found["pooled"], judge["pooled"])}
    yield from titled(f"The judge beside the scorer{readers}", _made(judge))
    yield from _beside(pairs)
    yield "no verdict counts as disagreement"
    kinds = {k: (found["pooled"]["by_kind"][k], one) for k, one in judge["pooled"]["by_kind"].items()}
    yield from titled(f"The judge beside the scorer, by kind of item, all sets{readers}", _beside(kinds))
    yield from titled("The judge and the scorer with one another", _one_another(pairs))
    planted = judge["planted"]
    changed = f"{planted['bait_changed']} of {planted['bait_n']}"
    stores = {name: (planted["scorer"][name], one) for name, one in planted["judge"].items()}
    yield from titled("Stores planted right and wrong, and right with text aimed at a judge", _beside(stores))
    yield f"{changed} of the judge's verdicts changed by text aimed at it"
    yield from titled("Values that the judge gave no verdict on, by reason; the first of each", _reasons(judge))
    yield from _cost(judge["cost"])


def _made(judge: Table) -> list[str]:
    options = ", ".join(f"{name}={value}" for name, value in judge["options"].items())
    models = ", ".join(judge["models"]) or "not said"
    prompts = ", ".join(f"{name} {digest[:12]}" for name, digest in judge["prompts"].items())
    line = f"judge {judge['name']} · options: {options or 'none'} · model: {models} · prompts: {prompts}"
    return wrap(line, WIDTH, subsequent_indent="  ")


def _beside(pairs: Mapping[str, tuple[Table, Table]]) -> list[str]:
    """Two rows for every name: the scorer's and the judge's."""
    rows = [["", *_HEAD]]
    for name, both in pairs.items():
        for who, one in zip(("scorer", "judge"), both, strict=True):
            rows.append([f"{name}, {who}", *(shown(one[key]) for key in _AGREEMENT)])
    return grid(rows)


def _one_another(pairs: Mapping[str, tuple[Table, Table]]) -> list[str]:
    rows = [["set", "values with both verdicts", "kappa"]]
    for name, (_, one) in pairs.items():
        rows.append([name, shown(one["scorer_n"]), shown(one["scorer_kappa"])])
    return grid(rows)


def _reasons(judge: Table) -> list[str]:
    found = judge["no_verdicts"].values()
    return [clipped(f"{one['n']}: {one['example']}") for one in found] or ["none"]


def _cost(cost: Table) -> Iterator[str]:
    yield f"cost: {cost['calls']} calls"
    for name, title in _AMOUNTS.items():
        amount = cost[name]
        if amount is None:
            yield f"  {title}: unknown of {cost[f'{name}_unknown_calls']} calls"
        else:
            yield f"  {title}: {f'{amount:.4f}' if name == 'usd' else f'{amount:,}'}"
