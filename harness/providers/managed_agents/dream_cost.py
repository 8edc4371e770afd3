"""What a dream costs: its own tokens, those of the sessions replayed for it, and the hours these ran."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rembench.harness.night import Usage
from rembench.harness.providers.managed_agents.service import Thing
from rembench.harness.providers.prices import Billed, price_of
from rembench.harness.usage import total

SESSION_HOUR = 0.08
"""US dollars for each hour that a session runs."""

READS = 10
"""How often a dream is taken to read all that it's given, for the upper estimate. Nobody documents it."""

_BYTES = 2  # of text that are taken for a token, for the upper estimate
_OVERHEAD = 20_000  # tokens of a dream's own prompts, at each reading
_REPLY = 500  # tokens of a replay's answer and of its agent's prompt
_HOURS = 4.0  # that a dream's session may run


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a night's dream will be given: bytes of the store, and of each session to replay."""

    model: str
    replay_model: str
    store: int
    replays: Sequence[int]


def most_usd(plan: Plan) -> float | None:
    """An upper estimate of what a night costs; None where a model has no price.

    Two bytes are a token. A replay is read once. The dream reads store and sessions ten times, with 20,000
    tokens of its own each time and nothing from a cache; it writes twice as much as it was given, and 20,000
    tokens; its session runs four hours, a replay's three minutes.
    """
    dreaming, replaying = price_of(plan.model), price_of(plan.replay_model)
    if dreaming is None or replaying is None:
        return None
    given = (plan.store + sum(plan.replays)) // _BYTES
    parts = [replaying.most(size // _BYTES + _REPLY, _REPLY) for size in plan.replays]
    parts += [dreaming.most(given + _OVERHEAD, 0)] * READS
    parts.append(dreaming.most(0, 2 * given + _OVERHEAD))
    hours = SESSION_HOUR * (_HOURS + 0.05 * len(plan.replays))
    known = [part for part in parts if part is not None]
    return sum(known) + hours if len(known) == len(parts) else None


def session_usage(session: Thing, model: str) -> Usage:
    """What a session cost, by its own count."""
    usage = session.get("usage") or {}
    written = usage.get("cache_creation") or {}
    billed = _billed(
        usage,
        read=usage.get("cache_read_input_tokens") or 0,
        write=written.get("ephemeral_5m_input_tokens") or 0,
        write_1h=written.get("ephemeral_1h_input_tokens") or 0,
    )
    return _usage(billed, model, session_fee(session))


def dream_usage(dream: Thing, session: Thing | None) -> Usage:
    """What a dream cost. `session` is the one that it ran in, for its hours; None where it never had one.

    Where the session can't be read ({}) its hours are unknown, and so is the cost.

    A dream doesn't say to which cache its tokens were written; where its session doesn't either they're
    counted as written to the 5-minute one. Whether a dream's own session is charged by the hour isn't
    documented: it's taken to be.
    """
    usage = dream.get("usage") or {}
    written = usage.get("cache_creation_input_tokens") or 0
    split = ((session or {}).get("usage") or {}).get("cache_creation") or {}
    hour = split.get("ephemeral_1h_input_tokens") or 0
    if hour + (split.get("ephemeral_5m_input_tokens") or 0) != written:
        hour = 0
    billed = _billed(usage, read=usage.get("cache_read_input_tokens") or 0, write=written - hour, write_1h=hour)
    model = (dream.get("model") or {}).get("id") or ""
    return _usage(billed, model, session_fee(session) if session is not None else 0.0)


def session_fee(session: Thing) -> float | None:
    """What the time cost that a session ran; None where it doesn't say how long."""
    for counter in ("usage", "stats"):
        seconds = (session.get(counter) or {}).get("active_seconds")
        if seconds is not None:
            return float(seconds) / 3600 * SESSION_HOUR
    return None


def sum_of(dream: Usage | None, replays: Sequence[Usage]) -> Usage:
    """The cost of a night. Its calls are the sessions replayed and the dream: what was ordered."""
    return total([*replays, *([dream] if dream else [])])


def _billed(usage: dict[str, Any], *, read: int, write: int, write_1h: int) -> Billed | None:
    """The tokens by how they're billed; None where they aren't known."""
    given, written = usage.get("input_tokens"), usage.get("output_tokens")
    if not isinstance(given, int) or not isinstance(written, int):
        return None
    return Billed(input=given, output=written, read=read, write=write, write_1h=write_1h)


def _usage(billed: Billed | None, model: str, fee: float | None) -> Usage:
    if billed is None:
        return Usage(calls=1)
    price = price_of(model)
    tiered = price is not None and price.above is not None and billed.prompt > price.above
    tokens = None if price is None or tiered else price.usd(billed)  # tiers are by call, and these are many
    return Usage(
        input_tokens=billed.input,
        output_tokens=billed.output,
        cache_read_tokens=billed.read,
        cache_write_tokens=billed.write + billed.write_1h,
        calls=1,
        usd=None if tokens is None or fee is None else tokens + fee,
    )
