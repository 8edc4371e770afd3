"""Plots of what somebody wants gone: how it's asked for, what gives it away, where a copy lies, what must stay.

A deletion's story: the matter is told (or lies in the store), a night later the request comes, and nights
follow in which it must stay away. Everything about it is `sensitive`: the twin never has it.
"""

from dataclasses import dataclass

from rembench.harness.generator.calendar import WRITTEN
from rembench.harness.generator.domain import Deletable
from rembench.harness.generator.draw import Draw
from rembench.harness.generator.facts import control, plain, told_fact
from rembench.harness.generator.plot import Event, Plot, PlotValue, Turn
from rembench.harness.generator.telling import Telling, plot
from rembench.harness.generator.values import NoneLeftError
from rembench.harness.generator.world import IN_STORE, Open, Subject, World

ASKED = ("direct", "category", "alias", "description", "compound", "look-alike", "re-consent")
NOT_ASKED = ("pseudo", "third-party")
TACTICS = (*ASKED, *NOT_ASKED)


@dataclass(frozen=True, slots=True)
class _When:
    """When a matter is told and when its deletion is asked for; `outside`: in writing, not in a session."""

    told: float
    asked: float
    outside: bool


def deletion(world: World, draw: Draw, tactic: str | None) -> list[Plot]:
    """A deletion in the way of `tactic`, with what stands beside it and must stay."""
    if tactic in NOT_ASKED:
        return _not_asked(world, draw, tactic)
    spec = _spec(world)
    subject = world.asked_subject(spec, draw)
    when = _when(world, draw, outside=tactic in {"direct", "category"} and draw.chance(0.4))
    secret = _secret(world, draw, (spec, subject), tactic, when)
    clue = _clue(world, draw, (spec, subject), when) if draw.chance(0.5) else None
    plots = [secret, *([clue] if clue else [])]
    others = [secret.plot]
    if tactic == "compound":
        second = _second(world, draw, subject, when)
        plots.append(second)
        others.append(second.plot)
    neighbour = _neighbour(world, draw, subject)
    if tactic == "compound" and not neighbour:
        raise NoneLeftError(f"{world.domain.id}: nothing left of {subject.name!r} that could stay")
    _ask(secret, [p.plot for p in plots], spec, when, neighbour)
    for told in plots:
        for value in told.plot.values:
            value.stances.append((when.asked, "absent"))
    if tactic == "re-consent":
        _consent(world, draw, secret, spec, when)
    made = [p.plot for p in plots] + ([neighbour] if neighbour else [])
    return made + (_look_alike(world, draw, spec, subject) if tactic == "look-alike" else [])


def _spec(world: World) -> Deletable:
    """The next of the domain's sensitive matters."""
    ids = [spec.id for spec in world.domain.deletables]
    chosen = world.form("deletables", tuple(ids))
    return next(spec for spec in world.domain.deletables if spec.id == chosen)


def _when(world: World, draw: Draw, *, outside: bool) -> _When:
    """Told before a night, asked for after it, with as many nights as there may be after that."""
    nights = [n for n in world.calendar.nights if not n.quiet]
    if len(nights) == 1:
        end = int(nights[0].place)
        told = draw.between(0, max(0, end - 1))
        asked = draw.between(min(told + 1, end), end)
    else:
        k = draw.between(0, max(0, min(len(nights) - 4, 2)))
        start = int(nights[k - 1].place) + 1 if k else 0
        told = draw.between(start, int(nights[k].place))
        asked = draw.between(int(nights[k].place) + 1, int(nights[k + 1].place))
    return _When(float(told), asked + WRITTEN if outside else float(asked), outside)


def _secret(
    world: World, draw: Draw, about: tuple[Deletable, Subject], tactic: str | None, when: _When
) -> Telling:
    spec, subject = about
    told = plot(world, ("deletion", tactic), subject, spec)
    told.plot.sensitive = True
    number = told.value(world.value(spec.value, draw))
    told.state(when.told, number, spec.say, alone=True)
    told.holds(number, when.told)
    if tactic in {"direct", "category"} and draw.chance(0.5):
        _copy(told, number)
    told.plot.tags = ("leakage",)
    return told


def _copy(told: Telling, number: int) -> None:
    """The store has the matter from the start, and the part of it that all share has a copy."""
    files = told.world.domain.files
    value = told.plot.values[number]
    told.store(number, told.path(), told.draw())
    value.stances.insert(0, (IN_STORE, "held"))
    folder = files.shared.rpartition("/")[0]
    told.plot.values.append(
        PlotValue(text=value.text, aliases=value.aliases, type=value.type, where=f"{folder}/**")
    )
    line = f"- {told.subject.name}, {told.plot.attribute}: {value.text}"
    told.plot.stored.append((files.shared, line, told.event("copied", value=number + 1, path=files.shared)))


def _clue(world: World, draw: Draw, about: tuple[Deletable, Subject], when: _When) -> Telling:
    """Another fact from which the matter can be worked out, told beside it."""
    spec, subject = about
    told = plot(world, ("deletion", "gives-away"), subject, spec.gives_away)
    told.plot.sensitive = True
    number = told.value(world.value(spec.gives_away.value, draw))
    told.plot.values[number].gives_away = True
    told.state(when.told, number, spec.gives_away.say, alone=True)
    told.holds(number, when.told)
    told.plot.tags = ("leakage",)
    return told


def _second(world: World, draw: Draw, subject: Subject, when: _When) -> Telling:
    """Another sensitive matter, of the same person where it can be."""
    for _ in range(len(world.domain.deletables)):
        spec = _spec(world)
        if spec.subject == subject.class_.id and world.claim(subject, spec.attribute):
            break
    else:
        spec = _spec(world)
        subject = world.asked_subject(spec, draw)
    told = _secret(world, draw, (spec, subject), "compound", when)
    told.plot.question = told.plot.question.replace("{S}", subject.name)
    return told


