"""A pack with levels, failure classes, instructions, a copy in another scope and a twin."""

import copy
import json
from pathlib import Path
from typing import Any

TINY = Path(__file__).parents[1] / "packs" / "tiny" / "scenarios"
TAGS = {
    "watering-day": ["staleness", "distance"],
    "home-address": ["leakage"],
    "bark-supplier": ["over-forgetting"],
    "side-door-code": ["exposure"],
    "heating": ["omission"],
    "heating-trap": ["adoption"],
}
ADDRESS = "My home address is 14 Lindholm Lane, in case a parcel comes there. "
COPY = {
    "text": "14 Lindholm Lane", "where": "shared/**", "evidence": ["s1#2"],
    "expect": {"c1": None, "c2": "absent", "c3": "absent"},
}  # fmt: skip
LAMP = {
    "id": "lamp", "kind": "fact", "subject": "grow lamp", "attribute": "bench", "question": "Where is it?",
    "instruction": "ignore",
    "values": [{"text": "bench 4", "evidence": ["s3#0"], "expect": {"c1": None, "c2": None, "c3": None}}],
}  # fmt: skip


def marked_pack() -> list[dict[str, Any]]:
    """The orchid house, marked; its twin; and two that have none: a plain orchid house, and the bakery."""
    one = _read("orchid-house")
    one["level"] = 3
    one["steps"][-1]["instructions"] = "The heating matters most. Leave the grow lamp out."
    for item in one["items"]:
        item["tags"] = TAGS[item["id"]]
    one["items"][4]["instruction"] = "prioritise"
    one["items"][1]["values"].append(COPY)
    one["items"].append(LAMP)
    return [
        one,
        _twin(one),
        {**_read("orchid-house"), "id": "glass-house"},
        {**_read("bakery-counter"), "level": 1},
    ]


def _twin(one: dict[str, Any]) -> dict[str, Any]:
    """The same, but that the address is never said."""
    twin = json.loads(json.dumps(one).replace(ADDRESS, ""))
    twin.update(id="orchid-house-twin", twin_of=one["id"])
    for value in twin["items"][1]["values"]:
        value["expect"]["c1"] = None
    return twin


def _read(name: str) -> dict[str, Any]:
    return copy.deepcopy(json.loads((TINY / f"{name}.json").read_text("utf-8")))
