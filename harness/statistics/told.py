"""A number, or the reason why it can't be told; never NaN."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """`value`, or None with the reason."""

    value: float | None
    reason: str | None = None
