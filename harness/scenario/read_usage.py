"""What a call or a night cost, as it stands in a journal."""

from dataclasses import fields

from rembench.harness.night import Usage
from rembench.harness.scenario.place import Place

_NAMES = tuple(f.name for f in fields(Usage))


def read_usage(place: Place) -> Usage:
    """The usage at `place`, null for what's unknown; UserError for what isn't one."""
    place.object(_NAMES)
    counts = {name: place.given(name) for name in _NAMES if name != "usd"}
    usd = place.given("usd")
    return Usage(**{n: c.count() if c else None for n, c in counts.items()}, usd=usd.amount() if usd else None)
