"""run.json: everything needed to make the run again. Results made under different records never mix."""

import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rembench.harness.errors import UserError
from rembench.harness.files import read_plain, whole
from rembench.harness.scenario.place import Place, parse
from rembench.harness.types import ChainKey, Scenario

RUN = "run.json"
_LIBRARIES = (
    "rembench",
    "scikit-learn",
    "scipy",
    "numpy",
    "pandas",
    "pyarrow",
    "rouge-score",
    "rapidfuzz",
    "anthropic",
    "openai",
    "vllm",
)
_NEEDED = ("schema", "rembench", "created", "packs", "consolidators", "seed", "repeats")
_SHARD_DIGITS = 9
PRICES = "prices"
"""Under `versions`: which table of prices the costs were made with."""
MOST_REPEATS = 1000
_SAME = ("packs", "consolidators", "seed", "repeats", "limit", "shard", "prompts")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What was run, on what, with which settings and versions; it holds no key and no environment."""

    schema: int = 1
    rembench: str
    created: str
    packs: tuple[Mapping[str, Any], ...]
    consolidators: tuple[Mapping[str, Any], ...]
    seed: int
    repeats: int
    limit: int | None = None
    shard: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The record as JSON."""
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]

    def write(self, folder: Path) -> None:
        """Write run.json, whole or not at all."""
        write_atomically(folder / RUN, json.dumps(self.to_json(), indent=1, ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, folder: Path) -> "RunRecord":
        """The record of a run folder; UserError if it isn't one."""
        path = folder / RUN
        try:
            text = read_plain(path)
        except FileNotFoundError:
            raise UserError("not a run folder: it has no run.json", where=str(folder)) from None
        except OSError as wrong:
            raise UserError(f"can't be read: {wrong.strerror}", where=str(path)) from None
        return _record(parse(text, str(path)))

    def chains(self, scenarios: Sequence[Scenario]) -> Iterator[ChainKey]:
        """Every chain of the run on these scenarios, in order."""
        for entry in self.consolidators:
            for scenario in self.of_shard(scenarios):
                for repeat in range(self.repeats):
                    yield ChainKey(consolidator=entry["name"], scenario=scenario.id, repeat=repeat)

    def nights(self, scenarios: Sequence[Scenario]) -> dict[ChainKey, frozenset[str]]:
        """The ids of the nights of every chain of the run on these scenarios."""
        ids = {s.id: frozenset(night.id for night in s.nights) for s in scenarios}
        return {chain: ids[chain.scenario] for chain in self.chains(scenarios)}

    def of_shard(self, scenarios: Sequence[Scenario]) -> Sequence[Scenario]:
        """The scenarios of this run's shard: i/n takes every nth, beginning with the ith, and its twins."""
        if self.shard is None:
            return scenarios
        part, parts = read_shard(self.shard)
        numbers = {s.id: n for n, s in enumerate(s for s in scenarios if s.twin_of is None)}
        return [s for s in scenarios if numbers[s.twin_of or s.id] % parts == part - 1]

    @property
    def controls(self) -> frozenset[str]:
        """The names of the controls."""
        return frozenset(str(c["name"]) for c in self.consolidators if c["control"])

    def check_same(self, other: "RunRecord", folder: Path) -> None:
        """UserError that names what differs between a run and what would resume it."""
        mine, theirs = self.to_json(), other.to_json()
        for name in _SAME:
            if _plain(mine[name]) != _plain(theirs[name]):
                had, asked = _differing(mine[name], theirs[name])
                raise UserError(
                    f"can't resume: {name}: the run has {had}; {asked} was asked",
                    where=str(folder / RUN),
                    right="leave it out to take the run's own, or run into another folder",
                )
        had, asked = (str(one["versions"].get(PRICES, "")) for one in (mine, theirs))
        if had and had != asked:
            what = f"can't resume: the run's prices are of {had}, these of {asked}"
            raise UserError(what, where=str(folder / RUN), right="go on with the same REMBENCH_PRICES")


def _plain(value: Any) -> Any:
    """Of a pack its hash alone: it's the same one wherever it lies and whatever its folder is called."""
    return [entry.get("sha256", entry) for entry in value] if isinstance(value, list) else value


def _differing(mine: Any, theirs: Any) -> tuple[str, str]:
    """Two settings that differ, in words: of entries as little as tells them apart."""
    if not isinstance(mine, list):
        return _word(mine), _word(theirs)
    for words in (_contestants, _names, _hashes):
        if words(mine) != words(theirs):
            return words(mine), words(theirs)
    return json.dumps(mine), json.dumps(theirs)


def _word(value: Any) -> str:
    return "none" if value is None else str(value)


def _contestants(entries: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(e["name"] for e in entries if not e.get("control")) or "only controls"


def _names(entries: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(e["name"] for e in entries)


def _hashes(entries: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"{e['name']} {e.get('sha256', '')[:12]}" for e in entries)


def versions() -> dict[str, str]:
    """Python, the platform and the libraries that numbers depend on."""
    found = {"python": platform.python_version(), "platform": f"{sys.platform} {platform.machine()}"}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def read_shard(text: str) -> tuple[int, int]:
    """The two numbers of "i/n"; ValueError with one line if it isn't that."""
    part, _, parts = text.partition("/")
    if not all(n.isascii() and n.isdigit() and len(n) <= _SHARD_DIGITS for n in (part, parts)):
        raise ValueError("i/n was expected, as in 1/4")
    if not 1 <= int(part) <= int(parts):
        raise ValueError("i lies between 1 and n")
    return int(part), int(parts)


def write_atomically(path: Path, text: str) -> None:
    """Write a file whole or not at all: beside it, to the disk, then over it."""
    with whole(path) as partial, partial.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def _record(top: Place) -> RunRecord:
    top.mapping()
    if "schema" in top.value and (schema := top.to("schema")).number() != 1:
        raise schema.error("unknown version of the run record", "this version reads 1")
    top.object(_NEEDED, [f.name for f in fields(RunRecord)])
    limit, shard = top.given("limit"), top.given("shard")
    return RunRecord(
        rembench=top.to("rembench").text(),
        created=top.to("created").text(),
        packs=_entries(top.to("packs"), _PACK),
        consolidators=_entries(top.to("consolidators"), _CONSOLIDATOR),
        seed=top.to("seed").count(),
        repeats=top.to("repeats").count(1, MOST_REPEATS),
        limit=limit.count(1) if limit else None,
        shard=_shard(shard) if shard else None,
        settings=_values(top.given("settings"), lambda one: one.value is None or one.amount()),
        prompts=_values(top.given("prompts"), Place.text),
        versions=_values(top.given("versions"), Place.text),
    )


def _entries(place: Place, kinds: Mapping[str, Callable[[Place], object]]) -> tuple[Mapping[str, Any], ...]:
    """A list of objects with these keys; no two of one name."""
    names: set[str] = set()
    for entry in place.each():
        entry.object([k for k in kinds if k not in _OPTIONAL], _OPTIONAL & kinds.keys())
        for key, check in kinds.items():
            if key in entry.value:
                check(entry.to(key))
        if entry.value["name"] in names:
            raise entry.to("name").error("is taken", "names are unique")
        names.add(entry.value["name"])
    if not names:
        raise place.error("is empty", "at least one is needed")
    return tuple({k: v for k, v in entry.items() if k in kinds} for entry in place.value)


def _values(place: Place | None, check: Callable[[Place], object]) -> Mapping[str, Any]:
    """An object, after a check of each of its values; an empty one when there is none."""
    if place is None:
        return {}
    for key in place.mapping():
        check(place.to(key))
    return dict(place.value)


def _shard(place: Place) -> str:
    try:
        read_shard(place.text())
    except ValueError as wrong:
        raise place.error(str(wrong)) from None
    return place.text()


def _capability(place: Place) -> object:
    if place.value is None or isinstance(place.value, bool):
        return place.value
    return place.amount() if isinstance(place.value, int | float) else place.text()


_PACK: Mapping[str, Callable[[Place], object]] = {
    "name": Place.text, "path": Place.text, "sha256": Place.text, "scenarios": Place.count
}  # fmt: skip
_CONSOLIDATOR: Mapping[str, Callable[[Place], object]] = {
    "name": Place.text,
    "spec": Place.text,
    "control": Place.flag,
    "options": lambda place: _values(place, Place.text),
    "capabilities": lambda place: _values(place, _capability),
}
_OPTIONAL = frozenset({"scenarios", "options", "capabilities"})
