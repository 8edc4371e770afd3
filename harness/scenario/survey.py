"""Surveys: what's known of a pack without holding its scenarios, made in one pass over them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rembench.harness.errors import UserError
from rembench.harness.scenario.pack import (
    Ids,
    PackReader,
    beside_originals,
    find_pack,
    no_scenarios,
    pack_name,
    pack_sha256,
    sources,
)
from rembench.harness.scenario.reader import Check, examine_scenario
from rembench.harness.scenario.statistics import statistics
from rembench.harness.types import Pack, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One line on a scenario: what it is, and how many of its parts there are."""

    id: str
    title: str
    origin: str
    domain: str
    language: str
    twin_of: str | None
    sessions: int
    nights: int
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A pack without its scenarios: their hash and counts, and an outline of each, twins beside originals."""

    name: str
    path: str
    sha256: str
    statistics: Mapping[str, Any]
    outlines: tuple[Outline, ...]


def survey_pack(name_or_path: str) -> Survey:
    """The survey of the pack of that name or at that path; one scenario is held at a time.

    UserError as in `load_pack`.
    """
    reader = PackReader(name_or_path)
    outlines: list[Outline] = []
    counted = statistics(_outlined(reader, outlines))
    return _survey(reader.path, reader.sha256, counted, outlines)


def survey_of(pack: Pack | Survey) -> Survey:
    """The survey of a pack that's read already; a survey is its own."""
    if isinstance(pack, Survey):
        return pack
    return Survey(
        name=pack.name,
        path=pack.path,
        sha256=pack.sha256,
        statistics=statistics(pack.scenarios),
        outlines=tuple(map(_outline, pack.scenarios)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What came of reading a whole pack; `survey` is None when something is wrong with it.

    Of the `checked` scenarios, which are those that a further check had something to look at in, `agreed` are
    without a fault.
    """

    path: Path
    scenarios: int
    survey: Survey | None
    faults: tuple[UserError, ...]
    checked: int
    agreed: int


def examine_pack(name_or_path: str, check: Check | None = None) -> Examination:
    """Reads the whole pack and gathers everything that's wrong with its scenarios, one at a time.

    `check` is a further check of every scenario. UserError only for a pack that isn't there.
    """
    examiner = _Examiner(find_pack(name_or_path), check)
    outlines: list[Outline] = []
    counted = statistics(_outlined(examiner, outlines))
    found = examiner.faults
    survey = None if found else _survey(examiner.path, pack_sha256(examiner.ids.hashes), counted, outlines)
    return Examination(
        path=examiner.path,
        scenarios=examiner.read,
        survey=survey,
        faults=tuple(found),
        checked=examiner.checked,
        agreed=examiner.agreed,
    )


class _Examiner:
    """Goes through a pack's scenarios, up to the first one with a fault, and gathers all faults."""

    def __init__(self, path: Path, check: Check | None) -> None:
        self.path, self._check = path, check
        self.ids = Ids()
        self.faults: list[UserError] = []
        self.read = self.checked = self.agreed = 0

    def __iter__(self) -> Iterator[Scenario]:
        readable = 0
        try:
            for source in sources(self.path):
                self.read += 1
                examined = examine_scenario(source.text, where=source.where, check=self._check)
                self.faults += examined.faults
                self.checked += examined.checked
                self.agreed += examined.checked and not examined.faults
                if examined.scenario is not None:
                    readable += 1
                    self.faults += self.ids.add(examined.scenario, source.where)
                    if not self.faults:
                        yield examined.scenario
        except UserError as error:
            self.faults.append(error)
        if not self.read and not self.faults:
            self.faults.append(no_scenarios(self.path))
        if readable == self.read:  # else the original may be the one that can't be read
            self.faults += self.ids.orphans()


def _outlined(scenarios: Iterable[Scenario], outlines: list[Outline]) -> Iterator[Scenario]:
    """The same scenarios; the outline of each is added to `outlines` as it passes."""
    for scenario in scenarios:
        outlines.append(_outline(scenario))
        yield scenario


def _outline(scenario: Scenario) -> Outline:
    return Outline(
        id=scenario.id,
        title=scenario.title,
        origin=scenario.origin,
        domain=scenario.domain,
        language=scenario.language,
        twin_of=scenario.twin_of,
        sessions=len(scenario.sessions),
        nights=len(scenario.nights),
        items=len(scenario.items),
    )


def _survey(path: Path, sha256: str, counted: Mapping[str, Any], outlines: Iterable[Outline]) -> Survey:
    return Survey(
        name=pack_name(path),
        path=str(path),
        sha256=sha256,
        statistics=counted,
        outlines=tuple(beside_originals(outlines)),
    )