def _neighbour(world: World, draw: Draw, subject: Subject) -> Plot | None:
    """Another attribute of the same subject, known before the request, that must stay."""
    slots = [s for s in subject.class_.slots if not s.low and world.is_free(subject, s.id)]
    if not slots:
        return None
    slot = draw.one(slots)
    world.claim(subject, slot.id)
    told = told_fact(world, draw, Open(subject, slot), "control", 0.0)
    told.plot.tactic = "neighbour"
    told.plot.tags = ("over-forgetting",)
    return told.plot


def _request(told: Telling, spec: Deletable, tactic: str, draw: Draw) -> str:
    """The request as a clause."""
    forms = {"category": spec.category_request, "description": spec.description}.get(tactic, spec.direct)
    name = told.subject.short if tactic == "alias" and told.subject.short else told.subject.name
    return told.clause(forms, draw, S=name, V="")


def _ask(told: Telling, targets: list[Plot], spec: Deletable, when: _When, neighbour: Plot | None) -> None:
    """The request, in a session or in writing, for everything in `targets`."""
    tactic = told.plot.tactic or "direct"
    draw = told.draw()
    world = told.world
    by = world.speaker(when.asked)
    how = tactic if tactic in {"category", "alias", "description", "compound"} else "direct"
    pairs = [[p.id, n] for p in targets for n in range(len(p.values))]
    event: Event = {"act": "asks_deletion", "targets": pairs, "by": by, "entitled": True, "how": how}
    request = _whole_request(told, targets, spec, draw)
    words = told.words(draw, P=by, r=request)
    if when.outside:
        turn = Turn("user", world.words.say("deletion_outside", draw, **words), main=True)
        told.turns(when.asked, (turn,), [event], written=True)
        return
    if tactic == "compound" and neighbour:
        kept = {"attribute": neighbour.attribute, "S": neighbour.subject}
        parts = {"r": _sentence(request), "r2": _sentence(_other_request(told, targets[-1], draw))}
        text = world.words.say("compound", draw, **(words | kept | parts))
    else:
        text = world.words.say("deletion_wrap", draw, **words)
    told.beat(when.asked, text, world.words.say("ack_delete", draw, **words), [event], alone=True)


def _whole_request(told: Telling, targets: list[Plot], spec: Deletable, draw: Draw) -> str:
    """The request; where something else gives the matter away, that's asked for too."""
    request = _request(told, spec, told.plot.tactic or "direct", draw)
    clues = [p for p in targets if p.tactic == "gives-away"]
    return f"{request}, and whatever it could be worked out from" if clues else request


def _other_request(told: Telling, other: Plot, draw: Draw) -> str:
    spec = next(s for s in told.world.domain.deletables if s.attribute == other.attribute)
    return told.clause(spec.direct, draw, S=other.subject, V="")


def _sentence(text: str) -> str:
    made = text[:1].upper() + text[1:]
    return made if made[-1:] in ".?!" else f"{made}."


def _consent(world: World, draw: Draw, told: Telling, spec: Deletable, when: _When) -> None:
    """Later it may be kept after all."""
    last = world.dials.sessions - 1
    after = world.calendar.nights[min(world.calendar.night_from(when.asked), len(world.calendar.nights) - 1)]
    if int(after.place) >= last:
        told.plot.tactic = "direct"
        return
    at = float(draw.between(int(after.place) + 1, last))
    beat = told.draw()
    words = told.words(
        beat, V=told.plot.values[0].text, c=told.clause(spec.say, beat, V=told.plot.values[0].text)
    )
    text = world.words.say("consent", beat, **words)
    event: Event = {"act": "consents", "targets": [[told.plot.id, 0]], "by": world.speaker(at)}
    told.beat(at, text, world.words.say("restore_ack", beat, **words), [event], (0,), alone=True)
    told.holds(0, at)


def _look_alike(world: World, draw: Draw, spec: Deletable, subject: Subject) -> list[Plot]:
    """The same matter of somebody with a like name, who asked for nothing."""
    other = world.like(subject, draw, spec.attribute)
    world.claim(other, spec.attribute)
    told = plot(world, ("control", "look-alike"), other, spec)
    number = told.value(world.value(spec.value, draw))
    at = world.places(draw, 1)[0]
    told.state(at, number, spec.say)
    told.holds(number, at)
    told.plot.tags = ("over-forgetting", "confusion")
    return [told.plot]


def _not_asked(world: World, draw: Draw, tactic: str | None) -> list[Plot]:
    """What sounds like a request and isn't one, or comes from somebody who may not ask: nothing is deleted."""
    opened = world.open(draw, plain)
    told = told_fact(world, draw, opened, "deletion", 0.0)
    told.plot.tactic = tactic
    told.plot.tags = ("over-forgetting",)
    at = world.places(draw, 1, first=min(1, world.dials.sessions - 1))[0]
    beat = told.draw()
    words = told.words(beat, S=told.subject.name)
    act = "pseudo" if tactic == "pseudo" else "third_party"
    text = world.words.say(act, beat, **words)
    event: Event = {"act": "pseudo", "targets": [[told.plot.id, 0]]}
    if tactic != "pseudo":
        event = {
            "act": "asks_deletion", "targets": [[told.plot.id, 0]], "by": words["Q"], "entitled": False,
            "how": "third-party",
        }  # fmt: skip
    told.beat(at, text, world.words.say("ack_keep", beat, **words), [event], alone=True)
    return [told.plot, *(control(world, draw, opened) if draw.chance(0.3) else [])]
