"""Plots of what changes: ten ways in which a value can be superseded, or not."""

from collections.abc import Callable, Mapping

from rembench.harness.generator.draw import Draw
from rembench.harness.generator.facts import changing, control, draw_value, ending, following
from rembench.harness.generator.plot import Plot, Turn
from rembench.harness.generator.telling import Telling, plot
from rembench.harness.generator.values import Drawn, day_of, joined
from rembench.harness.generator.world import IN_STORE, Open, World


def update(world: World, draw: Draw, tactic: str | None) -> list[Plot]:
    """An item that changes in the way of `tactic`; a like one beside it now and then stays as it is."""
    if tactic == "polarity":
        return _polarity(world, draw)
    if tactic == "partial":
        return _partial(world, draw)
    opened = world.open(draw, following if tactic == "propagated" else changing)
    told = plot(world, ("update", tactic), opened.subject, opened.slot)
    told.value(draw_value(world, opened, draw))
    beside = _TACTICS[tactic or "explicit"](told, opened, draw)
    told.plot.tags = _tags(world, tactic or "explicit", told.plot)
    near = control(world, draw, opened) if tactic != "propagated" and draw.chance(0.35) else []
    return [told.plot, *beside, *near]


def _tags(world: World, tactic: str, made: Plot) -> tuple[str, ...]:
    own = {
        "explicit": "staleness", "implicit": "implication", "revert": "recursion", "recursive": "recursion",
        "authority": "authority", "bounded": "expiry", "propagated": "implication",
    }.get(tactic, "staleness")  # fmt: skip
    places = sorted({beat.at for beat in made.beats})
    far = len(places) > 1 and places[-1] - places[0] >= 8
    crowded = world.dials.lookalikes > 0.5
    more = [*(["distance"] if far else []), *(["confusion"] if crowded else [])]
    return tuple(dict.fromkeys(["staleness" if tactic != "authority" else own, own, *more]))


def _replace(told: Telling, at: float, act: str, change: tuple[int, int], forms: tuple[str, ...]) -> None:
    """A message by which one value takes the place of another: `change` is the new one and the old."""
    new, old = change
    draw = told.draw()
    said = told.said(new, draw)
    clause = told.clause(forms, draw, V=said)
    words = told.words(draw, V=said, OLD=told.said(old, draw), c=clause, n=clause)
    text = told.world.words.say(act, draw, **words)
    event = told.event("replaces", value=new, old=[old], by=told.world.speaker(at))
    reply = told.world.words.say("ack_change", draw, **words)
    told.beat(at, text, reply, [event], (new,))
    told.holds(new, at)
    told.over(old, at)


def _first(told: Telling, opened: Open, at: float) -> None:
    told.holds(0, told.begin(at, 0, opened.slot))


def _explicit(told: Telling, opened: Open, draw: Draw) -> list[Plot]:
    first, then = told.world.places(draw, 2)
    _first(told, opened, first)
    new = told.value(draw_value(told.world, opened, draw))
    _replace(told, then, "explicit", (new, 0), opened.slot.say)
    return []


def _implicit(told: Telling, opened: Open, draw: Draw) -> list[Plot]:
    first, then = told.world.places(draw, 2)
    _first(told, opened, first)
    new = told.value(draw_value(told.world, opened, draw))
    _replace(told, then, "implicit", (new, 0), opened.slot.now)
    return []


def _revert(told: Telling, opened: Open, draw: Draw) -> list[Plot]:
    first, then, back = told.world.places(draw, 3)
    _first(told, opened, first)
    new = told.value(draw_value(told.world, opened, draw))
    _replace(told, then, "explicit", (new, 0), opened.slot.say)
    _replace(told, back, "revert", (0, new), opened.slot.say)
    return []


