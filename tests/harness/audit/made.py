"""Small labelled memories: as objects with verdicts written by hand, and as folders."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from rembench.harness.audit.agreement import Judged
from rembench.harness.audit.validity import Claim, LabelledMemory
from rembench.harness.types import Finding, Item, Reading, Scenario, Stance, Value, Verdict
from tests.harness.scorer.builders import item, scenario

Row = tuple[str, str, Stance | None, Stance, Stance | None]
"""kind, text, expected, label, verdict: an item with one value."""


def judged(*rows: Row, memory: str = "", style: str = "plain", name: str = "small", **more: Any) -> Judged:
    items = [_item(n, row) for n, row in enumerate(rows)]
    whole = scenario(*items)
    verdicts = tuple(
        Verdict(checkpoint="c1", item=one.id, value=0, expected=row[2], observed=row[4], rule="made",
                reason=None if row[4] else "abstained: made")
        for one, row in zip(items, rows, strict=True)
    )  # fmt: skip
    labelled = LabelledMemory(
        scenario=_named(whole, name),
        style=style,
        checkpoint="c1",
        memory={"m.md": memory},
        labels={(one.id, 0): row[3] for one, row in zip(items, rows, strict=True)},
        claims=tuple(more.get("claims", ())),
        readers=more.get("readers", {}),
    )
    found = tuple(more.get("findings", ()))
    return Judged(labelled=labelled, reading=Reading(checkpoint="c1", verdicts=verdicts, findings=found))


def claim(quote: str, verdict: Any = "fabricated", *, agreed: bool = True) -> Claim:
    return Claim(path="m.md", quote=quote, verdict=verdict, agreed=agreed)


def finding(start: int, end: int, type_: Any = "unsupported") -> Finding:
    return Finding(checkpoint="c1", type=type_, rule="made", path="m.md", start=start, end=end, quote="")


def _item(n: int, row: Row) -> Item:
    kind, text, expected, _, _ = row
    return item("Ada", "tea", (Value(text=text, expect={"c1": expected}),), id=f"i{n}", kind=kind)


def _named(one: Scenario, name: str) -> Scenario:
    return replace(one, id=name)


SCENARIO = {
    "schema": 1, "id": "tea-room", "title": "Tea room", "origin": "authored", "domain": "tests",
    "language": "en", "store": {},
    "steps": [
        {"type": "session", "id": "s1", "at": "2026-05-01T09:00:00Z", "messages": [
            {"role": "user", "content": "Ada's tea is Assam, not Darjeeling any more. Her cat is Pixel."}]},
        {"type": "consolidate", "id": "c1", "at": "2026-05-01T23:00:00Z"},
    ],
    "items": [
        {"id": "tea", "kind": "update", "subject": "Ada", "attribute": "favourite tea", "question": "Which?",
         "values": [{"text": "Darjeeling", "expect": {"c1": "retired"}},
                    {"text": "Assam", "expect": {"c1": "held"}}]},
        {"id": "cat", "kind": "fact", "subject": "Ada", "attribute": "cat", "question": "Its name?",
         "values": [{"text": "Pixel", "expect": {"c1": "held"}}]},
    ],
}  # fmt: skip
MEMORY = {
    "scenario": "tea-room", "style": "bullets", "checkpoint": "c1",
    "files": {"ada.md": "# Ada\n- Favourite tea: Assam\n- Born in 1987\n"},
}  # fmt: skip
LABELS = {
    "stances": [
        {"item": "tea", "value": 0, "stance": "absent"},
        {"item": "tea", "value": 1, "stance": "held"},
        {"item": "cat", "value": 0, "stance": "absent"},
    ],
    "claims": [{"file": "ada.md", "quote": "Born in  1987", "verdict": "fabricated", "agreed": True}],
}


def write_set(folder: Path, **changed: Any) -> Path:
    """A set of one memory, with other contents for `scenario`, `memory`, `labels` or more files by path."""
    contents = {
        "scenarios/tea-room.json": changed.pop("scenario", SCENARIO),
        "memories/tea-room/bullets.json": changed.pop("memory", MEMORY),
        "labels/tea-room/bullets.json": changed.pop("labels", LABELS),
        **changed,
    }
    for name, content in contents.items():
        if content is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, str) else json.dumps(content)
            (folder / name).write_text(text, "utf-8")
    return folder
