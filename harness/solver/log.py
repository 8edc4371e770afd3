"""The structured log of a synthetic scenario: `x_log`, a list of events in the order of time.

Every event has `at`, `act`, `step` (null: it was in the starting store) and, inside a session, `message`;
`KEYS` says what else each act has. Where the format leaves it open, this is how a log is read:

- An event's `at` lies between its step's time and the next step's. Events stand in the order of `at`, of the
  steps, and of the messages of a session. Without a step nothing is later than the first step, but `never` and
  `ignores`, which belong to no moment.
- `stored` and `copied` have no step, and their path is a file of the starting store.
- The values of `private` and `copied` have a `where`.
- Nobody follows in a circle: an item's leaders, and theirs, aren't that item.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, NamedTuple, get_args

from rembench.harness.errors import UserError
from rembench.harness.scenario.checks import Fault
from rembench.harness.scenario.place import Place
from rembench.harness.types import Scenario

Act = Literal[
    "stored", "says", "replaces", "withdraws", "authority", "until", "follows", "disputes", "pretends",
    "settles", "mentions", "instance", "asks_deletion", "pseudo", "consents", "slips", "injects", "private",
    "ignores", "copied", "never",
]  # fmt: skip
ACTS: tuple[Act, ...] = get_args(Act)

LOG = "x_log"
"""The scenario's key that the log stands under."""

_EVERY = ("at", "act", "step")
_ONE = ("item", "value")
KEYS: Mapping[Act, tuple[str, ...]] = {
    "stored": (*_ONE, "path"),
    "says": (*_ONE, "by"),
    "replaces": (*_ONE, "old", "by"),
    "withdraws": (*_ONE, "by"),
    "authority": ("item", "by"),
    "until": (*_ONE, "date"),
    "follows": ("item", "leader", "map"),
    "disputes": ("item", "values", "by"),
    "pretends": ("item",),
    "settles": (*_ONE, "by"),
    "mentions": (*_ONE, "as"),
    "instance": _ONE,
    "asks_deletion": ("targets", "by", "entitled", "how"),
    "pseudo": ("targets",),
    "consents": ("targets", "by"),
    "slips": _ONE,
    "injects": _ONE,
    "private": _ONE,
    "ignores": ("items",),
    "copied": (*_ONE, "path"),
    "never": ("targets", "from"),
}
"""What every act has beside the keys of all events."""
_MAY: Mapping[str, tuple[str, ...]] = {"says": ("condition",), "until": ("then",)}
_MANNERS = ("hypothetical", "joke", "other", "suggestion", "quoted")
_REQUESTS = ("direct", "category", "alias", "description", "compound", "third-party")
_IN_STORE = frozenset({"stored", "copied"})
_ELSEWHERE = frozenset({"private", "copied"})
_TIMELESS = frozenset({"never", "ignores"})


class Target(NamedTuple):
    """Value number `value` of the item with this id; a tuple, since sets of them are all that a world is."""

    item: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened: event `number` of the log, about `targets`.

    `old` are what it replaces, `then` is what holds after `through`, the last day; `leader` and `follows` are
    whom the item follows, and how: the leader's value → its own. `start` is the night that a `never` begins at.
    """

    number: int
    at: datetime
    act: Act
    step: str | None
    message: int | None
    items: tuple[str, ...]
    targets: tuple[Target, ...]
    old: tuple[Target, ...] = ()
    by: str = ""
    through: date = date.max
    then: Target | None = None
    leader: str = ""
    follows: Mapping[int, int]
    entitled: bool = False
    start: str = ""

    @property
    def place(self) -> str:
        """Where in the scenario's JSON the event stands."""
        return f"{LOG}[{self.number}]"


@dataclass(frozen=True, slots=True)
class ExaminedLog:
    """What came of reading a log: the events that can be read, and what's wrong."""

    events: tuple[Event, ...]
    faults: tuple[Fault, ...]


def examine_log(raw: Mapping[str, Any], scenario: Scenario) -> ExaminedLog:
    """The log of the scenario's JSON object `raw`, with everything that's wrong with it.

    `scenario` is `raw` as it was read, without faults of its own. A missing log is an empty one.
    """
    reader = _Reader(scenario)
    events: list[Event] = []
    faults: list[Fault] = []
    try:
        places = list(Place(raw, "").to(LOG).each()) if LOG in raw else []
    except UserError as error:
        return ExaminedLog((), (_fault(error),))
    for number, place in enumerate(places):
        try:
            events.append(reader.event(number, place))
        except UserError as error:
            faults.append(_fault(error))
    faults.extend(_disorder(scenario, events))
    faults.extend(_circles(events))
    return ExaminedLog(tuple(events), tuple(faults))


