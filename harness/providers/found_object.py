"""The one JSON object in a model's reply, alone or in prose that holds no second one. Nothing is guessed."""

import json
import re
from typing import Any

_MOST = 200_000  # characters


class UnreadableError(ValueError):
    """A reply that holds no such object, or not one; its text says why."""


def found_object(text: str, key: str, most: int = _MOST) -> object:
    """The JSON of the whole text, or of the one object in it that begins with `key`; UnreadableError.

    A text of more than `most` characters isn't read.
    """
    if not text.strip():
        raise UnreadableError("it's empty")
    if len(text) > most:
        raise UnreadableError(f"it's longer than {most} characters")
    decoder = json.JSONDecoder(object_pairs_hook=_once, strict=False)  # a bare tab in a text is no riddle
    try:
        return decoder.decode(text)
    except json.JSONDecodeError:
        starts = [match.start() for match in re.finditer(rf'\{{\s*"{key}"\s*:', text)]
    except (ValueError, RecursionError):
        raise UnreadableError("its JSON is faulty") from None
    if len(starts) != 1:
        raise UnreadableError(f"several objects of {key}" if starts else f"no JSON object of {key}")
    try:
        return decoder.raw_decode(text, starts[0])[0]
    except (ValueError, RecursionError):
        raise UnreadableError("its JSON is faulty or cut off") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; ValueError if a key stands in it twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands twice")
    return made
