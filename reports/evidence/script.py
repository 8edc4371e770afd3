"""JSON inside a script: text from outside that can neither end the element nor become anything but a value."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_HARMFUL = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


CALL = "rembench.evidence("
"""How every evidence file begins."""


def embedded(data: Mapping[str, Any] | Sequence[Any]) -> str:
    """JSON that can't end the script element that it stands in; half a pair of surrogates stays what it is."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def call(name: int | str, data: str) -> str:
    """The one line of an evidence file."""
    return f"{CALL}{json.dumps(name)},{data});\n"
