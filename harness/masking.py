"""Secrets kept out of what is written down."""

import os
import re
from collections.abc import Iterable

_VARIABLE = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.IGNORECASE)
_OPTION = re.compile(r"(?:^|_)(?:key|token|secret|password)$", re.IGNORECASE)
_SHORTEST = 8
MASK = "***"


def masked(text: str, also: Iterable[str] = ()) -> str:
    """`text` with secrets replaced by `MASK`: `also`, and environment variables that are called like one.

    Variables of less than 8 characters are taken for settings.
    """
    for secret in sorted({*_named().values(), *filter(None, also)}, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def variable_in(text: str) -> str | None:
    """The environment variable called like a secret whose value is in `text`, None where there's none."""
    return next((name for name, value in _named().items() if value in text), None)


def _named() -> dict[str, str]:
    """The secrets of the environment by their variables."""
    return {n: v for n, v in os.environ.items() if is_secret_variable(n) and len(v) >= _SHORTEST}


def is_secret_variable(name: str) -> bool:
    """Whether an environment variable of this name is taken for a secret, as `OPENAI_API_KEY` is."""
    return bool(_VARIABLE.search(name))


def is_secret(option: str) -> bool:
    """Whether an option of this name holds a secret, as `api_key` does."""
    return bool(_OPTION.search(option))
