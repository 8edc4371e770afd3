"""`croissant.json` of a pack: its files, licence and fields in the words of Croissant 1.1, for other tools.

https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html. Made from the scenarios, the files they
stand in and `pack.json`. What Croissant wants and nobody has said (who made it, where and when it was
published) is left out rather than made up.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rembench.harness.scenario.licences import licence_url
from rembench.harness.scenario.lines import has_lines
from rembench.harness.scenario.pack import pack_files

VERSION = "http://mlcommons.org/croissant/1.1"

GIVEN = {
    "version": "version",
    "url": "url",
    "citation": "citeAs",
    "published": "datePublished",
    "modified": "dateModified",
}
"""Keys of `pack.json` that stand in Croissant as they are."""

_TEXTS = ("id", "title", "origin", "domain", "language")
_ABOUT = {
    "id": "The scenario's name, unique in the pack.",
    "title": "What the scenario is about, in one line.",
    "origin": "synthetic (from a generator), authored (written) or recorded (from sessions that took place).",
    "domain": "What the sessions are about.",
    "language": "The language of the sessions.",
    "level": "How hard the scenario was made.",
}

_LANGUAGES: dict[str, str] = {"@container": "@language"}
_CR = (
    "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileProperty",
    "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5",
    "parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate",
    "separator", "source", "subField", "transform",
)  # fmt: skip
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "name": _LANGUAGES,
    "description": _LANGUAGES,
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{name: f"cr:{name}" for name in _CR},
}
"""The context that mlcroissant writes; it warns of any other."""


def croissant(folder: Path, own: Mapping[str, Any], counted: Mapping[str, Any]) -> dict[str, Any]:
    """The Croissant description of the pack in `folder`, given its `pack.json` and its statistics.

    OSError for a file that can't be read.
    """
    files = pack_files(folder)
    lines = [file for file in files if has_lines(file)]
    whole = [file for file in files if not has_lines(file)]
    groups = [("scenarios", lines)] if lines else []
    if whole:
        groups.append(("scenario-files" if lines else "scenarios", whole))
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "name": own["name"],
        "description": own.get("description") or _description(own, counted),
        "license": licence_url(own["licence"]),
        **{theirs: own[ours] for ours, theirs in GIVEN.items() if ours in own},
        **({"creator": _creator(own["creator"])} if "creator" in own else {}),
        "inLanguage": list(counted["languages"]),
        "keywords": ["memory", "agents", "consolidation", "evaluation", *counted["origins"]],
        "isLiveDataset": False,
        "distribution": [
            *(_file_object(file, folder) for file in files),
            *(_file_set(name, group, folder) for name, group in groups if len(group) > 1),
        ],
        "recordSet": [
            _record_set(name, [_name(file, folder) for file in group], counted) for name, group in groups
        ],
    }


def _description(own: Mapping[str, Any], counted: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{counted[key]} {key}" for key in ("scenarios", "sessions", "nights", "items"))
    return (
        f"{own['title']}: {counts}. For evaluating memory consolidators with rembench; "
        f"not for training. Canary: {own['canary']}"
    )


def _creator(name: str) -> dict[str, str]:
    return {"@type": "sc:Organization", "name": name}


def _file_object(file: Path, folder: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    size = 0
    with file.open("rb") as stream:
        while chunk := stream.read(2**20):
            digest.update(chunk)
            size += len(chunk)
    name = _name(file, folder)
    return {
        "@type": "cr:FileObject",
        "@id": quote(name),
        "name": name,
        "contentUrl": name,
        "contentSize": f"{size} B",
        "encodingFormat": _formats([file]),
        "sha256": digest.hexdigest(),
    }


def _file_set(name: str, group: Sequence[Path], folder: Path) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{name}-set",
        "name": f"{name}-set",
        "encodingFormat": _formats(group),
        "includes": [_name(file, folder) for file in group],
    }


def _formats(group: Sequence[Path]) -> str | list[str]:
    format_ = "application/jsonlines" if has_lines(group[0]) else "application/json"
    return [format_, "application/gzip"] if any(file.suffix == ".gz" for file in group) else format_


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _record_set(name: str, files: Sequence[str], counted: Mapping[str, Any]) -> dict[str, Any]:
    one = {"fileObject": {"@id": quote(files[0])}}
    source = one if len(files) == 1 else {"fileSet": {"@id": f"{name}-set"}}
    how = "column" if has_lines(Path(files[0])) else "jsonPath"
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": (
            "One scenario a record. Beside these fields it has the memory before the first night (store), the "
            "sessions, deletion requests and nights in order of time (steps) and what was planted, with what "
            "a right memory says of it after every night (items)."
        ),
        "key": {"@id": f"{name}/id"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{field}",
                "name": field,
                "description": _ABOUT[field],
                "dataType": type_,
                "source": {**source, "extract": {how: field}},
            }
            for field, type_ in _fields(counted)
        ],
    }


def _fields(counted: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _TEXTS:
        yield name, "sc:Text"
    if counted["levels"]:
        yield "level", "sc:Integer"
