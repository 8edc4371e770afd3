"""Several tests at one level: Holm, A simple sequentially rejective multiple test procedure, SJS 6 (1979).

The same to the last digit as statsmodels' `multipletests`, which collects all garbage at every call.
"""

from collections.abc import Sequence


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """The p's adjusted for their number; None (not tested) stays None and doesn't count."""
    known = sorted((p, place) for place, p in enumerate(ps) if p is not None)
    adjusted: list[float | None] = [None] * len(ps)
    largest = 0.0
    for rank, (p, place) in enumerate(known):
        largest = max(largest, p * (len(known) - rank))
        adjusted[place] = min(1.0, largest)
    return adjusted
