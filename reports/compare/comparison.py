"""A comparison: all that's told of the consolidators of one run or several."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rembench.harness.engine.record import PRICES
from rembench.harness.errors import UserError
from rembench.harness.scoring import Progress, Run
from rembench.harness.types import ChainEvidence
from rembench.reports.compare.cases import Cases, cases
from rembench.reports.compare.entrants import Entrant, entrants
from rembench.reports.compare.front import Front, fronts
from rembench.reports.compare.nights import NightDiff, check_asked, most_differing, night_diff, place_of
from rembench.reports.compare.pairs import Pair, Pairs, Slices, all_pairs, best_control, detailed, slices
from rembench.reports.compare.sources import Shared, Source, labelled, shared
from rembench.reports.run_card import WRAPPED
from rembench.reports.tallies import failures

NIGHTS = 3
"""So many nights are shown of a pair; of each of more than three pairs, one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the user asks for: contestants by name, one scenario and one night of it for the diff."""

    consolidators: tuple[str, ...] = ()
    scenario: str | None = None
    night: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What's gone into of one pair: the nights in which they differ most, and where they differ."""

    pair: Pair
    nights: tuple[NightDiff, ...]
    cases: Cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All of it; `notes` are sentences on what a reader should know of how these runs compare."""

    sources: tuple[Source, ...]
    shared: Shared
    entrants: tuple[Entrant, ...]
    control: Entrant | None
    pairs: Pairs
    slices: Slices
    fronts: tuple[Front, ...]
    details: tuple[Detail, ...]
    asked: Asked = field(default_factory=Asked)
    notes: tuple[str, ...] = ()

    @property
    def contestants(self) -> tuple[Entrant, ...]:
        """Those that are compared."""
        return tuple(one for one in self.entrants if one.contestant)


NOTHING_ASKED = Asked()


def compare(
    runs: Sequence[Run], asked: Asked = NOTHING_ASKED, *, progress: Progress | None = None
) -> Comparison:
    """Compare everyone in the runs, each of which is given once."""
    check_asked(asked.scenario, asked.night)
    sources = labelled(runs)
    kept = shared(sources)
    everyone = entrants(sources, kept, asked.consolidators, progress)
    control = best_control(everyone)
    pairs = all_pairs(everyone, control)
    if not pairs.pairs:
        raise UserError(
            f"there's only {everyone[0].label}, nobody to compare it with",
            where=", ".join(one.label for one in sources),
            right="give another run, or run the controls too",
        )
    chosen = detailed(pairs.pairs)
    return Comparison(
        sources=sources,
        shared=kept,
        entrants=everyone,
        control=control,
        pairs=pairs,
        slices=slices(chosen),
        fronts=fronts(everyone, pairs.pairs),
        details=tuple(_detail(pair, asked, NIGHTS if len(chosen) <= NIGHTS else 1) for pair in chosen),
        asked=asked,
        notes=tuple(_notes(sources, kept, everyone)),
    )


def _detail(pair: Pair, asked: Asked, nights: int) -> Detail:
    if asked.scenario is not None:
        places = [place_of(pair.first, pair.second, asked.scenario, asked.night)]
    else:
        places = most_differing(pair.first, pair.second, nights)
    return Detail(pair=pair, nights=tuple(night_diff(place) for place in places), cases=cases(pair))


def _notes(sources: Sequence[Source], kept: Shared, everyone: Sequence[Entrant]) -> Iterator[str]:
    yield from _about_scenarios(kept)
    yield from _about_runs(sources)
    contestants = [one for one in everyone if one.contestant]
    if len({one.transcript for one in contestants}) > 1 and any(
        one.transcript == "wrapped" for one in contestants
    ):
        yield WRAPPED
    for one in contestants:
        if found := failures(one.chains):
            yield f"{one.label}: {_failed(one.chains, found)}; they're missing, not zeros."


def _failed(chains: Sequence[ChainEvidence], found: Mapping[str, int]) -> str:
    """Failed nights of all, and those that nobody came to after them."""
    nights = sum(len(chain.scenario.nights) for chain in chains)
    counts = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in found.items())
    left = nights - sum(len(chain.nights) for chain in chains)
    unreached = f", {left} after them not reached" if left else ""
    return f"{sum(found.values())} of {nights} nights failed ({counts}){unreached}"


def _about_scenarios(kept: Shared) -> Iterator[str]:
    left = {label: count for label, count in kept.left_out.items() if count}
    if left:
        counts = ", ".join(f"{n} of {label}" for label, n in left.items())
        count = f"{len(kept.originals)} scenario{'' if len(kept.originals) == 1 else 's'}"
        yield f"Compared on the {count} that all runs have; left out: {counts}."
    if kept.changed:
        named = ", ".join(kept.changed[:3])
        more = f" and {len(kept.changed) - 3} more" if len(kept.changed) > 3 else ""
        yield f"Left out because they aren't the same in all runs: {named}{more}."


def _about_runs(sources: Sequence[Source]) -> Iterator[str]:
    records = [(one.label, one.run.record) for one in sources]
    if len({record.repeats for _, record in records}) > 1:
        yield "The runs' repeats differ: " + ", ".join(f"{label} {r.repeats}" for label, r in records) + "."
    priced = {label: r.versions.get(PRICES, "unknown") for label, r in records}
    if len(set(priced.values())) > 1:
        listed = ", ".join(f"{label} {version}" for label, version in priced.items())
        yield f"The runs' prices are of different tables: {listed}. US dollars compare the tables too."
    prompts = sorted(
        {
            name
            for _, one in records
            for _, other in records
            for name in one.prompts.keys() & other.prompts.keys()
            if one.prompts[name] != other.prompts[name]
        }
    )
    if prompts:
        yield f"The runs' prompts differ: {', '.join(prompts)}. A part of a difference may be that."
    for one in sources:
        lacking = one.run.to_journal() - len(one.run.nights)
        if lacking > 0:
            yield f"{one.label} isn't finished: {lacking} nights are missing from every number."
