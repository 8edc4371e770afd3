"""Timelines and logs in shorthand, for the solver's tests.

steps "s1 c1 d1 c2:s1": one a day from 2026-05-01, a session (three messages), a night, a delete step, and a
night that names its sessions. Expectations are a letter a night: "-HROA" for null, held, retired, open, absent.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rembench.harness.scenario.reader import read_scenario
from rembench.harness.solver.log import KEYS, examine_log
from rembench.harness.solver.solve import Solved, solve
from rembench.harness.types import Scenario

Json = dict[str, Any]
STANCES = {"-": None, "H": "held", "R": "retired", "O": "open", "A": "absent"}
LETTERS = {stance: letter for letter, stance in STANCES.items()}
_GIVEN = {"by": "Ana", "path": "notes.md", "as": "joke", "how": "direct", "entitled": True, "item": "a"}


def event(step: str | None, act: str, value: int | None = None, **more: Any) -> Json:
    """An event at step "s1" (its first message) or "s1#2"; what the act needs and isn't given is filled in."""
    name, _, message = (step or "").partition("#")
    found: Json = {"act": act, "step": name or None}
    if name.startswith("s"):
        found["message"] = int(message or 0)
    found |= {key: _GIVEN[key] for key in KEYS[act] if key in _GIVEN}  # type: ignore[index]
    if value is not None:
        found["value"] = value
    return found | {key.rstrip("_"): one for key, one in more.items()}


def raw_scenario(steps: str, values: Mapping[str, int], log: Sequence[Json]) -> Json:
    """A scenario's JSON object: items by id with their number of values, which expect nothing anywhere."""
    made = [_step(n, *name.partition(":")[::2]) for n, name in enumerate(steps.split())]
    times = {step["id"]: step["at"] for step in made}
    nights = [step["id"] for step in made if step["type"] == "consolidate"]
    return {
        "schema": 1, "id": "small", "title": "Small", "origin": "synthetic",
        "domain": "tests", "language": "en",
        "store": {"notes.md": "Notes.\n"},
        "steps": made,
        "items": [_item(id_, number, nights) for id_, number in values.items()],
        "x_log": [{"at": times.get(one["step"], "2026-04-30T09:00:00Z"), **one} for one in log],
    }  # fmt: skip


def read(raw: Json) -> Scenario:
    """The scenario in a JSON object."""
    return read_scenario(json.dumps(raw), where="test")


def solved(raw: Json) -> Solved:
    """What the second solver makes of a log without faults."""
    scenario = read(raw)
    log = examine_log(raw, scenario)
    assert log.faults == ()
    return solve(scenario, log.events)


def letters(found: Solved) -> dict[str, list[str]]:
    """Item → for each value a letter a night."""
    return {id_: ["".join(LETTERS[one] for one in value.values()) for value in found[id_]] for id_ in found}


def write(raw: Json, found: Solved) -> Json:
    """The JSON object with these expectations written into it."""
    raw = json.loads(json.dumps(raw))
    for item in raw["items"]:
        for value, expect in zip(item["values"], found[item["id"]], strict=True):
            value["expect"] = dict(expect)
    return raw


def _step(n: int, id_: str, named: str) -> Json:
    at = f"2026-05-{n + 1:02}T09:00:00Z"
    if id_.startswith("s"):
        messages = [{"role": "user", "content": f"Message {m}."} for m in range(3)]
        return {"type": "session", "id": id_, "at": at, "messages": messages}
    if id_.startswith("d"):
        return {"type": "delete", "id": id_, "at": at, "request": "Delete it."}
    sessions = {"sessions": named.split(",")} if named else {}
    return {"type": "consolidate", "id": id_, "at": at, **sessions}


def _item(id_: str, number: int, nights: Sequence[str]) -> Json:
    expect = dict.fromkeys(nights)
    values = [{"text": f"{id_} {n}", "where": "shared/**", "expect": expect} for n in range(number)]
    return {
        "id": id_, "kind": "update", "subject": "Ana", "attribute": id_, "question": "?", "values": values,
    }  # fmt: skip
