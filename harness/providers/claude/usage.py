"""What a message of Anthropic's costs, by the usage record that comes with it."""

import json
from typing import TYPE_CHECKING, Literal

from rembench.harness.night import Usage
from rembench.harness.providers.prices import Billed, Price
from rembench.harness.providers.tries import LOST

if TYPE_CHECKING:
    from anthropic.types import Usage as Record

_ANYWHERE = frozenset({None, "", "global", "not_available"})
Ttl = Literal["5m", "1h"]
"""How long the service keeps a prefix in its cache."""


def billed(record: "Record", *, ttl: Ttl = "5m", batch: bool = False) -> Billed:
    """The tokens as they're billed. `ttl` is that of writes of which the record doesn't say it."""
    split = record.cache_creation
    short, hourly = (split.ephemeral_5m_input_tokens, split.ephemeral_1h_input_tokens) if split else (0, 0)
    unsaid = max(0, (record.cache_creation_input_tokens or 0) - short - hourly)
    return Billed(
        input=record.input_tokens,
        output=record.output_tokens,
        read=record.cache_read_input_tokens or 0,
        write=short + (unsaid if ttl == "5m" else 0),
        write_1h=hourly + (unsaid if ttl == "1h" else 0),
        batch=batch,
    )


def usage_of(tokens: Billed, price: Price | None, *, known: bool = True) -> Usage:
    """One call. Without a price, and where it isn't `known` to hold, its cost is unknown."""
    return Usage(
        input_tokens=tokens.input,
        output_tokens=tokens.output,
        cache_read_tokens=tokens.read,
        cache_write_tokens=tokens.write + tokens.write_1h,
        calls=1,
        usd=price.usd(tokens) if price and known else None,
    )


def usage_of_cut(record: "Record | None") -> Usage:
    """One call whose reply broke off: the prompt is billed, and nobody knows how much of the rest."""
    if record is None:
        return LOST
    tokens = billed(record)
    return Usage(
        input_tokens=tokens.input,
        cache_read_tokens=tokens.read,
        cache_write_tokens=tokens.write + tokens.write_1h,
        calls=1,
    )


def is_list_price(record: "Record") -> bool:
    """Whether the table's prices hold: not for priority capacity, fast mode, or inference in one country."""
    is_anywhere = record.inference_geo in _ANYWHERE
    return record.service_tier != "priority" and record.speed != "fast" and is_anywhere


def note_of(record: "Record") -> str:
    """The record as it came, on one line."""
    return f"usage {json.dumps(record.to_dict(), sort_keys=True)}"
