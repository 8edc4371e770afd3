"""The prompts: one set for every model, files in `prompts/`; their hashes are in the run's record.

A prompt is what an honest operator would write who has never seen a scenario. A system prompt is the base, a
style (what the night is about) and a form (how the memory is to be given).
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Literal

from rembench.harness.night import Night

Style = Literal["default", "reflection", "hygiene"]
Form = Literal["rewrite", "tools", "patches"]
_FOLDER = Path(__file__).parent / "prompts"


def system_prompt(style: Style, form: Form | None = None) -> str:
    """What the model is told before a night; without a form where the service has its own."""
    names = ["base", style, *([form] if form else [])]
    return "\n".join(_text(name) for name in names)


def prompt_hashes() -> dict[str, str]:
    """The sha256 of every prompt file, by its name."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(_FOLDER.glob("*.txt"))}


def filled(name: str, **values: str) -> str:
    """The prompt file `name` with its placeholders filled in, in one pass; "?" for what isn't Unicode."""
    return Template(_text(name)).substitute(values).encode(errors="replace").decode()


def lead(night: Night) -> str:
    """What's said of a night beside its material: its date, instructions, write budget, requests to forget."""
    parts = [f"It's {night.at}."]
    if night.instructions:
        parts.append(f"For tonight: {night.instructions}")
    if night.write_budget is not None:
        parts.append(filled("budget", tokens=str(night.write_budget)))
    if night.deletions:
        parts.append("\n".join([_text("requests"), *_requests(night)]))
    return "\n\n".join(parts)


def _requests(night: Night) -> list[str]:
    made = []
    for one in night.deletions:
        when = "from before, still in force" if one.standing else "new"
        made.append(f"- {one.at} ({when}): {' '.join(one.request.split())}")
    return made


@lru_cache
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.txt").read_text("utf-8").rstrip("\n")
