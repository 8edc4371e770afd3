"""One finished scenario: the world's plots, told, with items, expectations and the log."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rembench.harness.errors import UserError
from rembench.harness.generator import facts, forgetting, lures, updates
from rembench.harness.generator.dials import Dials
from rembench.harness.generator.domain import domain
from rembench.harness.generator.draw import Draw
from rembench.harness.generator.log import log_events
from rembench.harness.generator.plot import Beat, Plot, PlotValue
from rembench.harness.generator.sessions import Told, tell
from rembench.harness.generator.store import starting_store
from rembench.harness.generator.values import NoneLeftError
from rembench.harness.generator.world import World
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.scenario.reader import SCHEMA, scenario_of
from rembench.harness.tokens import memory_tokens
from rembench.harness.types import Stance

Maker = Callable[[World, Draw, str | None], list[Plot]]

MAKERS: Mapping[str, tuple[Maker, tuple[str | None, ...], float]] = {
    "fact": (facts.fact, (None,), 0.20),
    "update": (updates.update, updates.TACTICS, 0.30),
    "conditional": (facts.conditional, ("together", "exception"), 0.06),
    "conflict": (facts.conflict, ("open", "pretended", "settled"), 0.07),
    "temporary": (facts.temporary, (None,), 0.06),
    "trap": (lures.trap, lures.TRAPS, 0.08),
    "deletion": (forgetting.deletion, forgetting.TACTICS, 0.08),
    "pattern": (facts.pattern, (None,), 0.05),
    "secret": (lures.secret, (None,), 0.04),
    "injection": (lures.injection, ("document", "own-note"), 0.03),
    "scope": (lures.scope, (None,), 0.03),
}
"""Kind → who makes it, its tactics, its share of a scenario; controls come with what they stand beside."""


_ATTEMPTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to make: `number` is the scenario's place in its pack, from which its tactics are dealt.

    `secrets`: so many matters that somebody wants gone, and all of them for good; None: by the items' shares.
    `counts`: so many of each kind, in place of those by shares; `tactics`: these of a kind, in place of all.
    """

    id: str
    domain: str
    dials: Dials
    seed: str
    number: int
    kinds: tuple[str, ...] = tuple(MAKERS)
    secrets: int | None = None
    counts: Mapping[str, int] | None = None
    tactics: Mapping[str, tuple[str | None, ...]] | None = None


def make(order: Order, *, twin: bool = False) -> dict[str, Any]:
    """The scenario as a JSON object, with its log under `x_log`; the same order gives the same bytes.

    Its `twin` is the same world, told without what somebody wants gone.
    """
    world = World(domain(order.domain), order.dials, Draw("rembench", order.seed, order.id))
    plots = _plots(world, order)
    _instruct(world, plots)
    beats = [beat for made in plots for beat in made.beats]
    told = tell(world, beats, twin=twin)
    store = starting_store(world, plots, world.draw.stream("store"), twin=twin)
    refed = _refed(world, plots)
    if twin:
        plots = [_without(p) if p.sensitive else p for p in plots if p.tactic != "re-consent"]
        beats = [beat for beat in beats if not beat.sensitive]
    steps = _steps(world, told, beats, refed)
    made = {
        "schema": SCHEMA,
        "id": f"{order.id}-twin" if twin else order.id,
        "title": _title(world),
        "origin": "synthetic",
        "domain": order.domain,
        "language": "en",
        **({"level": order.dials.level} if order.dials.level else {}),
        **({"twin_of": order.id} if twin else {}),
        "store": store,
        "steps": steps,
        "items": [_item(world, p, told, twin=twin) for p in plots],
    }
    made["x_log"] = log_events(world, plots, told, beats, twin=twin)
    _budget(world, made)
    return made


def _plots(world: World, order: Order) -> list[Plot]:
    plots: list[Plot] = []
    for kind, tactics in _tactics(order).items():
        for n, tactic in enumerate(tactics):
            first = kind == "fact" and n == 0
            plots += _made(world, facts.first_fact if first else MAKERS[kind][0], (kind, n), tactic)
    for n in range(world.dials.trivia):
        plots += _made(world, facts.trivia, ("trivia", n), None)
    return plots


def _first_tactic(order: Order, kind: str, size: int) -> int:
    """With which of `size` tactics a scenario begins.

    So many scenarios one after the other begin with one each, in an order that's drawn anew every time: no
    tactic belongs to a level or to a setting, which come round at regular distances.
    """
    turn, place = divmod(order.number, size)
    return Draw("rembench", order.seed, "tactics", kind, turn).shuffled(range(size))[place]


