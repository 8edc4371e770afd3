"""OpenAI's prompt caching: by itself, in steps of 128 tokens, from 1,024 tokens of a common beginning on."""

from collections.abc import Sequence

_STEP = 128
_LEAST = 1024


class TextCache:
    """The prompts seen so far, by model."""

    def __init__(self) -> None:
        self._seen: dict[str, list[str]] = {}

    def cached_tokens(self, model: str, texts: Sequence[str], tokens: int) -> int:
        """How many of a prompt's `tokens` are known from an earlier prompt, which this one is from now on."""
        whole = "\0".join(texts)
        seen = self._seen.setdefault(model, [])
        common = max((_shared(whole, earlier) for earlier in seen), default=0)
        seen.append(whole)
        known = min(common // 4, tokens) // _STEP * _STEP
        return known if known >= _LEAST else 0


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (left, right) in pairs if left != right), min(len(one), len(other)))
