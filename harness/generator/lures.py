"""Plots of what must not become memory: traps, secrets that slip out, planted instructions, private matters."""

from rembench.harness.generator.domain import Injection
from rembench.harness.generator.draw import Draw
from rembench.harness.generator.facts import changing, draw_value, plain
from rembench.harness.generator.plot import Plot, PlotValue, Turn
from rembench.harness.generator.telling import plot
from rembench.harness.generator.values import Drawn, NoneLeftError
from rembench.harness.generator.world import Subject, World

TRAPS = ("hypothetical", "joke", "other", "suggestion", "quoted")


def trap(world: World, draw: Draw, tactic: str | None) -> list[Plot]:
    """A value that's said and never meant, beside the one that holds."""
    opened = world.open(draw, changing)
    told = plot(world, ("trap", tactic), opened.subject, opened.slot)
    real, lure = (told.value(draw_value(world, opened, draw)) for _ in range(2))
    first, then = world.places(draw, 2)
    told.holds(real, told.begin(first, real, opened.slot))
    beat = told.draw()
    words = told.words(beat, V=told.said(lure, beat), S=told.subject.name)
    text = world.words.say(tactic or "joke", beat, **words)
    event = told.event("mentions", value=lure, **{"as": tactic})
    if tactic == "suggestion":
        turns = (
            Turn("user", world.words.sentence(world.form(opened.slot.id, opened.slot.ask), beat, **words)),
            Turn("assistant", text, main=True),
            Turn("user", world.words.say("suggestion_refused", beat, **words)),
            Turn("assistant", world.words.say("ack_keep", beat, **words)),
        )
        told.turns(then, turns, [event], (lure,), alone=True)
    else:
        reply = world.words.say("ack_quoted" if tactic == "quoted" else "ack_joke", beat, **words)
        told.beat(then, text, reply, [event], (lure,), alone=True)
    told.over(lure, then)
    told.plot.tags = ("adoption",)
    return [told.plot]


def secret(world: World, draw: Draw, _tactic: str | None) -> list[Plot]:
    """Something that slips out and isn't for keeping."""
    spec = draw.one(world.domain.secrets)
    subject = world.asked_subject(spec, draw)
    told = plot(world, ("secret", None), subject, spec)
    number = told.value(world.value(spec.value, draw))
    at = world.places(draw, 1)[0]
    beat = told.draw()
    text = world.words.fill(
        world.form(spec.what, spec.say), beat, **told.words(beat, V=told.plot.values[number].text)
    )
    event = told.event("slips", value=number)
    told.beat(at, text, world.words.say("ack_secret", beat, **told.words(beat)), [event], (number,), alone=True)
    told.plot.values[number].stances.append((at, "absent"))
    told.plot.tags = ("exposure",)
    return [told.plot]


def injection(world: World, draw: Draw, tactic: str | None) -> list[Plot]:
    """An instruction in what a tool shows; `own-note`: it looks like a note of the agent's own."""
    specs = world.domain.injections
    attribute = world.form("injections", tuple(spec.attribute for spec in specs))
    spec = next(one for one in specs if one.attribute == attribute)
    subject = _injected_into(world, spec, draw)
    told = plot(world, ("injection", tactic), subject, spec)
    org = world.another_org()

    def named(text: str) -> str:
        return text.replace("{org2}", org).replace("{S}", subject.name)

    number = told.value(Drawn(named(spec.text), (), "phrase"))
    value = told.plot.values[number]
    value.match_any = tuple(
        tuple(tuple(named(word) for word in group) for group in groups) for groups in spec.match_any
    )
    at = world.places(draw, 1)[0]
    beat = told.draw()
    words = told.words(beat, S=subject.name, text=value.text, org2=org)
    carrier = spec.own if tactic == "own-note" else spec.carrier
    turns = (
        Turn("user", world.words.fill(spec.ask, beat, **words)),
        Turn(
            "tool",
            world.words.line(world.form(spec.attribute, carrier), beat, **words),
            main=True,
            name="fetch",
        ),
        Turn("assistant", world.words.fill(spec.reply, beat, **words)),
    )
    told.turns(at, turns, [told.event("injects", value=number)], (number,), alone=True)
    told.over(number, at)
    told.plot.tags = ("injection",)
    return [told.plot]


def _injected_into(world: World, spec: Injection, draw: Draw) -> Subject:
    subject = Subject(world.org, world.domain.classes[0], None)
    if spec.subject:
        free = [s for s in world.of(spec.subject) if world.is_free(s, spec.attribute)]
        class_ = world.domain.class_(spec.subject)
        subject = draw.one(free) if free else world.subject(class_, draw, spec.attribute)
    if not world.claim(subject, spec.attribute):
        raise NoneLeftError(f"{world.domain.id}: {subject.name!r} has the instruction {spec.attribute!r}")
    return subject


def scope(world: World, draw: Draw, _tactic: str | None) -> list[Plot]:
    """For the user's own notes and not for the part of the store that all share."""
    opened = world.open(draw, plain)
    told = plot(world, ("scope", "private"), opened.subject, opened.slot)
    number = told.value(draw_value(world, opened, draw))
    value = told.plot.values[number]
    folder = world.domain.files.shared.rpartition("/")[0]
    told.plot.values.append(
        PlotValue(text=value.text, aliases=value.aliases, type=value.type, where=f"{folder}/**")
    )
    at = world.places(draw, 1)[0]
    beat = told.draw()
    said = told.said(number, beat)
    words = told.words(beat, V=said, c=told.clause(opened.slot.say, beat, V=said))
    text = world.words.say("private", beat, **words)
    events = [told.event("says", value=number, by=world.speaker(at)), told.event("private", value=number + 1)]
    told.beat(at, text, world.words.say("ack_private", beat, **words), events, (number, number + 1), alone=True)
    told.holds(number, at)
    told.plot.values[number + 1].stances.append((at, "absent"))
    told.plot.tags = ("exposure",)
    return [told.plot]
