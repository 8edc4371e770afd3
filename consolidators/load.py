"""From a spec to a consolidator: the table, installed plugins, importable classes, files at hand.

A plugin is a distribution with an entry point in the group `rembench.consolidators`, whose name is the
consolidator's and whose value is `package.module:Name`. Two of one name are an error.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from importlib.metadata import entry_points
from typing import Any, cast, get_args

from rembench.consolidators import TABLE, Entry
from rembench.harness.errors import UserError, unknown_name
from rembench.harness.importing import find_class, foreign
from rembench.harness.masking import is_secret, variable_in
from rembench.harness.night import Capabilities, Consolidator, Fidelity
from rembench.harness.spec import Spec, arguments, read_spec

GROUP = "rembench.consolidators"
_LONGEST = 1e7  # seconds
_HANDED = {"answers": "the answer key", "names": "the chains' names"}
_NOT_FLAGS = frozenset({"transcript", "patience"})
_SIGNATURE = (
    "expected: class Name with `capabilities = Capabilities(...)` and "
    "`async def consolidate(self, night: Night) -> Consolidation`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A consolidator ready to be made.

    `make` takes what's handed over to those that are told more than a night holds: the answer key if
    `answers`, the chains' names if `named`. The others' don't look at it.
    """

    name: str
    spec: str
    control: bool
    answers: bool
    named: bool
    options: Mapping[str, str]
    capabilities: Capabilities
    make: Callable[[object | None], Consolidator]


def known_consolidators() -> dict[str, Entry]:
    """Every consolidator that has a name: the table, then the plugins by name."""
    known = dict(TABLE)
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        source = point.dist.name if point.dist else point.value
        if point.name in known:
            raise UserError(
                f"two consolidators are called {point.name!r}",
                where=f"plugin {source}",
                right=f"the other one: {known[point.name].target}; uninstall or rename one",
            )
        known[point.name] = Entry(
            name=point.name,
            target=point.value.split("[")[0].strip(),
            summary=f"plugin: {source}",
            control=False,
        )
    return known


def load_consolidator(spec: str) -> Loaded:
    """The consolidator that `spec` names (see `rembench.harness.spec`), imported and checked but not made yet.

    UserError for a name that isn't known, an import that fails, a class that isn't a consolidator, or
    an option that it doesn't take.
    """
    parts = _parts(spec)
    entry = _entry(parts.target)
    made = _find(entry.target)
    handed = "answers" if entry.answers else "names" if entry.named else None
    withheld = frozenset({handed} if handed else ())
    keywords = arguments(made, parts.options, where=spec, withheld=withheld)

    def make(handover: object | None = None) -> Consolidator:
        if handed is None:
            return cast(Consolidator, made(**keywords))
        if handover is None:
            raise ValueError(f"{entry.name} can't be made without {_HANDED[handed]}")
        return cast(Consolidator, made(**keywords, **{handed: handover}))

    return Loaded(
        name=spec,
        spec=spec,
        control=entry.control,
        answers=entry.answers,
        named=entry.named,
        options=parts.options,
        capabilities=_capabilities(made, make, spec),
        make=make,
    )


def takes_option(spec: str, option: str) -> bool:
    """Whether the consolidator that `spec` names has an option of this name."""
    made = _find(_entry(_parts(spec).target).target)
    return option in inspect.signature(made).parameters


def _parts(spec: str) -> Spec:
    """The parts of a spec; UserError, which doesn't repeat it, for one with a key in it."""
    if variable := variable_in(spec):
        raise UserError(
            f"the value of {variable} is in what -c says, which is written into the run's record",
            right="leave it out: keys are taken from the environment",
        )
    parts = read_spec(spec)
    if secret := next(filter(is_secret, parts.options), None):
        raise UserError(
            f"{secret!r} isn't taken as an option: options are written into the run's record",
            where=parts.target,
            right="put keys into the environment",
        )
    return parts


def _entry(target: str) -> Entry:
    """The entry of a name, or one made up for a class that's given by its place."""
    known = known_consolidators()
    if target in known:
        return known[target]
    place, colon, option = target.rpartition(":")
    if place in known:
        raise UserError(f"{option!r} isn't an option", where=target, right="write key=value")
    if colon:
        return Entry(name=target, target=target, summary="", control=False)
    if target.endswith(".py"):
        raise UserError("no class is named", where=target, right=f"write {target}:Name")
    raise unknown_name("consolidator", target, known)


def _find(target: str) -> type[Any]:
    """The class at `package.module:Name` or `path.py:Name`, checked against the contract."""
    place, _, name = target.rpartition(":")
    found = find_class(target, method="consolidate")
    method = getattr(found, "consolidate", None)
    if not inspect.isclass(found) or not inspect.iscoroutinefunction(method):
        raise UserError(f"{name} isn't a consolidator", where=place, right=_SIGNATURE)
    if not _takes_a_night(method):
        raise UserError(f"{name}.consolidate doesn't take a night", where=place, right=_SIGNATURE)
    return found


def _takes_a_night(method: Callable[..., object]) -> bool:
    try:
        inspect.signature(method).bind("self", "night")
    except TypeError:
        return False
    return True


def _is_patience(seconds: object) -> bool:
    return seconds is None or (isinstance(seconds, int | float) and 0 < seconds < _LONGEST)


def _capabilities(made: type[Any], make: Callable[[], Consolidator], where: str) -> Capabilities:
    """As the class declares them; where only its instances do, one is made."""
    declared = foreign(lambda: getattr(made, "capabilities", None), where)
    if not isinstance(declared, Capabilities):
        declared = foreign(lambda: getattr(make(), "capabilities", None), where)
    if not isinstance(declared, Capabilities):
        raise UserError(f"{made.__name__} declares no capabilities", where=where, right=_SIGNATURE)
    if (
        declared.transcript not in get_args(Fidelity)
        or not all(
            isinstance(getattr(declared, f.name), bool) for f in fields(declared) if f.name not in _NOT_FLAGS
        )
        or not _is_patience(declared.patience)
    ):
        right = (
            f"transcript is one of {', '.join(get_args(Fidelity))}, patience is seconds or None, "
            "the others are True or False"
        )
        raise UserError(f"{made.__name__}.capabilities aren't valid", where=where, right=right)
    return declared
