"""Pages of a list, as Anthropic's older lists have them: by the id before or after."""

from typing import Any

from rembench.harness.fake.wire import Asked, RejectionError


def page_by_id(items: list[dict[str, Any]], asked: Asked, page: int) -> dict[str, Any]:
    """One page of `items`: what `limit`, `after_id` and `before_id` say, at most `page` of them."""
    size = min(int(asked.first("limit") or page), page)
    ids = [item["id"] for item in items]
    for cursor in (asked.first("after_id"), asked.first("before_id")):
        if cursor and cursor not in ids:
            raise RejectionError(400, f"no such id: {cursor}")
    if before := asked.first("before_id"):
        end = ids.index(before)
        start = max(0, end - size)
        more = start > 0
    else:
        start = ids.index(asked.first("after_id")) + 1 if asked.first("after_id") else 0
        end = min(len(ids), start + size)
        more = end < len(ids)
    ends = ids[start:end] or [None]
    return {"data": items[start:end], "has_more": more, "first_id": ends[0], "last_id": ends[-1]}
