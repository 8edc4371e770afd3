"""What a run may spend: nights that are finished, calls that are under way, and no more than the budget."""

import threading
from dataclasses import dataclass, field

from rembench.harness.night import FREE, BudgetError, Held, Usage


@dataclass(slots=True)
class RunPurse:
    """A run's money in US dollars. `budget` None is no limit. Used from several threads."""

    budget: float | None = None
    usd: float = 0.0
    unknown: int = 0
    under_way: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def night(self) -> "NightPurse":
        """The purse of one night."""
        return NightPurse(self)

    def add(self, usage: Usage, instead_of: float = 0.0) -> None:
        """Count a finished night, in place of what its calls were counted for."""
        with self._lock:
            self.under_way -= instead_of
            self.usd += instead_of if usage.usd is None else usage.usd
            self.unknown += usage.usd is None

    def is_empty(self) -> bool:
        """Whether nothing may be spent any more."""
        return self.budget is not None and self.usd + self.under_way >= self.budget

    def take(self, usd: float, what: str) -> None:
        """Put `usd` aside; BudgetError where the budget would be passed by it."""
        with self._lock:
            if self.budget is not None and self.usd + self.under_way + usd > self.budget:
                raise BudgetError(
                    f"stopped before {what}, at most {usd:.4f} USD: {self.usd:.4f} spent and "
                    f"{self.under_way:.4f} held for calls under way, of {self.budget:.2f} USD",
                    usage=FREE,
                )
            self.under_way += usd

    def give_back(self, usd: float) -> None:
        """Of what was put aside, this much wasn't needed; less than nothing where more was."""
        with self._lock:
            self.under_way -= usd


@dataclass(slots=True)
class NightPurse:
    """What one night takes from the run's purse; `taken` is what its calls are counted for so far."""

    run: RunPurse
    taken: float = 0.0

    def hold(self, usd: float | None, what: str) -> Held:
        """Put aside the most that a call can cost (see `rembench.harness.night.Purse`)."""
        if usd is None and self.run.budget is not None:
            raise BudgetError(
                f"stopped before {what}: its price isn't known, so no budget can be kept; "
                "name a file with it in REMBENCH_PRICES",
                usage=FREE,
            )
        amount = usd or 0.0
        self.run.take(amount, what)
        self.taken += amount
        return _Held(self, amount)

    def finish(self, usage: Usage) -> None:
        """The night is over, and cost what `usage` says."""
        self.run.add(usage, instead_of=self.taken)
        self.taken = 0.0


@dataclass(slots=True)
class _Held:
    """Money put aside for one call."""

    night: NightPurse
    amount: float

    def settle(self, usd: float | None) -> None:
        """What the call did cost (see `rembench.harness.night.Held`)."""
        if usd is None:
            return
        self.night.run.give_back(self.amount - usd)
        self.night.taken -= self.amount - usd
        self.amount = usd
