"""Pages with a cursor, as the managed-agents lists have them: {"data": [...], "next_page": CURSOR or null}."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rembench.harness.fake.wire import Asked, RejectionError

_MOST = 100
_TIMES = ("gt", "gte", "lt", "lte")


def page_of(items: Sequence[dict[str, Any]], asked: Asked, size: int) -> dict[str, Any]:
    """One page of `items`, of at most `size`, whatever `limit` allows: so that clients must turn pages."""
    limit = _number(asked.first("limit") or str(size), "limit")
    if not 1 <= limit <= _MOST:
        raise RejectionError(400, f"limit: must be from 1 to {_MOST}")
    cursor = asked.first("page")
    start = _number(cursor.removeprefix("page_"), "page") if cursor else 0
    if cursor and (not cursor.startswith("page_") or not 0 < start < max(len(items), 1)):
        raise RejectionError(400, "page: no such cursor")
    end = start + min(limit, size)
    return {"data": list(items[start:end]), "next_page": f"page_{end}" if end < len(items) else None}


def in_time(item: dict[str, Any], asked: Asked) -> bool:
    """Whether an item fits the filters created_at[gt], [gte], [lt] and [lte]."""
    at = _time(str(item["created_at"]))
    for name in _TIMES:
        if not (text := asked.first(f"created_at[{name}]")):
            continue
        bound = _time(text)
        if not {"gt": at > bound, "gte": at >= bound, "lt": at < bound, "lte": at <= bound}[name]:
            return False
    return True


def is_shown(item: dict[str, Any], asked: Asked) -> bool:
    """Whether a list shows an item: archived ones only where they're asked for; and the filters of time."""
    archived = item.get("archived_at") is not None
    return (not archived or asked.first("include_archived") == "true") and in_time(item, asked)


def _number(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise RejectionError(400, f"{name}: must be a number") from None


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise RejectionError(400, f"created_at: {text!r} isn't a time") from None
