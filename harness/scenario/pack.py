"""Packs: finding one, reading its scenarios, and the hash that says which scenarios they were.

A pack is a folder of scenarios: `*.jsonl` and `data/*.jsonl` with one scenario a line, and
`scenarios/*.json` with one scenario a file; or a single file of either sort. Files with one scenario a
line may be compressed (`*.jsonl.gz`). Beside them may stand a `pack.json` (see
`rembench.harness.scenario.card`) and anything else.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import rembench
from rembench.harness.errors import UserError, nearest, unknown_name
from rembench.harness.night import Session
from rembench.harness.scenario.lines import has_lines, plain_stem, read_lines
from rembench.harness.scenario.place import text_fault
from rembench.harness.scenario.reader import SCHEMA, read_scenario
from rembench.harness.types import DeleteStep, Item, Pack, Scenario, Step, Value

LAYOUTS = ("*.jsonl", "data/*.jsonl", "scenarios/*.json")
"""Where a pack's scenarios stand in its folder; `.jsonl` may also be `.jsonl.gz`."""

SCENARIO_BYTES = 64 * 2**20
"""The most that one scenario may take as JSON."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one scenario and where it stands ("pack.jsonl:12")."""

    where: str
    text: str


class PackReader:
    """Reads a pack one scenario at a time: go through it once, then it knows the hash.

    UserError for a pack that isn't there, has no scenarios, or has one with a fault.
    """

    def __init__(self, name_or_path: str) -> None:
        self.path = find_pack(name_or_path)
        self._ids = Ids()

    def __iter__(self) -> Iterator[Scenario]:
        for source in sources(self.path):
            scenario = read_scenario(source.text, where=source.where)
            for error in self._ids.add(scenario, source.where):
                raise error
            yield scenario
        if not self._ids.hashes:
            raise no_scenarios(self.path)
        for error in self._ids.orphans():
            raise error

    @property
    def sha256(self) -> str:
        """The hash of the pack, when all of its scenarios have been read."""
        return pack_sha256(self._ids.hashes)


def load_pack(name_or_path: str, *, limit: int | None = None) -> Pack:
    """The pack of that name, or in that folder or file, read and checked.

    A twin comes right after its original, wherever it stands, so that with `limit`, which keeps the first
    scenarios, no twin is kept without it. The hash is over all scenarios all the same.
    UserError for a pack that isn't there, has no scenarios, or has one with a fault.
    """
    reader = PackReader(name_or_path)
    kept = beside_originals(reader)[:limit]
    return Pack(name=pack_name(reader.path), path=str(reader.path), sha256=reader.sha256, scenarios=tuple(kept))


class Ids:
    """The scenario ids seen so far, with their hashes, where each stood and whose twin it is."""

    def __init__(self) -> None:
        self.hashes: dict[str, str] = {}
        self._places: dict[str, str] = {}
        self._twins: dict[str, str] = {}

    def add(self, scenario: Scenario, where: str) -> list[UserError]:
        """Take note of a scenario; the error when its id is taken."""
        first = self._places.setdefault(scenario.id, where)
        if scenario.id not in self.hashes:
            self.hashes[scenario.id] = scenario_sha256(scenario)
            if scenario.twin_of is not None:
                self._twins[scenario.id] = scenario.twin_of
            return []
        what = f"the scenario id {scenario.id!r} is taken"
        return [UserError(what, where=where, right=f"{first} has it; ids are unique in a pack")]

    def orphans(self) -> Iterator[UserError]:
        """What's wrong with the twins, once all scenarios have been seen."""
        for twin, original in self._twins.items():
            if original not in self.hashes:
                near = nearest(original, list(self.hashes))
                hint = f"did you mean {near!r}? " if near is not None else ""
                what, right = "isn't a scenario of the pack", f"{hint}a twin stands beside its original"
            elif original in self._twins:
                what, right = "is a twin itself", "the scenario in which the deleted values were said"
            else:
                continue
            yield UserError(f"twin_of: {original!r} {what}", where=self._places[twin], right=right)


class _Named(Protocol):
    """A scenario, or what's kept of one."""

    @property
    def id(self) -> str: ...

    @property
    def twin_of(self) -> str | None: ...


_N = TypeVar("_N", bound=_Named)


def beside_originals(scenarios: Iterable[_N]) -> list[_N]:
    """The scenarios in their order, every twin right after its original."""
    given = list(scenarios)
    places = {one.id: n for n, one in enumerate(given)}
    return sorted(given, key=lambda one: (places[one.twin_of or one.id], one.twin_of is not None))


def pack_name(path: Path) -> str:
    """What the pack at `path` is called: its folder's name, or its file's without the ending."""
    return plain_stem(path) if path.is_file() else path.name


def no_scenarios(path: Path) -> UserError:
    """The error for a pack without any."""
    right = f"a pack has {', '.join(LAYOUTS[:-1])} or {LAYOUTS[-1]}"
    return UserError("no scenarios", where=str(path), right=right)


def pack_names() -> list[str]:
    """The names of the packs that come with the package."""
    folder = _shipped()
    if not folder.is_dir():
        return []
    return sorted(one.name for one in folder.iterdir() if one.is_dir() and _files(one))


def find_pack(name_or_path: str) -> Path:
    """The absolute path of the pack of that name or at that path; a shipped name goes first."""
    names = pack_names()
    if name_or_path in names:
        return _shipped() / name_or_path
    path = Path(name_or_path)
    try:
        if name_or_path and path.exists():
            found = path.resolve()
            if fault := text_fault(str(found)):
                raise UserError(f"its path has {fault}", where=str(found))
            return found
    except (OSError, ValueError) as error:
        raise UserError(f"can't look for a pack at {name_or_path[:200]!r}: {error}") from None
    if path.suffix in {".json", ".jsonl", ".gz"} or len(path.parts) > 1 or name_or_path.startswith("."):
        raise UserError("no such file or folder", where=name_or_path)
    raise unknown_name("pack", name_or_path, names)


