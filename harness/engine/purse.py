"""What a run may spend: nights that are finished, calls that are under way, and no more than the budget."""

import math
import threading
from dataclasses import dataclass, field

from rembench.harness.night import FREE, BudgetError, Held, Usage

_ROUNDING = 1e-9


@dataclass(slots=True)
class RunPurse:
    """A run's money in US dollars. `budget` None is no limit. Used from several threads.

    `usd` is what finished nights cost, `settled` what the calls of unfinished ones did, those of unknown cost
    counted in full; `under_way` is held for calls that aren't over.
    """

    budget: float | None = None
    usd: float = 0.0
    unknown: int = 0
    settled: float = 0.0
    under_way: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def night(self) -> "NightPurse":
        """The purse of one night."""
        return NightPurse(self)

    def add(self, usage: Usage, *, most: float = 0.0) -> None:
        """Count a finished night; where its cost isn't known, as the most that its calls can have cost."""
        with self._lock:
            self.usd += most if usage.usd is None else usage.usd
            self.unknown += usage.usd is None

    def release(self, *, under_way: float, settled: float) -> None:
        """A night is over: its calls don't count any more beside it."""
        with self._lock:
            self.under_way -= under_way
            self.settled -= settled

    def is_empty(self) -> bool:
        """Whether nothing may be spent any more."""
        return self.budget is not None and self.usd + self.settled >= self.budget

    def settle(self, held: float, usd: float) -> None:
        """A call for which `held` was put aside is over and did cost `usd`."""
        with self._lock:
            self.under_way -= held
            self.settled += usd

    def take(self, usd: float, what: str) -> None:
        """Hold `usd`; BudgetError where the budget would be passed by it."""
        with self._lock:
            spent = self.usd + self.settled
            left = math.inf if self.budget is None else self.budget + _ROUNDING - spent
            if self.under_way + usd > left:
                raise BudgetError(
                    f"stopped before {what}, at most {usd:.4f} USD: {spent:.4f} spent and "
                    f"{self.under_way:.4f} held for calls under way, of {self.budget or 0:.2f} USD",
                    usage=FREE,
                    passing=usd <= left,
                )
            self.under_way += usd


@dataclass(slots=True)
class NightPurse:
    """What one night takes from the run's purse."""

    run: RunPurse
    _held: "list[_Held]" = field(default_factory=list)
    _settled: float = 0.0
    _over: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def hold(self, usd: float | None, what: str) -> Held:
        """Put aside the most that a call can cost (see `rembench.harness.night.Purse`)."""
        if usd is None and self.run.budget is not None:
            raise BudgetError(
                f"stopped before {what}: its price isn't known, so no budget can be kept; "
                "name a file with it in REMBENCH_PRICES",
                usage=FREE,
            )
        with self._lock:
            if self._over:
                raise BudgetError(f"stopped before {what}: the night is over", usage=FREE)
            held = _Held(self, usd or 0.0)
            self.run.take(held.amount, what)
            self._held.append(held)
        return held

    def settle(self, held: "_Held", usd: float | None) -> None:
        """A call is over and did cost this; None where nobody knows. What comes late counts no more."""
        with self._lock:
            if self._over or held not in self._held:
                return
            self._held.remove(held)
            cost = held.amount if usd is None else usd
            self._settled += cost
            self.run.settle(held.amount, cost)

    def finish(self, usage: Usage) -> float:
        """The night is over, and cost what `usage` says or else the most that its calls can have cost: that."""
        with self._lock:
            self._over = True
            under_way = sum(held.amount for held in self._held)
            self.run.add(usage, most=under_way + self._settled)
            self.run.release(under_way=under_way, settled=self._settled)
        return under_way + self._settled


@dataclass(slots=True, eq=False)
class _Held:
    """Money put aside for one call."""

    night: NightPurse
    amount: float

    def settle(self, usd: float | None) -> None:
        """What the call did cost (see `rembench.harness.night.Held`)."""
        self.night.settle(self, usd)