def _recursive(told: Telling, opened: Open, draw: Draw) -> list[Plot]:
    chain = max(2, told.world.dials.chain)
    first, *later = told.world.places(draw, chain + 1)
    _first(told, opened, first)
    for n, at in enumerate(later):
        new = told.value(draw_value(told.world, opened, draw))
        _replace(told, at, "recursive" if n else "explicit", (new, new - 1), opened.slot.say)
    return []


def _retraction(told: Telling, opened: Open, draw: Draw) -> list[Plot]:
    first, then = told.world.places(draw, 2)
    _first(told, opened, first)
    beat = told.draw()
    words = told.words(beat, OLD=told.said(0, beat))
    text = told.world.words.say("retract", beat, **words)
    event = told.event("withdraws", value=0, by=told.world.speaker(then))
    told.beat(then, text, told.world.words.say("ack_change", beat, **words), [event], (0,))
    told.over(0, then)
    return []


def _bounded(told: Telling, opened: Open, draw: Draw) -> list[Plot]:
    world = told.world
    at, last, over = ending(world, draw)
    _bounded_first(told, opened, at)
    new = told.value(draw_value(world, opened, draw))
    beat = told.draw()
    said = told.said(new, beat)
    words = told.words(
        beat,
        V=said,
        OLD=told.plot.values[0].text,
        D=day_of(last.day),
        c=told.clause(opened.slot.say, beat, V=said),
    )
    text = world.words.say("bounded", beat, **words)
    event = told.event("until", value=new, date=last.day.isoformat(), then=0)
    says = told.event("replaces", value=new, old=[0], by=world.speaker(at))
    told.beat(at, text, world.words.say("ack", beat, **words), [says, event], (new,))
    told.holds(new, at)
    told.over(new, over)
    told.plot.values[0].stances += [(at, None), (over, "held")]
    return []


def _bounded_first(told: Telling, opened: Open, at: float) -> None:
    """The value that's set aside for a while is known before: in the store, where nothing comes earlier."""
    if at < 1:
        told.store(0, told.path(), told.draw())
        told.holds(0, IN_STORE)
        return
    _first(told, opened, float(told.draw().below(int(at))))


def _authority(told: Telling, opened: Open, draw: Draw) -> list[Plot]:
    """One person decides; somebody else claims otherwise; now and then the one who decides changes it."""
    world = told.world
    decides, claims = world.others(draw, 2)
    word = draw.chance(0.4)
    first, then, *after = world.places(draw, 3 if word else 2)
    beat = told.draw()
    said = told.said(0, beat)
    words = told.words(beat, P=decides, V=said, c=told.clause(opened.slot.say, beat, V=said))
    text = world.words.say("authority_set", beat, **words)
    events = [told.event("authority", by=decides), told.event("says", value=0, by=decides)]
    told.beat(first, text, world.words.say("ack", beat, **words), events, (0,))
    told.holds(0, first)
    claimed = told.value(draw_value(world, opened, draw))
    _claim(told, then, claimed, claims)
    told.over(claimed, then)
    if after:
        _decide(told, opened, after[0], decides, draw)
    return []


def _claim(told: Telling, at: float, number: int, by: str) -> None:
    draw = told.draw()
    words = told.words(draw, Q=by, V=told.said(number, draw))
    text = told.world.words.say("authority_claim", draw, **words)
    event = told.event("says", value=number, by=by)
    told.beat(at, text, told.world.words.say("ack", draw, **words), [event], (number,))


def _decide(told: Telling, opened: Open, at: float, by: str, draw: Draw) -> None:
    new = told.value(draw_value(told.world, opened, draw))
    beat = told.draw()
    said = told.said(new, beat)
    words = told.words(beat, P=by, V=said, OLD=told.said(0, beat), c=told.clause(opened.slot.say, beat, V=said))
    text = told.world.words.say("authority_word", beat, **words)
    event = told.event("replaces", value=new, old=[0], by=by)
    told.beat(at, text, told.world.words.say("ack_change", beat, **words), [event], (new,))
    told.holds(new, at)
    told.over(0, at)