def _made(world: World, maker: Maker, which: tuple[str, int], tactic: str | None) -> list[Plot]:
    """What a maker makes; where it runs out of values or of people it begins again elsewhere."""
    for attempt in range(_ATTEMPTS):
        try:
            return maker(world, world.draw.stream("plot", *which, attempt), tactic)
        except NoneLeftError:
            continue
    raise UserError(
        f"no room for so many items of kind {which[0]}",
        where=f"the setting {world.domain.id}",
        right=f"fewer than items={world.dials.items} and trivia={world.dials.trivia}",
    )


def _tactics(order: Order) -> dict[str, list[str | None]]:
    """Kind → the tactics of its items, dealt in turn over the scenarios of a pack."""
    counts = order.counts or _counts(order.dials.items, order.kinds)
    dealt = {}
    for kind, (_, every, _share) in MAKERS.items():
        n, own = counts.get(kind, 0), (order.tactics or {}).get(kind, every)
        begin = _first_tactic(order, kind, len(own))
        dealt[kind] = [own[(begin + k) % len(own)] for k in range(n)]
    if order.secrets is not None:
        dealt["deletion"] = _for_good(order.number, order.secrets)
    return dealt


def _for_good(number: int, secrets: int) -> list[str | None]:
    """Tactics that make so many secrets in all; a compound request is for two."""
    others = [t for t in forgetting.ASKED if t not in {"compound", "re-consent"}]
    pairs = 1 if number % 2 == 0 and secrets > 1 else 0
    alone = [others[(number * secrets + k) % len(others)] for k in range(secrets - 2 * pairs)]
    return [*["compound"] * pairs, *alone]


def _counts(items: int, kinds: Sequence[str]) -> dict[str, int]:
    """How many of each kind: by their shares, at least one of each where there's room, facts for the rest."""
    shares = {kind: MAKERS[kind][2] for kind in MAKERS if kind in kinds}
    whole = sum(shares.values())
    counts = {kind: max(1, int(items * share / whole)) for kind, share in shares.items()}
    while sum(counts.values()) > items and max(counts.values()) > 1:
        most = max(counts, key=lambda kind: counts[kind])
        counts[most] -= 1
    counts["fact"] = counts.get("fact", 0) + max(1 if "fact" not in kinds else 0, items - sum(counts.values()))
    return {kind: counts[kind] for kind in MAKERS if kind in counts}


def _instruct(world: World, plots: Sequence[Plot]) -> None:
    """Choose the nights' instructions, where there's something to leave out; mark what they speak of."""
    trivial = [p for p in plots if p.instruction == "ignore"]
    if not trivial:
        return
    found = world.draw.stream("instruction").one(world.domain.instructions)
    slots = {s.attribute: s.id for c in world.domain.classes for s in c.slots}
    for made in plots:
        name = slots.get(made.attribute)
        if made.instruction == "ignore":
            if name not in found.ignore:
                made.instruction = None
                made.tactic = None
                made.tags = ("omission",)
                made.values[0].stances = [(made.beats[0].at, "held")]
        elif name in found.prioritise:
            made.instruction = "prioritise"
    world.instructions = found.text


def _without(sensitive: Plot) -> Plot:
    """What a twin expects: absent from the night on at which the original does, and never anything else."""
    values = []
    for value in sensitive.values:
        gone: list[tuple[float, Stance | None]] = [one for one in value.stances if one[1] == "absent"]
        values.append(replace(value, stances=gone))
    return replace(sensitive, values=values, beats=[], stored=[])


def _title(world: World) -> str:
    draw = world.draw.stream("title")
    return world.words.fill(draw.one(world.domain.titles), draw, org=world.org)


def _steps(
    world: World, told: Sequence[Told], beats: Sequence[Beat], refed: Mapping[int, list[str]]
) -> list[dict[str, Any]]:
    """All steps in order; `refed` says which nights are given old sessions too, and which ones."""
    timed: list[tuple[float, dict[str, Any]]] = []
    for n, session in enumerate(told):
        at = world.calendar.sessions[n]
        messages = [_message(turn.role, turn.text, turn.name) for turn in session.turns]
        step = {"type": "session", "id": f"s{n + 1}", "at": stamp(at), "agent": world.domain.agent,
                "user": world.speaker(n), "messages": messages}  # fmt: skip
        timed.append((float(n), step))
    written = [beat for beat in beats if beat.written]
    for n, beat in enumerate(sorted(written, key=lambda b: b.at)):
        at = world.calendar.written(int(beat.at))
        request = beat.turns[0].text
        timed.append((beat.at, {"type": "delete", "id": f"d{n + 1}", "at": stamp(at), "request": request}))
    for n, night in enumerate(world.calendar.nights):
        step = {"type": "consolidate", "id": f"c{n + 1}", "at": stamp(night.at)}
        if world.instructions:
            step["instructions"] = world.instructions
        if night.quiet:
            step["sessions"] = []
        elif n in refed:
            step["sessions"] = refed[n]
        timed.append((night.place, step))
    return [step for _, step in sorted(timed, key=lambda one: one[0])]


