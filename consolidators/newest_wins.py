"""The recency rule: the newest statement on a topic replaces the older ones, newest kept first.

Two statements are on one topic when they have the same key before a colon, or when rapidfuzz's
`ratio` of their words is at least `similar`. What the user says and what names something (a name, a
number, an address) goes before small talk, questions and answers. Nothing else is understood: a joke replaces a
decision.
"""

import re
from collections.abc import Iterable, Iterator

from rembench.consolidators.sentences import Pool, Statement, read_pool
from rembench.harness.night import FREE, Capabilities, Consolidation, Night

_KEY = re.compile(r"(\w+(?: \w+){0,3}):\s")


class NewestWins:
    """Keeps the newest statements within `budget` tokens, one on each topic."""

    capabilities = Capabilities(write_budget=True)

    def __init__(self, *, budget: int = 1200, tools: bool = False, similar: int = 80) -> None:
        self._budget = budget
        self._tools = tools
        self._similar = similar

    async def consolidate(self, night: Night) -> Consolidation:
        """The newest statement of each topic, each in its place."""
        pool = read_pool(night, tools=self._tools)
        return Consolidation(
            memory=pool.fill(_telling_first(_newest(pool, self._similar)), self._budget), usage=FREE
        )


def _telling_first(newest: Iterable[Statement]) -> list[Statement]:
    """What names something first, in the order of `newest`; a question or an answer names nothing."""
    return sorted(newest, key=lambda s: not s.particulars or s.role == "assistant" or s.text.endswith("?"))


def _newest(pool: Pool, similar: int) -> Iterator[Statement]:
    """What was said, newest first, then the store, last line first; without what's superseded.

    What's said again word for word renews the store's piece, in its place. Pieces of the store don't
    replace each other: which is newer isn't known.
    """
    from rapidfuzz import fuzz, process

    stored = {s.key: s for s in pool.store}
    words: list[str] = []
    topics: set[str] = set()
    renewed: set[Statement] = set()

    def superseded(statement: Statement) -> bool:
        near = process.extractOne(statement.key, words, scorer=fuzz.ratio, score_cutoff=similar)
        return near is not None or _topic(statement) in topics

    for said in reversed(pool.said):
        if superseded(said):
            continue
        words.append(said.key)
        topics.update(filter(None, [_topic(said)]))
        statement = stored.get(said.key, said)
        renewed.add(statement)
        yield statement
    for statement in reversed(pool.store):
        if statement not in renewed and not superseded(statement):
            yield statement


def _topic(statement: Statement) -> str | None:
    found = _KEY.match(statement.text)
    return found[1].casefold() if found else None