def _propagated(told: Telling, opened: Open, draw: Draw) -> list[Plot]:
    """Another subject's attribute follows this one's; this one changes, and nobody speaks of the other."""
    world = told.world
    first, rule, then = world.places(draw, 3)
    told.plot.tactic = "explicit"
    told.state(first, 0, opened.slot.say)
    told.holds(0, first)
    subject = world.like(opened.subject, draw, opened.slot.id)
    world.claim(subject, opened.slot.id)
    follower = plot(world, ("update", "propagated"), subject, opened.slot)
    beat = follower.draw()
    words = follower.words(beat, S=subject.name, S2=opened.subject.name)
    text = world.words.say("follows_set", beat, **words)
    new = told.value(draw_value(world, opened, draw))
    event = follower.event("follows", leader=told.plot.id, map={"0": 0, str(new): 1})
    follower.turns(
        rule, (Turn("user", text, main=True), Turn("assistant", world.words.say("ack", beat, **words))), [event]
    )
    _replace(told, then, "explicit", (new, 0), opened.slot.say)
    for number in (0, new):
        value = told.plot.values[number]
        follower.value(Drawn(value.text, value.aliases, value.type or "phrase"))
    follower.holds(0, rule)
    follower.over(0, then)
    follower.holds(1, then)
    follower.plot.tags = ("implication", "staleness")
    return [follower.plot]


_TACTICS: Mapping[str, Callable[[Telling, Open, Draw], list[Plot]]] = {
    "explicit": _explicit,
    "implicit": _implicit,
    "revert": _revert,
    "authority": _authority,
    "retraction": _retraction,
    "bounded": _bounded,
    "recursive": _recursive,
    "propagated": _propagated,
}

TACTICS = (*_TACTICS, "polarity", "partial")


def _polarity(world: World, draw: Draw) -> list[Plot]:
    """Yes becomes no, or no yes."""
    spec = draw.one(world.domain.polarities)
    subject = world.asked_subject(spec, draw)
    told = plot(world, ("update", "polarity"), subject, spec)
    told.value(Drawn(spec.yes, (), "phrase"))
    told.value(Drawn(spec.no, (), "phrase"))
    forms = (spec.say_yes, spec.say_no)
    before = draw.below(2)
    first, then = world.places(draw, 2)
    told.state(first, before, forms[before])
    told.holds(before, first)
    _replace(told, then, "implicit", (1 - before, before), forms[1 - before])
    told.plot.tags = ("staleness",)
    return [told.plot]


def _partial(world: World, draw: Draw) -> list[Plot]:
    """One part of a value changes, the other is said to stay."""
    spec = draw.one(world.domain.composites)
    subject = world.asked_subject(spec, draw)
    told = plot(world, ("update", "partial"), subject, spec)
    stays = world.value(spec.first, draw)
    parts = [world.value(spec.second, draw) for _ in range(2)]
    for part in parts:
        number = told.value(Drawn(joined(spec.text, stays, part).text, (), "phrase"))
        told.plot.values[number].match_any = (((stays.text, *stays.aliases), (part.text, *part.aliases)),)
    first, then = world.places(draw, 2)
    for number, (at, forms) in enumerate(((first, spec.say), (then, spec.partial))):
        beat = told.draw()
        part = parts[number]
        clause = told.clause(forms, beat, A=stays.text, B=part.said(beat, world.dials.paraphrase))
        words = told.words(beat, c=clause, n=clause)
        text = world.words.say("implicit" if number else "state", beat, **words)
        by = world.speaker(at)
        event = (
            told.event("replaces", value=1, old=[0], by=by) if number else told.event("says", value=0, by=by)
        )
        told.beat(
            at, text, world.words.say("ack_change" if number else "ack", beat, **words), [event], (number,)
        )
        told.holds(number, at)
    told.over(0, then)
    told.plot.tags = ("staleness",)
    return [told.plot]
