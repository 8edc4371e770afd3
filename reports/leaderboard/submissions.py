"""Which runs a leaderboard takes. Runs are anybody's: nothing that they say of their own score is looked at.

Taken is a run that's finished, on the leaderboard's packs and on as much of them, with this version's prompts,
and with a contestant. Which packs: those that are said, else those of most runs.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rembench.consolidators import CONTROLS
from rembench.consolidators.wording import prompt_hashes
from rembench.harness.errors import UserError
from rembench.harness.spec import read_spec
from rembench.harness.types import ChainKey, NightRecord
from rembench.reports.compare.sources import Source
from rembench.reports.leaderboard.board import Basis, PackOf, Refused

_Kind = tuple[tuple[str, ...], int | None, str | None]
"""The packs' hashes, the limit and the shard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The runs that are taken, what they have in common, and those that aren't."""

    basis: Basis
    sources: tuple[Source, ...]
    refused: tuple[Refused, ...]


def take(sources: Sequence[Source], packs: Sequence[str] = ()) -> Taken:
    """Sort the runs; `packs` are the hashes of the leaderboard's packs. UserError where none can be taken."""
    kind = _kind(sources, tuple(sorted(packs)))
    taken: list[Source] = []
    refused: list[Refused] = []
    for source in sorted(sources, key=lambda one: one.label):
        reason = next(_reasons(source, kind, taken), None)
        if reason is None:
            taken.append(source)
        else:
            refused.append(Refused(label=source.label, reason=reason))
    if not taken:
        where = "; ".join(f"{one.label}: {one.reason}" for one in refused[:3])
        raise UserError("no run can be taken", where=where)
    return Taken(basis=_basis(taken[0]), sources=tuple(taken), refused=tuple(refused))


def contestants(source: Source) -> tuple[Mapping[str, object], ...]:
    """The entries of a run's record that aren't controls, whatever the run says of them."""
    return tuple(
        one
        for one in source.run.record.consolidators
        if not one["control"] and target(str(one["spec"])) not in CONTROLS and one["name"] not in CONTROLS
    )


def target(spec: str) -> str:
    """What a spec names, without its options; a text that's no spec is itself."""
    try:
        return read_spec(spec).target
    except UserError:
        return spec


def _kind_of(source: Source) -> _Kind:
    record = source.run.record
    return tuple(sorted(str(pack["sha256"]) for pack in record.packs)), record.limit, record.shard


def _kind(sources: Sequence[Source], packs: tuple[str, ...]) -> _Kind:
    kinds = Counter(_kind_of(one) for one in sources if not packs or _kind_of(one)[0] == packs)
    if not kinds:
        hashes = ", ".join(sha[:12] for sha in packs)
        raise UserError(f"no run was made on sha256 {hashes}", right="name the packs of the runs with --pack")
    (first, most), *others = kinds.most_common()
    if others and others[0][1] == most:
        right = "say with --pack which is the leaderboard's"
        raise UserError(f"as many runs were made on {_words(first)} as on {_words(others[0][0])}", right=right)
    return first


def _reasons(source: Source, kind: _Kind, taken: Sequence[Source]) -> Iterator[str]:
    run = source.run
    own = _kind_of(source)
    if own != kind:
        yield f"made on {_words(own)}, the leaderboard is on {_words(kind)}"
    prompts = prompt_hashes()
    changed = sorted(
        name for name in {*prompts, *run.record.prompts} if prompts.get(name) != run.record.prompts.get(name)
    )
    if changed:
        yield f"its prompts aren't those of this version: {', '.join(changed[:5])}"
    lacking = run.to_journal() - len(run.nights)
    if lacking > 0:
        yield f"it isn't finished: {lacking} nights aren't in its journal"
    if not contestants(source):
        yield "it has only controls"
    for other in taken:
        if _nights(source) == _nights(other):
            yield f"the same as {other.label}"


def _nights(source: Source) -> dict[tuple[ChainKey, str], NightRecord]:
    """What was journalled, to the microsecond: no two runs have it in common."""
    return {(night.chain, night.night): night for night in source.run.nights}


def _words(kind: _Kind) -> str:
    hashes, limit, shard = kind
    packs = "sha256 " + ", ".join(sha[:12] for sha in hashes)
    first = f", the first {limit} scenarios of each pack" if limit else ""
    return packs + first + (f", shard {shard}" if shard else "")


def _basis(source: Source) -> Basis:
    record = source.run.record
    scenarios = tuple(record.of_shard(source.run.scenarios))
    packs = sorted(record.packs, key=lambda one: str(one["name"]))
    return Basis(
        packs=tuple(
            PackOf(name=str(p["name"]), sha256=str(p["sha256"]), scenarios=int(p.get("scenarios", 0)))
            for p in packs
        ),
        limit=record.limit,
        shard=record.shard,
        scenarios=scenarios,
    )
