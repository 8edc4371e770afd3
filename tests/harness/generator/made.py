"""Scenarios to test with: small ones of one kind and tactic, and what a value's expectations tell."""

from functools import lru_cache
from itertools import groupby

from rembench.harness.generator.dials import Dials
from rembench.harness.generator.domain import domain_names
from rembench.harness.generator.scenario import MAKERS, Order, make
from rembench.harness.scenario.reader import scenario_of

NIGHTLY = Dials(sessions=8, nights=8, items=4, noise=0.4, lookalikes=0.3)
"""A night after every session, so that no state of a value goes unseen."""

KINDS = [(kind, tactic) for kind, (_, tactics, _) in MAKERS.items() for tactic in tactics]
_LETTERS = {None: "-", "held": "H", "retired": "R", "open": "O", "absent": "A"}


def order(kind, tactic=None, *, domain="clinic", seed="tests", dials=NIGHTLY, count=2):
    """An order for `count` plots of a kind beside one fact; every plot has the tactic."""
    return Order(
        id=f"t-{kind}-{domain}", domain=domain, dials=dials, seed=seed, number=0,
        counts={"fact": 1} | {kind: count}, tactics={kind: (tactic,)},
    )  # fmt: skip


@lru_cache(maxsize=128)
def one_kind(kind, tactic=None, domain="clinic", *, twin=False):
    """The JSON object of such a scenario; not to be changed."""
    return make(order(kind, tactic, domain=domain), twin=twin)


def items(raw, kind, tactic=None):
    """The items of a scenario that are of a kind and a tactic."""
    return [one for one in raw["items"] if one["kind"] == kind and one.get("tactic") == tactic]


def all_of(kind, tactic=None, *, called=None):
    """(scenario, item) for the items of a kind and tactic in all settings; `called`: the item's own tactic."""
    made = [one_kind(kind, tactic, name) for name in domain_names()]
    found = [(raw, item) for raw in made for item in items(raw, kind, called or tactic)]
    assert len(found) >= len(made)
    return found


def stances(value):
    """A letter for what's expected at each night: Held, Retired, Open, Absent, - for nothing."""
    return "".join(_LETTERS[stance] for stance in value["expect"].values())


def story(value):
    """The same from the first stance on, each as often as it begins: "HR" was held, then retired."""
    return "".join(letter for letter, _ in groupby(stances(value).lstrip("-")))


def stories(item):
    """The stories of all values of an item."""
    return [story(value) for value in item["values"]]


def events(raw, act, item=None):
    """The events of an act in the log, those about an item if one is given."""
    return [e for e in raw["x_log"] if e["act"] == act and (item is None or item["id"] in _about(e))]


def acts(raw, item):
    """The acts of the events about an item, in order."""
    return [event["act"] for event in raw["x_log"] if item["id"] in _about(event)]


def _about(event):
    return {event.get("item"), *event.get("items", ()), *(target for target, _ in event.get("targets", ()))}


def said(raw, ref):
    """The text of the message that "s1#2" names."""
    session, _, message = ref.partition("#")
    return next(s for s in raw["steps"] if s["id"] == session)["messages"][int(message)]["content"]


def nights(raw):
    """The steps that are nights."""
    return [step for step in raw["steps"] if step["type"] == "consolidate"]


def read(raw):
    """The scenario as the harness reads it."""
    return scenario_of({key: value for key, value in raw.items() if not key.startswith("x_")})
