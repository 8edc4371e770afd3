"""Where each page of the site lies: names from outside never become file names as they are."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

INDEX, METHOD, SCENARIOS = "index.html", "method.html", "scenarios/index.html"
CONSOLIDATOR_FOLDER, SCENARIO_FOLDER = "consolidators", "scenarios"
_LONGEST = 60
_TAKEN = frozenset({"index"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The page of everyone, by label, and of every scenario, by id: paths within the site."""

    consolidators: Mapping[str, str]
    scenarios: Mapping[str, str]

    @property
    def pages(self) -> tuple[str, ...]:
        """All pages."""
        return (INDEX, METHOD, SCENARIOS, *self.consolidators.values(), *self.scenarios.values())


def places(labels: Iterable[str], scenarios: Iterable[str]) -> Places:
    """The places of these."""
    return Places(
        consolidators=_pages(CONSOLIDATOR_FOLDER, labels), scenarios=_pages(SCENARIO_FOLDER, scenarios)
    )


def slugs(names: Iterable[str]) -> dict[str, str]:
    """Name → lower-case ASCII letters, digits and "-", at most 60; numbered where two would be the same."""
    made: dict[str, str] = {}
    taken = set(_TAKEN)
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_LONGEST].strip("-") or "unnamed"
        one, n = slug, 1
        while one in taken:
            n += 1
            one = f"{slug[: _LONGEST - 1 - len(str(n))]}-{n}"
        taken.add(one)
        made[name] = one
    return made


def _pages(folder: str, names: Iterable[str]) -> dict[str, str]:
    return {name: f"{folder}/{slug}.html" for name, slug in slugs(names).items()}
