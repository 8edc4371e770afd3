"""run.json: everything needed to make the run again. Results made under different records never mix."""

import json
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rembench.harness.errors import UserError
from rembench.harness.types import ChainKey, Scenario

RUN = "run.json"
_LIBRARIES = ("rembench", "scikit-learn", "scipy", "numpy", "pandas", "pyarrow", "rouge-score", "rapidfuzz")
_SAME = ("packs", "consolidators", "seed", "repeats", "limit", "shard")


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
            raw = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UserError("not a run folder: it has no run.json", where=str(folder)) from None
        except (OSError, ValueError) as wrong:
            raise UserError(f"can't be read: {wrong}", where=str(path)) from None
        return cls._of(raw, path)

    @classmethod
    def _of(cls, raw: object, path: Path) -> "RunRecord":
        from pydantic import TypeAdapter, ValidationError

        try:
            record = TypeAdapter(cls).validate_python(raw)
        except ValidationError as wrong:
            first = wrong.errors()[0]
            at = ".".join(str(part) for part in first["loc"]) or "the record"
            raise UserError(f"not a run record: {at}: {first['msg']}", where=str(path)) from None
        if record.schema != 1:
            raise UserError(f"schema {record.schema}", where=str(path), right="this version reads schema 1")
        return record

    def chains(self, scenarios: Sequence[Scenario]) -> Iterator[ChainKey]:
        """Every chain of the run on these scenarios, in order."""
        for entry in self.consolidators:
            for scenario in self.of_shard(scenarios):
                for repeat in range(self.repeats):
                    yield ChainKey(consolidator=entry["name"], scenario=scenario.id, repeat=repeat)

    def of_shard(self, scenarios: Sequence[Scenario]) -> Sequence[Scenario]:
        """The scenarios of this run's shard: i/n takes every nth, beginning with the ith."""
        if self.shard is None:
            return scenarios
        part, parts = (int(n) for n in self.shard.split("/"))
        return scenarios[part - 1 :: parts]

    @property
    def controls(self) -> frozenset[str]:
        """The names of the controls."""
        return frozenset(str(c["name"]) for c in self.consolidators if c["control"])

    def check_same(self, other: "RunRecord", folder: Path) -> None:
        """UserError that names what differs between a run and what would resume it."""
        mine, theirs = self.to_json(), other.to_json()
        for name in _SAME:
            if _plain(mine[name]) != _plain(theirs[name]):
                raise UserError(
                    f"can't resume: {name} differs from the run's",
                    where=str(folder / RUN),
                    right="resume with the run's own options, or run into another folder",
                )


def _plain(value: Any) -> Any:
    """Without the paths that packs happen to lie at."""
    if isinstance(value, list):
        return [{k: v for k, v in e.items() if k != "path"} if isinstance(e, dict) else e for e in value]
    return value


def versions() -> dict[str, str]:
    """Python, the platform and the libraries that numbers depend on."""
    found = {"python": platform.python_version(), "platform": f"{sys.platform} {platform.machine()}"}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def write_atomically(path: Path, text: str) -> None:
    """Write a file whole or not at all: beside it, to the disk, then over it."""
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)
