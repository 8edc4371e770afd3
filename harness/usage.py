"""What calls cost: checked where it comes in, and summed up without taking the unknown for nothing."""

import math
from collections.abc import Sequence

from rembench.harness.night import InvalidOutputError, Usage

_LARGEST = 10**15
AMOUNTS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "calls", "usd")


def check_usage(usage: object) -> Usage:
    """`usage` if it's a `Usage` of numbers from 0, whole but for dollars, and None; else InvalidOutputError."""
    if not isinstance(usage, Usage):
        raise InvalidOutputError(f"usage: a Usage was expected, this is {type(usage).__name__}")
    for name in AMOUNTS:
        value = getattr(usage, name)
        if value is None:
            continue
        kinds = int | float if name == "usd" else int
        if isinstance(value, bool) or not isinstance(value, kinds) or not 0 <= value < _LARGEST:
            raise InvalidOutputError(f"usage.{name}: a number from 0 to {_LARGEST:g} was expected")
    return usage


def cost_of(usages: Sequence[Usage]) -> dict[str, float | int | None]:
    """The sums over calls, one `Usage` each: `calls` put, and every other amount.

    An amount that's unknown of any call is None, with the number of those calls as `<amount>_unknown_calls`.
    """
    made: dict[str, float | int | None] = {"calls": len(usages)}
    for name in (n for n in AMOUNTS if n != "calls"):
        known = [value for usage in usages if (value := getattr(usage, name)) is not None]
        unknown = len(usages) - len(known)
        total = math.fsum(known) if name == "usd" else sum(known)
        made[name] = None if unknown else total
        if unknown:
            made[f"{name}_unknown_calls"] = unknown
    return made
