"""From a spec to a model ready to be asked: the table, installed plugins, importable classes, files at hand.

A plugin is a distribution with an entry point in the group `rembench.providers`, whose name is the model's
and whose value is `package.module:Name`. Two of one name are an error.
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any, cast

from rembench.harness.errors import UserError, unknown_name
from rembench.harness.importing import find_class, foreign
from rembench.harness.masking import MASK, is_secret, masked
from rembench.harness.providers.provider import Provider
from rembench.harness.providers.table import TABLE
from rembench.harness.spec import arguments, read_spec

GROUP = "rembench.providers"
_SIGNATURE = "expected: class Name with `async def complete(self, request: Request) -> Reply`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model ready to be asked. `options` are as they may be shown; `secrets` may be shown nowhere."""

    name: str
    provider: Provider
    options: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = field(default=(), repr=False)


def known_models() -> dict[str, str]:
    """Every provider that has a name, with where its class is: the table, then the plugins by name."""
    known = dict(TABLE)
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        if point.name in known:
            source = point.dist.name if point.dist else point.value
            right = f"the other one: {known[point.name]}; uninstall or rename one"
            raise UserError(f"two judges are called {point.name!r}", where=f"plugin {source}", right=right)
        known[point.name] = point.value.split("[")[0].strip()
    return known


def load_model(spec: str, role: str = "judge") -> Model:
    """The model that `spec` names (see `rembench.harness.spec`), made; `role` is what errors call it.

    UserError for a name that isn't known, an import that fails, a class that isn't a provider, or an option
    that it doesn't take.
    """
    parts = read_spec(spec, role)
    known = known_models()
    if parts.target not in known and ":" not in parts.target:
        raise unknown_name(role, parts.target, known)
    made = _checked(find_class(known.get(parts.target, parts.target), method="complete"), parts.target, role)
    secrets = {name: value for name, value in parts.options.items() if is_secret(name)}
    try:
        keywords = arguments(made, parts.options, where=parts.target, withheld=frozenset())
        provider = foreign(lambda: made(**keywords), parts.target, secrets.values())
    except UserError as wrong:
        raise UserError(masked(str(wrong), secrets.values())) from None
    return Model(
        name=parts.target,
        provider=cast(Provider, provider),
        options={n: MASK if n in secrets else masked(value) for n, value in parts.options.items()},
        secrets=tuple(secrets.values()),
    )


def _checked(found: object, target: str, role: str) -> type[Any]:
    """The class, if it has the method of a provider."""
    place, _, name = target.rpartition(":")
    method = getattr(found, "complete", None)
    if not inspect.isclass(found) or not inspect.iscoroutinefunction(method):
        raise UserError(f"{name} isn't a {role}'s model", where=place, right=_SIGNATURE)
    try:
        inspect.signature(method).bind("self", "request")
    except TypeError:
        raise UserError(f"{name}.complete doesn't take a request", where=place, right=_SIGNATURE) from None
    return found
