"""What stands around a segment: its headings, its file's name, the sentence before, its block."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rembench.harness.scorer.mentions import Found, Patterns
from rembench.harness.scorer.segments import Segment


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A segment with its own hits and those of its context, nearest context first."""

    segment: Segment
    found: Found
    near: tuple[Found, ...]  # other sentences of its block, the nearest first
    above: tuple[Found, ...]  # headings, keys and parent bullets, innermost first
    file: Found
    entry: str = ""  # the opening words of its block: where journals put their date
    siblings: tuple[Segment, ...] = field(default=(), repr=False)


def surroundings(patterns: Patterns, segments: Sequence[Segment]) -> tuple[Surroundings, ...]:
    """Every segment of one memory with what stands around it."""
    own = [patterns.find_in(s) for s in segments]
    blocks: dict[tuple[str, int], list[int]] = {}
    for n, segment in enumerate(segments):
        blocks.setdefault((segment.path, segment.block), []).append(n)
    place = {n: at for block in blocks.values() for at, n in enumerate(block)}
    result = []
    for n, segment in enumerate(segments):
        block = blocks[segment.path, segment.block]
        at = place[n]
        near = block[max(0, at - 4) : at + 5]
        others = sorted((m for m in near if m != n), key=lambda m: (abs(m - n), m))[:4]
        result.append(
            Surroundings(
                segment=segment,
                found=own[n],
                near=tuple(own[m] for m in others),
                above=tuple(patterns.find_context(h) for h in reversed(segment.headings)),
                file=patterns.find_context(_spoken(segment.path)),
                entry=segments[block[0]].text[:60],
                siblings=tuple(segments[m] for m in others),
            )
        )
    return tuple(result)


def _spoken(path: str) -> str:
    """A path as words: "memory/do-not-use.md" → "memory do not use"."""
    stem = path.rsplit(".", 1)[0] if "." in path.rsplit("/", 1)[-1] else path
    return stem.replace("/", " ").replace("-", " ").replace("_", " ")