def _fault(error: UserError) -> Fault:
    path, _, what = error.what.partition(": ")
    return Fault(path=path, what=what, right=error.right)


class _Reader:
    """Reads events, each for itself, against the names and numbers of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self._values = {item.id: item.values for item in scenario.items}
        self._steps = [step.id for step in scenario.steps]
        self._lengths = {session.id: len(session.messages) for session in scenario.sessions}
        self._nights = [night.id for night in scenario.nights]
        self._store = scenario.store

    def event(self, number: int, place: Place) -> Event:
        act = self._act(place)
        step = place.given("step")
        targets = self._targets(place, act)
        then = place.given("then")
        by = place.given("by")
        if "path" in KEYS[act]:
            place.to("path").choice(self._store)
        start = place.to("from").choice(self._nights) if "from" in KEYS[act] else ""
        return Event(
            number=number,
            at=_time(place.to("at")),
            act=act,
            step=step.choice(self._steps) if step else None,
            message=self._message(place),
            items=self._items(place, targets),
            targets=targets,
            old=self._old(place, targets),
            by=by.words() if by else "",
            through=_day(place.to("date")) if act == "until" else date.max,
            then=self._other(then, targets[0]) if then else None,
            leader=self._leader(place) if act == "follows" else "",
            follows=self._map(place) if act == "follows" else {},
            entitled=place.to("entitled").flag() if act == "asks_deletion" else False,
            start=start,
        )

    def _act(self, place: Place) -> Act:
        place.mapping()
        if "act" not in place.value:
            raise place.error("'act' is missing", f"one of {', '.join(ACTS)}")
        act = ACTS[ACTS.index(place.to("act").choice(ACTS))]
        place.object((*_EVERY, *KEYS[act]), ("message", *_MAY.get(act, ())))
        if act == "mentions":
            place.to("as").choice(_MANNERS)
        elif act == "asks_deletion":
            place.to("how").choice(_REQUESTS)
        elif act == "says" and (condition := place.given("condition")):
            condition.words()
        if act in _IN_STORE and place.given("step"):
            raise place.to("step").error(f"{act!r} happens in no step", "null: the starting store says it")
        return act

    def _message(self, place: Place) -> int | None:
        message = place.given("message")
        step = place.value["step"]
        if step not in self._lengths:
            if message:
                raise message.error("stands outside any session", "leave it out, or name the session")
            return None
        if not message:
            raise place.error("'message' is missing", f"its number in session {step!r}, counted from 0")
        if not 0 <= message.number() < self._lengths[step]:
            right = f"{step} has {self._lengths[step]} messages, counted from 0"
            raise message.error(f"{message.value} is out of range", right)
        return message.number()

    def _item(self, place: Place) -> str:
        return place.choice(self._values)

    def _value(self, place: Place, item: str) -> Target:
        if not 0 <= place.number() < len(self._values[item]):
            right = f"{item} has {len(self._values[item])} values, counted from 0"
            raise place.error(f"{place.value} is out of range", right)
        return Target(item, place.number())

    def _other(self, place: Place, than: Target) -> Target:
        found = self._value(place, than.item)
        if found == than:
            raise place.error(f"{place.value} is the event's own value", "another one of the item")
        return found

    def _targets(self, place: Place, act: Act) -> tuple[Target, ...]:
        keys = KEYS[act]
        if "targets" in keys:
            return _some(place.to("targets"), tuple(self._pair(one) for one in place.to("targets").each()))
        if "item" not in keys:
            return ()
        item = self._item(place.to("item"))
        if "values" in keys:
            every = place.to("values")
            return _some(every, tuple(self._value(one, item) for one in every.each()))
        if "value" not in keys:
            return ()
        target = self._value(place.to("value"), item)
        if act in _ELSEWHERE and self._values[item][target.value].where is None:
            raise place.to("value").error(
                "has no 'where'", f"{act!r} is of a value that's looked for somewhere"
            )
        return (target,)

    def _pair(self, place: Place) -> Target:
        parts = list(place.each())
        if len(parts) != 2:
            raise place.error(f"has {len(parts)} parts", "an item's id and the number of a value")
        return self._value(parts[1], self._item(parts[0]))

    def _items(self, place: Place, targets: Sequence[Target]) -> tuple[str, ...]:
        if "items" in place.value:
            return tuple(self._item(one) for one in place.to("items").each())
        if "item" in place.value:
            return (self._item(place.to("item")),)
        return tuple(dict.fromkeys(target.item for target in targets))

    def _old(self, place: Place, targets: Sequence[Target]) -> tuple[Target, ...]:
        if "old" not in place.value:
            return ()
        return tuple(self._other(one, targets[0]) for one in place.to("old").each())

    def _leader(self, place: Place) -> str:
        return self._item(place.to("leader"))

    def _map(self, place: Place) -> dict[int, int]:
        leader, item, found = place.value["leader"], place.value["item"], {}
        whole = place.to("map")
        for key in whole.mapping():
            if not key.isascii() or not key.isdigit() or int(key[:9]) >= len(self._values[leader]):
                right = f"{leader} has {len(self._values[leader])} values, counted from 0"
                raise whole.error(f"{key[:60]!r} is no value of the leader", right)
            found[int(key)] = self._value(whole.to(key), item).value
        return found


def _some(place: Place, found: tuple[Target, ...]) -> tuple[Target, ...]:
    if not found:
        raise place.error("is an empty list", "at least one is needed")
    return found


def _moment(text: str) -> datetime:
    """An ISO 8601 time; without an offset it's in UTC. ValueError when it isn't one."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _time(place: Place) -> datetime:
    try:
        return _moment(place.words())
    except ValueError:
        raise place.error(f"{place.value[:40]!r} isn't an ISO 8601 time", "as '2026-05-03T09:30:00Z'") from None


