"""Cost: what the nights of a scenario took.

    tokens_in   input tokens, cached ones included, per night      tokens_out  output tokens per night
    usd         US dollars per night                               seconds     seconds per night

    retention_per_1000_tokens  retention / (store_tokens / 1000)
    retention_per_usd          retention / usd; undefined where a night costs nothing

From 0. Tokens are the provider's own count. What a consolidator doesn't report is unknown: a night without
an amount, with that reason, never zero.
"""

from collections.abc import Callable, Iterator

from rembench.harness.night import Usage
from rembench.harness.types import Cell, ChainEvidence, NightRecord, Ref
from rembench.metrics.metric import Metric


def _cells(amount: Callable[[NightRecord], float | None]) -> Callable[[ChainEvidence], Iterator[Cell]]:
    def cells(evidence: ChainEvidence) -> Iterator[Cell]:
        for step in evidence.scenario.nights:
            record = evidence.nights.get(step.id)
            value = amount(record) if record else None
            reason = None if value is not None else ("unknown" if record else "not run")
            yield Cell(amount=value, ref=Ref(checkpoint=step.id), reason=reason)

    return cells


def _input(usage: Usage) -> float | None:
    if usage.input_tokens is None:
        return None
    return float(usage.input_tokens + (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0))


def _output(usage: Usage) -> float | None:
    return None if usage.output_tokens is None else float(usage.output_tokens)


def _metric(name: str, title: str, unit: str, amount: Callable[[NightRecord], float | None]) -> Metric:
    return Metric(
        name=name,
        title=title,
        asks=f"How many {unit} does a night take?",
        better="lower",
        role="description",
        unit=unit,
        cells=_cells(amount),
        within="mean",
        limits=(0.0, None),
    )


TOKENS_IN = _metric("tokens_in", "Input tokens", "tokens", lambda r: _input(r.usage))
TOKENS_OUT = _metric("tokens_out", "Output tokens", "tokens", lambda r: _output(r.usage))
USD = _metric("usd", "Money", "US dollars", lambda r: r.usage.usd)
SECONDS = _metric("seconds", "Time", "seconds", lambda r: r.seconds)
RETENTION_PER_1000_TOKENS = Metric(
    name="retention_per_1000_tokens",
    title="Retention per 1,000 tokens of memory",
    asks="How much is retained for the length that the next session has to read?",
    better="higher",
    role="description",
    unit="share per 1,000 tokens",
    limits=(0.0, None),
    of=("retention", "store_tokens"),
    combine=lambda retention, tokens: retention / tokens * 1000 if tokens else None,
)
RETENTION_PER_USD = Metric(
    name="retention_per_usd",
    title="Retention per dollar",
    asks="How much is retained for the money of a night?",
    better="higher",
    role="description",
    unit="share per US dollar",
    limits=(0.0, None),
    of=("retention", "usd"),
    combine=lambda retention, usd: retention / usd if usd else None,
)