def sources(path: Path) -> Iterator[Source]:
    """The text of every scenario of the pack at `path`, in the order of file names and lines."""
    for file in pack_files(path):
        try:
            yield from _lines(file) if has_lines(file) else _whole(file)
        except OSError as error:
            raise UserError(f"can't be read: {error.strerror}", where=_shown(file)) from None


def pack_files(path: Path) -> list[Path]:
    """The files that hold the scenarios of the pack at `path`, in the order of their names."""
    return [path] if path.is_file() else _files(path)


def scenario_sha256(scenario: Scenario) -> str:
    """The hash of one scenario's canonical JSON (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(scenario_to_json(scenario), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def pack_sha256(hashes: dict[str, str]) -> str:
    """The hash of a pack: over the lines "id hash", sorted, so that files and order don't matter."""
    lines = "".join(f"{id_} {digest}\n" for id_, digest in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def scenario_to_json(scenario: Scenario) -> dict[str, Any]:
    """The canonical JSON object of a scenario: what isn't there is left out.

    Lists always stand, empty or not; but for `tags`, which came later than packs whose hash is published.
    """
    return _given(
        schema=SCHEMA,
        id=scenario.id,
        title=scenario.title,
        origin=scenario.origin,
        domain=scenario.domain,
        language=scenario.language,
        level=scenario.level,
        twin_of=scenario.twin_of,
        store=dict(scenario.store),
        steps=[_step_to_json(step) for step in scenario.steps],
        items=[_item_to_json(item) for item in scenario.items],
    )


def _step_to_json(step: Step) -> dict[str, Any]:
    if isinstance(step, Session):
        messages = [_given(role=one.role, name=one.name, content=one.content) for one in step.messages]
        return _given(
            type="session", id=step.id, at=step.at, agent=step.agent, user=step.user,
            outcome=step.outcome, messages=messages,
        )  # fmt: skip
    if isinstance(step, DeleteStep):
        return _given(type="delete", id=step.id, at=step.at, request=step.request)
    return _given(
        type="consolidate", id=step.id, at=step.at, instructions=step.instructions,
        sessions=None if step.sessions is None else list(step.sessions),
        write_budget=step.write_budget,
    )  # fmt: skip


def _item_to_json(item: Item) -> dict[str, Any]:
    return _given(
        id=item.id,
        kind=item.kind,
        tactic=item.tactic,
        subject=item.subject,
        subject_aliases=list(item.subject_aliases),
        attribute=item.attribute,
        attribute_aliases=list(item.attribute_aliases),
        question=item.question,
        tags=list(item.tags) or None,
        instruction=item.instruction,
        values=[_value_to_json(value) for value in item.values],
    )


def _value_to_json(value: Value) -> dict[str, Any]:
    condition = value.condition
    return _given(
        text=value.text,
        aliases=list(value.aliases),
        type=value.type,
        match=_listed(value.match),
        match_any=_listed(value.match_any),
        condition=condition and {"text": condition.text, "aliases": list(condition.aliases)},
        where=value.where,
        gives_away=value.gives_away or None,
        evidence=[f"{ref.session}#{ref.message}" for ref in value.evidence],
        expect=dict(value.expect),
    )


def _given(**keys: Any) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value is not None}


def _listed(groups: Any) -> Any:
    return [_listed(one) for one in groups] if isinstance(groups, tuple) else groups


def _shipped() -> Path:
    return Path(rembench.__file__).parent / "datasets"


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    layouts = (*LAYOUTS, *(f"{layout}.gz" for layout in LAYOUTS if layout.endswith(".jsonl")))
    found = sorted(file for layout in layouts for file in folder.glob(layout) if not file.is_dir())
    for file in found:
        if not file.is_file():
            what = "a link that leads nowhere" if file.is_symlink() and not file.exists() else "no plain file"
            raise UserError(f"is {what}", where=_shown(file), right="mend it, or take it out of the pack")
    return found


def _lines(file: Path) -> Iterator[Source]:
    blank = 0  # bytes since the last scenario: a small gzip file can hold empty lines without end
    try:
        for number, line in enumerate(read_lines(file, SCENARIO_BYTES + 1), start=1):
            where = f"{_shown(file)}:{number}"
            text = _decoded(line, where)
            if text.strip():
                blank = 0
                yield Source(where, text)
            elif (blank := blank + len(line)) > SCENARIO_BYTES:
                raise UserError("too many empty lines", where=where, right="one scenario a line")
    except ValueError as error:
        right = "pack it again with gzip from the lines themselves"
        raise UserError(str(error), where=_shown(file), right=right) from None


def _whole(file: Path) -> Iterator[Source]:
    if file.suffix == ".gz":
        right = "one scenario a line, in a file named *.jsonl.gz"
        raise UserError("only JSON Lines are read compressed", where=_shown(file), right=right)
    with file.open("rb") as stream:
        text = _decoded(stream.read(SCENARIO_BYTES + 1), _shown(file))
    if not text.strip():
        raise UserError("is empty", where=_shown(file), right="one JSON object is needed")
    yield Source(_shown(file), text)


def _decoded(data: bytes, where: str) -> str:
    if len(data) > SCENARIO_BYTES:
        raise UserError("too large", where=where, right=f"a scenario has at most {SCENARIO_BYTES} bytes")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UserError(f"byte {error.start} isn't valid UTF-8", where=where) from None


def _shown(file: Path) -> str:
    try:
        return str(file.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(file)
