"""Anthropic's prompt caching: a prefix is read where the same one was written before.

A prompt is a list of blocks in the order schema, tools, system, messages. At a block with a break-point the
prefix up to it is written; a later prompt reads the longest prefix it shares, looking back at most 20 blocks
from each of its break-points. A prefix shorter than the model's minimum is never cached.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Ttl = Literal["5m", "1h"]
_SECONDS = {"5m": 300.0, "1h": 3600.0}
_LOOK_BACK = 20
_MINIMUM = {
    "claude-opus-4-8": 1024, "claude-sonnet-5": 1024, "claude-sonnet-5-5": 512, "claude-sonnet-4": 1024,
    "claude-opus-4-7": 2048, "claude-opus-4-6": 4096, "claude-opus-4-5": 4096, "claude-haiku-4-5": 4096,
}  # fmt: skip
_USUAL_MINIMUM = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a prompt: what it says in one way only, its tokens, and its break-point if it has one."""

    text: str
    tokens: int
    ttl: Ttl | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheUse:
    """The tokens of a prompt by where they came from, and the prefixes to be written."""

    uncached: int
    read: int = 0
    written_5m: int = 0
    written_1h: int = 0
    prefixes: tuple[tuple[str, Ttl], ...] = ()
    hit: str | None = None


def minimum_tokens(model: str) -> int:
    """The shortest prefix of a model that's cached."""
    named = [name for name in _MINIMUM if model.startswith(name)]
    return _MINIMUM[max(named, key=len)] if named else _USUAL_MINIMUM


class PromptCache:
    """Prefixes by hash, with the second at which each goes."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[float, Ttl]] = {}

    def look(self, model: str, blocks: Sequence[Block], now: float) -> CacheUse:
        """What a prompt reads and will write; nothing is written yet."""
        hashes, sums = _prefixes(model, blocks)
        total = sums[-1] if sums else 0
        least = minimum_tokens(model)
        points = [i for i, block in enumerate(blocks) if block.ttl and sums[i] >= least]
        if not points:
            return CacheUse(uncached=total)
        hit = self._longest(hashes, points, now)
        read = 0 if hit is None else sums[hit]
        hourly = max((sums[i] for i in points if blocks[i].ttl == "1h"), default=0)
        written_1h = max(0, hourly - read)
        end = max(sums[points[-1]], read)
        return CacheUse(
            uncached=total - end,
            read=read,
            written_1h=written_1h,
            written_5m=end - read - written_1h,
            prefixes=tuple((hashes[i], blocks[i].ttl or "5m") for i in points),
            hit=None if hit is None else hashes[hit],
        )

    def write(self, use: CacheUse, now: float) -> None:
        """Write what `look` found, once the reply has begun; what was read lives on."""
        if use.hit and use.hit in self._until:
            ttl = self._until[use.hit][1]
            self._until[use.hit] = (now + _SECONDS[ttl], ttl)
        for prefix, ttl in use.prefixes:
            until, _ = self._until.get(prefix, (0.0, ttl))
            self._until[prefix] = (max(until, now + _SECONDS[ttl]), ttl)

    def _longest(self, hashes: Sequence[str], points: Sequence[int], now: float) -> int | None:
        near = {i for point in points for i in range(max(0, point - _LOOK_BACK + 1), point + 1)}
        known = [i for i in near if self._until.get(hashes[i], (-1.0, "5m"))[0] > now]
        return max(known, default=None)


def _prefixes(model: str, blocks: Sequence[Block]) -> tuple[list[str], list[int]]:
    digest = hashlib.sha256(model.encode())
    hashes, sums, total = [], [], 0
    for block in blocks:
        digest.update(f"{len(block.text)}:{block.text}".encode())
        total += block.tokens
        hashes.append(digest.hexdigest())
        sums.append(total)
    return hashes, sums
