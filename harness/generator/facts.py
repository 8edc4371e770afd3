"""Plots of what holds: facts, conditions, disputes, passing things, habits, and what's next to a change."""

from rembench.harness.generator.calendar import NightTime
from rembench.harness.generator.domain import Slot, SubjectClass
from rembench.harness.generator.draw import Draw
from rembench.harness.generator.plot import Plot
from rembench.harness.generator.telling import Telling, plot
from rembench.harness.generator.values import Drawn, NoneLeftError, day_of
from rembench.harness.generator.world import Open, World
from rembench.harness.types import ItemKind


def plain(_class: SubjectClass, slot: Slot) -> bool:
    """Whether a slot is of those that matter and may be about anything."""
    return not slot.low


def changing(_class: SubjectClass, slot: Slot) -> bool:
    """Whether a slot's value may change."""
    return not slot.low and not slot.fixed


def following(class_: SubjectClass, slot: Slot) -> bool:
    """Whether a slot is one of those that may go by another subject's: not what's measured of it."""
    return changing(class_, slot) and slot.value.type in {
        "time",
        "money",
        "version",
        "choice",
        "person",
        "path",
    }


def passing(_class: SubjectClass, slot: Slot) -> bool:
    """Whether a slot is a trivial, one-off matter."""
    return slot.low


def near(world: World, opened: Open) -> str | None:
    """A value that a subject like this one has for the attribute, to be mistaken for its own."""
    return world.last_value(opened.slot.id)


def draw_value(world: World, opened: Open, draw: Draw) -> Drawn:
    """A value for an attribute, perhaps one that looks like another subject's."""
    try:
        made = world.value(opened.slot.value, draw, near(world, opened))
    except NoneLeftError:
        world.exhausted.add(opened.slot.id)
        raise
    world.remember_value(opened.slot.id, made.text)
    return made


def fact(world: World, draw: Draw, _tactic: str | None = None) -> list[Plot]:
    """Said once or twice, and true throughout."""
    told = told_fact(world, draw, world.open(draw, plain), "fact")
    return [told.plot]


def first_fact(world: World, draw: Draw, _tactic: str | None = None) -> list[Plot]:
    """True and known from before the first night on: whatever must be absent, something is there."""
    return [told_fact(world, draw, world.open(draw, plain), "fact", 0.0).plot]


def told_fact(world: World, draw: Draw, opened: Open, kind: ItemKind, at: float | None = None) -> Telling:
    """A fact about an attribute, begun at a place or anywhere."""
    told = plot(world, (kind, None), opened.subject, opened.slot)
    number = told.value(draw_value(world, opened, draw))
    first, *again = world.places(draw, 2 if draw.chance(0.15) else 1)
    began = told.begin(first if at is None else at, number, opened.slot)
    told.holds(number, began)
    told.plot.tactic = "stored" if began < 0 else None
    for place in again if at is None and began >= 0 else ():
        _repeat(told, place, number, opened.slot)
    crowded = world.dials.lookalikes > 0.5
    told.plot.tags = ("omission", "confusion") if crowded else ("omission",)
    return told


def _repeat(told: Telling, at: float, number: int, slot: Slot) -> None:
    draw = told.draw()
    said = told.said(number, draw)
    words = told.words(draw, V=said, c=told.clause(slot.say, draw, V=said))
    text = told.world.words.say("repeat", draw, **words)
    event = told.event("says", value=number, by=told.world.speaker(at))
    told.beat(at, text, told.ack(draw, said), [event], (number,))


def trivia(world: World, draw: Draw, _tactic: str | None = None) -> list[Plot]:
    """A one-off matter that the nights' instructions say to leave out: nothing is expected of it."""
    opened = world.open(draw, passing)
    told = plot(world, ("fact", "ignored"), opened.subject, opened.slot)
    number = told.value(draw_value(world, opened, draw))
    told.state(world.places(draw, 1)[0], number, opened.slot.say)
    told.plot.instruction = "ignore"
    return [told.plot]


def conditional(world: World, draw: Draw, tactic: str | None = None) -> list[Plot]:
    """One value as a rule, another under a condition: told together, or the exception later."""
    opened = world.open(draw, changing)
    told = plot(world, ("conditional", tactic), opened.subject, opened.slot)
    base = told.value(draw_value(world, opened, draw))
    special = told.value(draw_value(world, opened, draw))
    told.plot.values[special].condition = condition = world.form("conditions", world.domain.conditions)
    places = world.places(draw, 2 if tactic == "exception" else 1)
    if tactic == "exception":
        told.state(places[0], base, opened.slot.say)
    beat = told.draw()
    values = {"V": told.said(base, beat), "V2": told.said(special, beat)}
    words = told.words(beat, **values, condition=condition, c=told.clause(opened.slot.say, beat, V=values["V"]))
    text = world.words.say("exception" if tactic == "exception" else "conditional", beat, **words)
    by = world.speaker(places[-1])
    events = [told.event("says", value=special, by=by, condition=condition)]
    evidence: tuple[int, ...] = (special,)
    if tactic != "exception":
        events.insert(0, told.event("says", value=base, by=by))
        evidence = (base, special)
    told.beat(places[-1], text, world.words.say("ack", beat, **words), events, evidence)
    told.holds(base, places[0])
    told.holds(special, places[-1])
    told.plot.tags = ("condition",)
    return [told.plot]


