"""What calls cost: checked where it comes in, and summed up without taking the unknown for nothing."""

import math
from collections.abc import Sequence
from typing import Any

from rembench.harness.night import InvalidOutputError, Usage

AMOUNTS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "calls", "usd")
_LARGEST = 10**15


def check_usage(usage: object) -> Usage:
    """`usage` if it's a `Usage` of None and numbers from 0, whole but for money; InvalidOutputError if not."""
    if not isinstance(usage, Usage):
        raise InvalidOutputError(f"usage: a Usage was expected, this is {type(usage).__name__}")
    for name in AMOUNTS:
        value = getattr(usage, name)
        if value is not None and not is_amount(value, whole=name != "usd"):
            kind = "number" if name == "usd" else "whole number"
            raise InvalidOutputError(f"usage.{name}: a {kind} from 0 to {_LARGEST:g} was expected")
    return usage


def is_amount(value: object, *, whole: bool = True) -> bool:
    """Whether this is a number from 0, and no larger than anything that's counted."""
    kinds = int if whole else int | float
    return isinstance(value, kinds) and not isinstance(value, bool) and 0 <= value < _LARGEST


def usage_of(error: BaseException) -> Usage:
    """What a failed call or night cost as far as the exception says so rightly; unknown otherwise."""
    try:
        return check_usage(getattr(error, "usage", None))
    except (Exception, SystemExit):  # noqa: BLE001 - a hostile object may raise anything when looked at
        return Usage()


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


def total(usages: Sequence[Usage]) -> Usage:
    """The sums over calls; an amount that's unknown of any of them is unknown."""
    sums: dict[str, Any] = {}
    for name in AMOUNTS:
        values = [getattr(usage, name) for usage in usages]
        known = [value for value in values if value is not None]
        sums[name] = (math.fsum(known) if name == "usd" else sum(known)) if len(known) == len(values) else None
    return Usage(**sums)