def _message(role: str, text: str, name: str | None) -> dict[str, str]:
    return {"role": role, **({"name": name} if name else {}), "content": text}


def stamp(at: datetime) -> str:
    """A time as the format has it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _refed(world: World, plots: Sequence[Plot]) -> dict[int, list[str]]:
    """The night that's given old sessions again, two nights after the first request: night → session ids.

    The sessions in which a deleted matter was told, and, so that a right memory can tell, those in which
    anything was said later of the sensitive matters told in them; then the night's own. A twin is given the
    same ones.
    """
    if not world.dials.refeed:
        return {}
    nights = world.calendar.nights
    asked = [b.at for p in plots for b in p.beats if any(e.get("entitled") for e in b.events)]
    if not asked:
        return {}
    first = world.calendar.night_from(min(asked))
    chosen = next((n for n in range(first + 2, len(nights)) if not nights[n].quiet), None)
    if chosen is None:
        return {}
    done = max(at for at in asked if at <= nights[first].place)
    start = int(max((n.place for n in nights[:chosen]), default=-1)) + 1
    own = range(start, int(nights[chosen].place) + 1)
    matters = [
        (p, {int(b.at) for b in p.beats if not b.written and b.at < start}) for p in plots if p.sensitive
    ]
    told = {n for p, places in matters for n in places if p.tactic != "re-consent" and n <= done}
    whole = _with_all_said(told, [places for _, places in matters])
    return {chosen: [f"s{n + 1}" for n in sorted({*whole, *own})]}


def _with_all_said(sessions: set[int], matters: Sequence[set[int]]) -> set[int]:
    """Those sessions, and all others that speak of what they speak of: `matters` are where each is told."""
    found = set(sessions)
    while more := {n for places in matters if places & found for n in places} - found:
        found |= more
    return found


def _item(world: World, made: Plot, told: Sequence[Told], *, twin: bool) -> dict[str, Any]:
    evidence: dict[int, list[str]] = {}
    for n, session in enumerate(told):
        for beat, message in session.places:
            for item, number in beat.evidence:
                if item == made.id and not (twin and beat.sensitive):
                    evidence.setdefault(number, []).append(f"s{n + 1}#{message}")
    return {
        "id": made.id,
        "kind": made.kind,
        **({"tactic": made.tactic} if made.tactic else {}),
        "subject": made.subject,
        "subject_aliases": list(made.subject_aliases),
        "attribute": made.attribute,
        "attribute_aliases": list(made.attribute_aliases),
        "question": made.question,
        **({"tags": list(made.tags)} if made.tags else {}),
        **({"instruction": made.instruction} if made.instruction else {}),
        "values": [_value(world, v, evidence.get(n, [])) for n, v in enumerate(made.values)],
    }


def _value(world: World, value: PlotValue, evidence: list[str]) -> dict[str, Any]:
    nights = world.calendar.nights
    return {
        "text": value.text,
        "aliases": list(value.aliases),
        **({"type": value.type} if value.type else {}),
        **({"match_any": [[list(g) for g in groups] for groups in value.match_any]} if value.match_any else {}),
        **({"condition": {"text": value.condition, "aliases": []}} if value.condition else {}),
        **({"where": value.where} if value.where else {}),
        **({"gives_away": True} if value.gives_away else {}),
        "evidence": evidence,
        "expect": {f"c{n + 1}": value.stance(night.place) for n, night in enumerate(nights)},
    }


def _budget(world: World, made: dict[str, Any]) -> None:
    """Write budgets: a multiple of the right memory's tokens at each night."""
    if not world.dials.budget:
        return
    scenario = scenario_of(made)
    for step in made["steps"]:
        if step["type"] == "consolidate":
            needed = memory_tokens(oracle_memory(scenario, step["id"]))
            step["write_budget"] = max(50, -(-int(needed * world.dials.budget) // 10) * 10)
