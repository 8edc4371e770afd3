"""The structured log of a scenario: everything that happens in it that bears on what's true, in order.

It's written for a second solver, which works out every expectation again without this generator.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rembench.harness.generator.plot import Beat, Event, Plot
from rembench.harness.generator.sessions import Told
from rembench.harness.generator.world import World


def log_events(
    world: World, plots: Sequence[Plot], told: Sequence[Told], beats: Sequence[Beat], *, twin: bool
) -> list[Event]:
    """All events with "at", "act", "step" and, in a session, "message"."""
    kept = {id(beat) for beat in beats}
    timed: list[tuple[float, int, Event]] = []
    before = _stamp(world.calendar.sessions[0] - timedelta(days=1))
    for made in plots:
        for _, _, event in made.stored:
            timed.append((-1.0, 0, {"at": before, "step": None, **event}))
    for n, session in enumerate(told):
        at = _stamp(world.calendar.sessions[n])
        for beat, message in session.places:
            if id(beat) in kept:
                where = {"at": at, "step": f"s{n + 1}", "message": message}
                timed += [(float(n), message, where | event) for event in beat.events]
    written = sorted((beat for beat in beats if beat.written), key=lambda b: b.at)
    for n, beat in enumerate(written):
        at = _stamp(world.calendar.written(int(beat.at)))
        timed += [(beat.at, 0, {"at": at, "step": f"d{n + 1}", **event}) for event in beat.events]
    timed += _instructed(world, plots)
    if twin:
        timed += _never(world, plots)
    return [event for _, _, event in sorted(timed, key=lambda one: one[:2])]


def _instructed(world: World, plots: Sequence[Plot]) -> list[tuple[float, int, Event]]:
    ignored = [p.id for p in plots if p.instruction == "ignore"]
    night = world.calendar.nights[0]
    event: Event = {"at": _stamp(night.at), "step": "c1", "act": "ignores", "items": ignored}
    return [(night.place, 0, event)] if ignored else []


def _never(world: World, plots: Sequence[Plot]) -> list[tuple[float, int, Event]]:
    """From which night on a twin has to be without each value that it never had."""
    made = []
    for one in plots:
        for number, value in enumerate(one.values if one.sensitive else ()):
            for at, _ in value.stances[:1]:
                n = world.calendar.night_from(at)
                if n < len(world.calendar.nights):
                    night = world.calendar.nights[n]
                    event: Event = {
                        "at": _stamp(night.at), "step": f"c{n + 1}", "act": "never",
                        "targets": [[one.id, number]], "from": f"c{n + 1}",
                    }  # fmt: skip
                    made.append((night.place, 0, event))
    return made


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
