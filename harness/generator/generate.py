"""Many scenarios, one after the other: what a pack is ordered as, and how the orders are made.

Every scenario is made from its own seed and nothing else, so that a pack can be made in any order, in part,
or by many at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rembench.harness.errors import unknown_name
from rembench.harness.generator.dials import LEVELS, Dials
from rembench.harness.generator.domain import domain_names
from rembench.harness.generator.scenario import MAKERS, Order, make


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A pack to be generated: `n` scenarios, whose dials are those of `dials` in turn.

    `twins`: every scenario is followed by its twin. `prefix` begins their ids. `secrets`: see `Order`.
    """

    seed: str
    n: int
    prefix: str
    dials: Sequence[Dials] = LEVELS
    kinds: tuple[str, ...] = tuple(MAKERS)
    domains: tuple[str, ...] = ()
    twins: bool = False
    secrets: int | None = None


def orders(recipe: Recipe, first: int = 0) -> Iterator[Order]:
    """The orders of a recipe, in turn, from number `first` on; UserError for a domain that isn't there."""
    known = domain_names()
    for name in recipe.domains:
        if name not in known:
            raise unknown_name("domain", name, known)
    domains = recipe.domains or tuple(known)
    for number in range(first, recipe.n):
        name = domains[number % len(domains)]
        turn = number + number // (len(domains) * len(recipe.dials))  # so that every domain meets every level
        yield Order(
            id=f"{recipe.prefix}-{number + 1:04}-{name}",
            domain=name,
            dials=recipe.dials[turn % len(recipe.dials)],
            seed=recipe.seed,
            number=number,
            kinds=recipe.kinds,
            secrets=recipe.secrets,
        )


def generate(recipe: Recipe) -> Iterator[dict[str, Any]]:
    """The scenarios of a recipe as JSON objects, one at a time."""
    for order in orders(recipe):
        yield make(order)
        if recipe.twins:
            yield make(order, twin=True)
