"""Generated packs as files: scenarios one a line, written as they're made, with a manifest and a card."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rembench.harness.errors import UserError
from rembench.harness.generator.draw import Draw
from rembench.harness.generator.generate import Recipe
from rembench.harness.scenario.card import BEGIN, CARD, END, MANIFEST

SCENARIOS = "scenarios.jsonl"
REWORDED = "reworded with"
"""The setting that names the model which reworded the messages."""


def line(scenario: Mapping[str, Any]) -> str:
    """A scenario as one line of JSON."""
    return json.dumps(scenario, ensure_ascii=False, separators=(",", ":"))


def write_scenarios(
    path: Path, scenarios: Iterable[Mapping[str, Any]], progress: Callable[[int], None] | None = None
) -> int:
    """Write scenarios to a new file, one at a time; how many there were. UserError if the disk refuses."""
    number = 0
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            for number, scenario in enumerate(scenarios, start=1):
                stream.write(line(scenario) + "\n")
                if progress:
                    progress(number)
    except OSError as error:
        raise UserError(f"can't be written: {error.strerror}", where=str(path)) from None
    return number


def write_manifest(folder: Path, recipe: Recipe, settings: Mapping[str, str]) -> None:
    """The `pack.json` and the card of a generated pack; hash and counts are filled in by `write_card`."""
    canary = uuid.UUID(bytes=_bytes(Draw("canary", recipe.seed, recipe.prefix, recipe.n)), version=4)
    own = {
        "name": folder.resolve().name,
        "title": f"Synthetic scenarios, seed {recipe.seed}",
        "licence": "CC-BY-4.0",
        "canary": f"rembench:{recipe.prefix}:canary {canary}",
    }
    (folder / MANIFEST).write_text(json.dumps(own, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (folder / CARD).write_text("\n".join(_card(folder, settings)), encoding="utf-8")


def _bytes(draw: Draw) -> bytes:
    return bytes(draw.below(256) for _ in range(16))


def _card(folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    yield f"# {folder.resolve().name}: generated scenarios\n"
    yield _ORIGIN
    yield "| setting | |\n|---|---|"
    for name, value in settings.items():
        yield f"| {name} | {value.replace('|', '/')} |"
    yield f"\n{_REWORDED if REWORDED in settings else _SAME} {_PRIVATE}\n\n{BEGIN}\n{END}\n"


_ORIGIN = """\
Made by `rembench pack generate` (`"origin": "synthetic"`): a seeded world first, then sessions in which people
speak of it, put together by a program from a grammar and from domains whose sentences a large language model
wrote. No human has labelled anything here: every expectation follows from the world's log (`x_log`), from which
a second solver works it out again (`rembench pack validate PATH`).
"""
_SAME = "The same settings give the same bytes."
_REWORDED = """\
A model reworded messages; its words stand where they passed every check that they say the same
(`rembench.harness.generator.survival`), the program's elsewhere. The same settings give the same scenarios but
for these words."""
_PRIVATE = "Keep the seed to yourself if the pack is to stay private."
