"""Labelled memories: what the scorer is measured against.

A validity folder is one set:

    scenarios/<id>.json             a scenario, in the format of the packs
    memories/<id>/<style>.json      {"scenario", "style", "checkpoint", "files": {path: text}}
    labels/<id>/<style>.json        {"stances": [{"item", "value", "stance"}],
                                     "claims": [{"file", "quote", "verdict", "agreed"}]}
    labels/<id>/<style>.<who>.json  optional: the labellings behind it, of which agreement is taken when
                                    there are two
    set.json                        optional: {"readers", "how"}: who labelled it and how, in words

Claims are statements that nothing up to that checkpoint supports. `agreed` says that both labellers listed it.
Keys that aren't named here are read past.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import rembench
from rembench.harness.errors import UserError
from rembench.harness.files import plain
from rembench.harness.memory import check_memory
from rembench.harness.night import Memory
from rembench.harness.scenario.place import Place, parse
from rembench.harness.scenario.reader import read_scenario
from rembench.harness.types import STANCES, Scenario, Stance

ClaimVerdict = Literal["fabricated", "distorted", "misattributed", "overgeneralised"]
CLAIM_VERDICTS: tuple[ClaimVerdict, ...] = get_args(ClaimVerdict)
FOLDERS = ("scenarios", "memories", "labels")
UNKNOWN_READERS = "not stated"

ValueId = tuple[str, int]
"""An item's id and the index of one of its values."""
Stances = Mapping[ValueId, Stance]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An unsupported statement that the labellers found in a memory; `agreed`: both of them did."""

    path: str
    quote: str
    verdict: ClaimVerdict
    agreed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledMemory:
    """A memory and what careful readers found in it: a stance for every value of the scenario.

    `readers` are the independent labellings behind `labels`, by who made them, in the order of the names.
    """

    scenario: Scenario
    style: str
    checkpoint: str
    memory: Memory
    labels: Stances
    claims: tuple[Claim, ...]
    readers: Mapping[str, Stances]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValiditySet:
    """The labelled memories of one folder, by scenario and style; who labelled them, and how."""

    name: str
    path: str
    readers: str
    how: str
    memories: tuple[LabelledMemory, ...]


def shipped_sets() -> tuple[Path, ...]:
    """The folders of the sets that come with rembench."""
    return _sets_in(Path(rembench.__file__).parent / "datasets" / "validity")


def load_sets(folders: tuple[Path, ...]) -> tuple[ValiditySet, ...]:
    """The sets in `folders`, in order; a folder of sets stands for all of them.

    UserError for a folder that isn't a set, for faulty files, and for two sets of one name.
    """
    sets: dict[str, ValiditySet] = {}
    for path in (one for folder in folders for one in _sets_in(folder) or (folder,)):
        found = load_set(path)
        if found.name in sets:
            raise UserError(
                f"two sets are called {found.name!r}",
                where=str(path),
                right=f"{sets[found.name].path} is the other; give one of the folders another name",
            )
        sets[found.name] = found
    return tuple(sets.values())


def load_set(folder: Path) -> ValiditySet:
    """The set in `folder`, read and checked; UserError with the first fault."""
    missing = [name for name in FOLDERS if not (folder / name).is_dir()]
    if missing:
        what = f"no folder {missing[0]}/" if folder.is_dir() else "no such folder"
        raise UserError(what, where=str(folder), right=f"a validity folder has {', '.join(FOLDERS)}")
    memories = tuple(m for path in sorted((folder / "scenarios").glob("*.json")) for m in _of(folder, path))
    known = {one.scenario.id for one in memories}
    for path in sorted((folder / "memories").iterdir()):
        if path.is_dir() and path.name not in known:
            raise UserError("no scenario of this id", where=str(path), right=f"known: {', '.join(known)}")
    if not memories:
        raise UserError("no labelled memories", where=str(folder), right="memories/<scenario>/<style>.json")
    readers, how = _readers(folder)
    return ValiditySet(
        name=folder.resolve().name, path=str(folder), readers=readers, how=how, memories=memories
    )


def _sets_in(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir() or any((folder / name).is_dir() for name in FOLDERS):
        return ()
    inner = sorted(path for path in folder.iterdir() if path.is_dir())
    return tuple(path for path in inner if all((path / name).is_dir() for name in FOLDERS))


def _readers(folder: Path) -> tuple[str, str]:
    path = folder / "set.json"
    if not path.exists():
        return UNKNOWN_READERS, UNKNOWN_READERS
    top = parse(_text(path), str(path))
    top.mapping()
    readers, how = (top.given(key) for key in ("readers", "how"))
    return readers.words() if readers else UNKNOWN_READERS, how.words() if how else UNKNOWN_READERS


def _of(folder: Path, path: Path) -> list[LabelledMemory]:
    """All labelled memories of one scenario."""
    scenario = read_scenario(_text(path), where=str(path))
    found = sorted((folder / "memories" / scenario.id).glob("*.json"))
    return [_labelled(folder, scenario, one) for one in found]


def _labelled(folder: Path, scenario: Scenario, path: Path) -> LabelledMemory:
    top = parse(_text(path), str(path))
    _keys(top, "checkpoint", "files")
    nights = [night.id for night in scenario.nights]
    checkpoint = top.to("checkpoint").choice(nights)
    try:
        memory = check_memory(top.to("files").mapping())
    except ValueError as error:
        raise top.to("files").error(str(error)) from None
    labels = folder / "labels" / scenario.id / path.name
    if not labels.is_file():
        raise UserError("has no labels", where=str(path), right=f"{labels} is needed")
    label = parse(_text(labels), str(labels))
    others = sorted(labels.parent.glob(f"{path.stem}.*.json"))
    return LabelledMemory(
        scenario=scenario,
        style=path.stem,
        checkpoint=checkpoint,
        memory=memory,
        labels=_stances(label, scenario),
        claims=_claims(label, memory),
        readers={_who(path, p): _stances(parse(_text(p), str(p)), scenario) for p in others},
    )


def _who(memory: Path, labelling: Path) -> str:
    return labelling.stem.removeprefix(f"{memory.stem}.")


def _stances(top: Place, scenario: Scenario) -> Stances:
    """The stance of every value of the scenario, in the scenario's order."""
    _keys(top, "stances")
    wanted = {(item.id, n): item for item in scenario.items for n in range(len(item.values))}
    found: dict[ValueId, Stance] = {}
    for one in top.to("stances").each():
        _keys(one, "item", "value", "stance")
        item = one.to("item").choice([item.id for item in scenario.items])
        key = item, one.to("value").number()
        if key not in wanted:
            values = sum(1 for name, _ in wanted if name == item)
            raise one.to("value").error(f"{item} has no value {key[1]}", f"0 to {values - 1}")
        if key in found:
            raise one.error(f"value {key[1]} of {item} is labelled twice")
        found[key] = cast("Stance", one.to("stance").choice(STANCES))
    for name, n in wanted.keys() - found.keys():
        raise top.to("stances").error(f"value {n} of {name} has no label", "every value has one")
    return {key: found[key] for key in wanted}


def _claims(top: Place, memory: Memory) -> tuple[Claim, ...]:
    claims = top.given("claims")
    return tuple(_claim(one, memory) for one in claims.each()) if claims else ()


def _claim(one: Place, memory: Memory) -> Claim:
    _keys(one, "file", "quote", "verdict")
    agreed = one.given("agreed")
    if agreed and not isinstance(agreed.value, bool):
        raise agreed.error("isn't true or false")
    return Claim(
        path=one.to("file").choice(list(memory)),
        quote=one.to("quote").words(),
        verdict=cast("ClaimVerdict", one.to("verdict").choice(CLAIM_VERDICTS)),
        agreed=bool(agreed and agreed.value),
    )


def _keys(place: Place, *names: str) -> None:
    found = place.mapping()
    for name in names:
        if name not in found:
            raise place.error(f"{name!r} is missing")


def _text(path: Path) -> str:
    try:
        return plain(path).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"byte {error.start} isn't valid UTF-8", where=str(path)) from None
    except OSError as error:
        raise UserError(f"can't be read: {error.strerror}", where=str(path)) from None