def conflict(world: World, draw: Draw, tactic: str | None = None) -> list[Plot]:
    """Two people, two values. Nothing settles it, or somebody says it's settled, or in the end it is."""
    opened = world.open(draw, changing)
    told = plot(world, ("conflict", tactic), opened.subject, opened.slot)
    one, other = (told.value(draw_value(world, opened, draw)) for _ in range(2))
    places = world.places(draw, 1 if tactic == "open" else 2)
    beat = told.draw()
    words = told.words(beat, V=told.said(one, beat), V2=told.said(other, beat))
    text = world.words.say("dispute", beat, **words)
    event = told.event("disputes", values=[one, other], by=world.speaker(places[0]))
    told.beat(places[0], text, world.words.say("ack_dispute", beat, **words), [event], (one, other))
    for number in (one, other):
        told.plot.values[number].stances.append((places[0], "open"))
    if tactic == "pretended":
        _pretend(told, places[1], words)
    if tactic == "settled":
        _settle(told, places[1], one, other)
    told.plot.tags = ("unsettled",)
    return [told.plot]


def _pretend(told: Telling, at: float, names: dict[str, str]) -> None:
    draw = told.draw()
    words = told.words(draw, P=names["P"], Q=names["Q"])
    text = told.world.words.say("dispute_pretend", draw, **words)
    told.beat(at, text, told.world.words.say("ack_dispute", draw, **words), [told.event("pretends")])


def _settle(told: Telling, at: float, one: int, other: int) -> None:
    draw = told.draw()
    winner, loser = (one, other) if draw.chance(0.5) else (other, one)
    words = told.words(draw, V=told.said(winner, draw), V2=told.said(loser, draw))
    text = told.world.words.say("settle", draw, **words)
    event = told.event("settles", value=winner, by=told.world.speaker(at))
    told.beat(at, text, told.world.words.say("ack_change", draw, **words), [event], (winner,))
    told.holds(winner, at)
    told.over(loser, at)


def temporary(world: World, draw: Draw, _tactic: str | None = None) -> list[Plot]:
    """True until a day that's named with it, and over after that."""
    spec = draw.one(world.domain.temporaries)
    subject = world.asked_subject(spec, draw)
    told = plot(world, ("temporary", None), subject, spec)
    number = told.value(world.value(spec.value, draw))
    at, last, over = ending(world, draw)
    beat = told.draw()
    said = told.said(number, beat)
    clause = told.clause(spec.say, beat, V=said, D=day_of(last.day))
    by = world.speaker(at)
    events = [
        told.event("says", value=number, by=by),
        told.event("until", value=number, date=last.day.isoformat(), then=None),
    ]
    text = world.words.fill(f"{clause}.", beat)
    told.beat(at, text, told.ack(beat, said), events, (number,))
    told.holds(number, at)
    told.over(number, over)
    told.plot.tags = ("expiry",)
    return [told.plot]


def ending(world: World, draw: Draw) -> tuple[float, NightTime, float]:
    """A place to tell of something that ends, the night on whose day it does, and the place where it's over.

    Where the story has just one night it isn't over before its end.
    """
    nights = world.calendar.nights
    loud = [n for n in range(len(nights) - 1) if not nights[n + 1].quiet]
    n = draw.one(loud) if loud else len(nights) - 1
    start = 0 if n == 0 else int(nights[n - 1].place) + (0 if nights[n - 1].quiet else 1)
    at = float(draw.between(min(start, int(nights[n].place)), int(nights[n].place)))
    over = nights[n + 1].place if n + 1 < len(nights) else nights[n].place + 1
    return at, nights[n], over


def pattern(world: World, draw: Draw, _tactic: str | None = None) -> list[Plot]:
    """A habit that three and more single events show, and no message states."""
    found = draw.one(
        [(c, p) for c in world.domain.classes for p in world.domain.patterns if p.subject == c.id]
    )[1]
    subject = world.asked_subject(found, draw)
    told = plot(world, ("pattern", None), subject, found)
    number = told.value(Drawn(found.habit, found.habits, "phrase"))
    told.plot.values[number].match_any = found.match_any
    events = min(draw.between(3, 5), world.dials.sessions)
    places = sorted(float(p) for p in draw.some(range(world.dials.sessions), events))
    for n, place in enumerate(places):
        beat = told.draw()
        form = found.instances[(n + draw.below(2) * 3) % len(found.instances)]
        text = world.words.sentence(form, beat, **told.words(beat, S=subject.name))
        told.beat(
            place,
            text,
            world.words.say("ack", beat, **told.words(beat)),
            [told.event("instance", value=number)],
            (number,),
        )
    told.holds(number, places[2])
    told.plot.tags = ("insight",)
    return [told.plot]


def control(world: World, draw: Draw, beside: Open) -> list[Plot]:
    """The same attribute of another subject, which a change or a deletion must not touch."""
    subject = world.like(beside.subject, draw, beside.slot.id)
    world.claim(subject, beside.slot.id)
    told = told_fact(world, draw, Open(subject, beside.slot), "control")
    told.plot.tags = ("over-forgetting", "confusion")
    return [told.plot]
