"""Runs that a page must be readable for, each made of one that was really run and scored."""

from dataclasses import replace

from rembench.harness.cli.score import Scored
from rembench.harness.night import Usage
from rembench.reports.summary import summarise
from tests.reports.conftest import FAILING


def again(scored: Scored, evidence, names=None) -> Scored:
    """The run as it were with this evidence alone; `names` are consolidators by the entry they're made from."""
    record = scored.run.record.to_json()
    entries = {one["name"]: one for one in record["consolidators"]}
    chosen = names or {name: name for name in entries}
    record["consolidators"] = [{**entries[old], "name": new} for new, old in chosen.items()]
    chains = tuple(sorted(evidence, key=lambda one: one.chain))
    summary = summarise(record, chains, controls=scored.run.record.controls & set(chosen))
    return replace(scored, evidence=chains, summary=summary)


def one_scenario(scored: Scored) -> Scored:
    first = scored.evidence[0].chain.scenario
    return again(scored, [one for one in scored.evidence if one.chain.scenario == first])


def all_failures(scored: Scored) -> Scored:
    names = {FAILING: FAILING}
    return again(scored, [one for one in scored.evidence if one.chain.consolidator == FAILING], names)


def unknown_cost(scored: Scored) -> Scored:
    """Nobody reported tokens or prices."""
    return again(
        scored,
        [
            replace(one, nights={n: replace(night, usage=Usage()) for n, night in one.nights.items()})
            for one in scored.evidence
        ],
    )


def thirty(scored: Scored) -> Scored:
    """Thirty contestants beside the controls."""
    entries = scored.run.record.consolidators
    controls = [one["name"] for one in entries if one["control"]]
    models = [one["name"] for one in entries if one["name"] != FAILING]
    names = {
        f"memory_tool:model=pretend-{n:02d},rounds={n % 4}": models[n % len(models)] for n in range(29)
    } | {FAILING: FAILING}
    names |= {name: name for name in controls}
    evidence = [
        replace(one, chain=replace(one.chain, consolidator=new))
        for new, old in names.items()
        for one in scored.evidence
        if one.chain.consolidator == old
    ]
    return again(scored, evidence, names)
