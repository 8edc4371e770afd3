"""Several tests at one level: Holm, A simple sequentially rejective multiple test procedure, SJS 6 (1979)."""

from collections.abc import Sequence


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """The p's adjusted for their number; None (not tested) stays None and doesn't count."""
    known = [p for p in ps if p is not None]
    if len(known) < 2:
        return list(ps)
    from statsmodels.stats.multitest import multipletests

    adjusted = iter(multipletests(known, method="holm")[1].tolist())
    return [None if p is None else float(next(adjusted)) for p in ps]
