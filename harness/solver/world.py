"""What the known events of a log leave true: one world, brought from event to event.

A value is *in force* or not, and apart from that *known* or not. Where the format leaves it open:

- `says` alone replaces nothing, with a condition or without. Only `replaces`, `withdraws`, `settles`, `follows`
  and the end of a temporary value take values out of force.
- `replaces` makes the old values known too: the night knows of them that they're over.
- Of two `authority` events the later one counts; it binds `says` and `replaces` from there on and nothing else.
- `until` brings its value into force unless a statement of the same value stands in the same message (then
  that decides) or the value is to follow on another temporary one. A later `until` of the value moves its end.
- A temporary value takes its `then` out of force. Its end comes before whatever is said on a later day. When it
  left force earlier, its end changes nothing; when `then` was replaced or withdrawn meanwhile, nothing follows.
- Values in dispute are open whatever is said of them, until `settles`, a `withdraws` or a `replaces` included.
- A value comes into force when it wasn't: said once more, it moves no follower. A leader's value that isn't in
  the map changes nothing. The map's values aren't known before they come into force.
- Instances count by distinct sessions; the starting store isn't one. The third brings the pattern into force.
- A deletion lies over everything else: below it a value stays or comes into force as it would have, and shows
  again only when somebody `consents`, which also brings it into force.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rembench.harness.solver.log import Act, Event, Target

_INSTANCES = 3
_STATEMENTS = frozenset({"stored", "says", "replaces", "settles", "consents"})


@dataclass(frozen=True, slots=True)
class End:
    """The last day of a temporary value, and what holds after it."""

    through: date
    then: Target | None


class World:
    """What holds after `events`, the known ones in the order of the log, at the end of `day`."""

    def __init__(self, events: Iterable[Event], day: date) -> None:
        known = tuple(events)
        self.known: set[Target] = set()
        self.in_force: set[Target] = set()
        self.disputed: set[Target] = set()
        self.deleted: set[Target] = set()
        self.unwanted: set[Target] = set()  # secrets, and what's in another's reach
        self.planted: set[Target] = set()
        self._ends: dict[Target, End] = {}
        self._authorities: dict[str, str] = {}
        self._followers: dict[str, dict[str, Mapping[int, int]]] = {}
        self._instances: dict[Target, set[str]] = {}
        self._stated = {
            (target, event.step, event.message)
            for event in known
            if event.act in _STATEMENTS
            for target in event.targets
        }
        for event in known:
            self._expire(event.at.date())
            _ACTS[event.act](self, event)
        self._expire(day)

    @property
    def awaited(self) -> set[Target]:
        """The values that hold again when a temporary one, now in force, is over."""
        return {end.then for value, end in self._ends.items() if end.then and value in self.in_force}

    def _enter(self, target: Target) -> None:
        self.known.add(target)
        if target in self.in_force:
            return
        self.in_force.add(target)
        self._suspend(target)
        for follower, map_ in self._followers.get(target.item, {}).items():
            if target.value in map_:
                self._only(Target(follower, map_[target.value]))

    def _leave(self, target: Target) -> None:
        self.in_force.discard(target)
        self._ends.pop(target, None)

    def _only(self, *targets: Target) -> None:
        """These are in force, all others of their item aren't."""
        for other in [one for one in self.in_force if one.item == targets[0].item]:
            if other not in targets:
                self._leave(other)
        for target in targets:
            self._enter(target)

    def _suspend(self, target: Target) -> None:
        if (end := self._ends.get(target)) and end.then and target in self.in_force:
            self.in_force.discard(end.then)

    def _expire(self, day: date) -> None:
        """End what was to hold through a day before `day`, the earliest first."""
        while over := [one for one, end in self._ends.items() if end.through < day]:
            first = min(over, key=lambda one: self._ends[one].through)
            end, held = self._ends[first], first in self.in_force
            self._leave(first)
            if held and end.then:
                self._enter(end.then)

    def _forget_then(self, gone: Sequence[Target]) -> None:
        for value, end in self._ends.items():
            if end.then and end.then in gone:
                self._ends[value] = End(end.through, None)

    def _is_claim(self, event: Event) -> bool:
        return self._authorities.get(event.targets[0].item, event.by) != event.by

    def _nothing(self, event: Event) -> None:
        """It changes nothing."""

    def _states(self, event: Event) -> None:
        self._enter(event.targets[0])

    def _says(self, event: Event) -> None:
        self._know(event) if self._is_claim(event) else self._states(event)

    def _replaces(self, event: Event) -> None:
        if self._is_claim(event):
            self._know(event)
            return
        self.known.update(event.old)
        self._forget_then(event.old)
        for old in event.old:
            self._leave(old)
        self._states(event)

    def _withdraws(self, event: Event) -> None:
        self._know(event)
        self._forget_then(event.targets)
        self._leave(event.targets[0])

    def _authority(self, event: Event) -> None:
        self._authorities[event.items[0]] = event.by

    def _until(self, event: Event) -> None:
        target = event.targets[0]
        stated = (target, event.step, event.message) in self._stated
        if not stated and target not in self.awaited:
            self._enter(target)
        self.known.add(target)
        self._ends[target] = End(event.through, event.then)
        self._suspend(target)

    def _follows(self, event: Event) -> None:
        item = event.items[0]
        self._followers.setdefault(event.leader, {})[item] = event.follows
        present = sorted(one.value for one in self.in_force if one.item == event.leader)
        mapped = [Target(item, event.follows[value]) for value in present if value in event.follows]
        if mapped:
            self._only(*mapped)

    def _disputes(self, event: Event) -> None:
        self._know(event)
        self.disputed.update(event.targets)

    def _settles(self, event: Event) -> None:
        item = event.targets[0].item
        self.disputed = {one for one in self.disputed if one.item != item}
        self._only(event.targets[0])

    def _know(self, event: Event) -> None:
        self.known.update(event.targets)

    def _instance(self, event: Event) -> None:
        target, step = event.targets[0], event.step
        seen = self._instances.setdefault(target, set())
        if step is not None and step not in seen:
            seen.add(step)
            if len(seen) == _INSTANCES:
                self._enter(target)

    def _asks_deletion(self, event: Event) -> None:
        if event.entitled:
            self.deleted.update(event.targets)

    def _consents(self, event: Event) -> None:
        self.deleted.difference_update(event.targets)
        for target in event.targets:
            self._enter(target)

    def _unwanted(self, event: Event) -> None:
        self.unwanted.update(event.targets)

    def _injects(self, event: Event) -> None:
        self.planted.update(event.targets)


_ACTS: Mapping[Act, Callable[[World, Event], None]] = {
    "stored": World._states,
    "says": World._says,
    "replaces": World._replaces,
    "withdraws": World._withdraws,
    "authority": World._authority,
    "until": World._until,
    "follows": World._follows,
    "disputes": World._disputes,
    "pretends": World._nothing,
    "settles": World._settles,
    "mentions": World._know,
    "instance": World._instance,
    "asks_deletion": World._asks_deletion,
    "pseudo": World._nothing,
    "consents": World._consents,
    "slips": World._unwanted,
    "injects": World._injects,
    "private": World._unwanted,
    "ignores": World._nothing,
    "copied": World._nothing,
    "never": World._nothing,
}