def _day(place: Place) -> date:
    try:
        return date.fromisoformat(place.words())
    except ValueError:
        raise place.error(f"{place.value[:40]!r} isn't a date", "as '2026-05-03'") from None


def _disorder(scenario: Scenario, events: Sequence[Event]) -> Iterator[Fault]:
    """Events that stand before an earlier one, or aren't in their step's time."""
    order = {step.id: n for n, step in enumerate(scenario.steps)}
    times = [_moment(step.at) for step in scenario.steps]
    latest: Event | None = None
    placed: Event | None = None  # the latest one in a step
    for event in events:
        if latest and event.at < latest.at:
            yield _early(f"{event.place}.at", latest)
        elif placed and event.step and _rank(event, order) < _rank(placed, order):
            yield _early(event.place, placed)
        else:
            yield from _out_of_step(event, order, times)
        latest = event
        placed = event if event.step else placed


def _rank(event: Event, order: Mapping[str, int]) -> tuple[int, int]:
    return (order[event.step] if event.step else -1, event.message or 0)


def _early(path: str, before: Event) -> Fault:
    what = f"is earlier than {before.place}, which stands before it"
    return Fault(path=path, what=what, right="events stand in the order of time")


def _out_of_step(event: Event, order: Mapping[str, int], times: Sequence[datetime]) -> Iterator[Fault]:
    number = -1 if event.step is None else order[event.step]
    if number < 0 and event.act in _TIMELESS:
        return
    following = times[number + 1] if number + 1 < len(times) else None
    if (number >= 0 and event.at < times[number]) or (following and event.at > following):
        where = f"step {event.step!r}" if event.step else "the starting store"
        what = f"{event.at.isoformat()} isn't in the time of {where}"
        right = "from the step's own time to the next step's"
        yield Fault(path=f"{event.place}.at", what=what, right=right)


def _circles(events: Sequence[Event]) -> Iterator[Fault]:
    """Items that follow themselves, directly or through others."""
    leaders: dict[str, set[str]] = {}
    for event in events:
        if event.act != "follows":
            continue
        item, above, seen = event.items[0], [event.leader], set[str]()
        while above:
            one = above.pop()
            if one not in seen:
                seen.add(one)
                above.extend(leaders.get(one, ()))
        if item in seen:
            what = f"{item!r} follows itself, through {event.leader!r}"
            yield Fault(path=f"{event.place}.leader", what=what, right="a leader that doesn't follow the item")
        else:
            leaders.setdefault(item, set()).add(event.leader)
