"""The baseline summariser, and the default: ranks statements by TF-IDF and keeps the best that fit.

The store's pieces compete with the sentences of the sessions. A statement's score is its closeness to
the centroid of all of them (centroid ranking, Radev et al. 2004), weighted by who said it, plus a little
for names and numbers and for being recent; statements are then taken in turn by maximal marginal
relevance (Carbonell & Goldstein 1998), so that what's been said already counts less. No model, no
network, no chance: the same night gives the same memory.

It's a plain summariser. It doesn't read deletion requests or instructions, doesn't notice that a sentence
corrects an older one, and keeps or drops words as they stand.
"""

from typing import TYPE_CHECKING

from rembench.consolidators.sentences import Pool, Statement, read_pool, words
from rembench.harness.errors import UserError
from rembench.harness.night import FREE, Capabilities, Consolidation, Night

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CANDIDATES = 1000
"""How many of the best statements are compared with each other; the rest follow by score alone."""

_WEIGHTS = {None: 1.0, "user": 1.0, "assistant": 0.7, "tool": 0.4}


class Extractive:
    """Keeps the highest-ranked statements within `budget` tokens; `tools` also reads tool output."""

    capabilities = Capabilities(write_budget=True)

    def __init__(self, *, budget: int = 1200, tools: bool = False) -> None:
        if budget < 0:
            raise UserError(f"budget={budget}", where="extractive", right="0 tokens or more")
        self._budget = budget
        self._tools = tools

    async def consolidate(self, night: Night) -> Consolidation:
        """The best statements, each in its place: see `sentences`."""
        pool = read_pool(night, tools=self._tools)
        return Consolidation(memory=pool.fill(_ranked(pool), self._budget), usage=FREE)


def _ranked(pool: Pool) -> list[Statement]:
    """All statements of the pool, best first; ties in the pool's order."""
    if not pool.news and pool.write_budget is None:
        return list(pool.store)
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    statements = pool.statements
    if not statements:
        return []
    vectors = TfidfVectorizer(analyzer=_content_words, sublinear_tf=True).fit_transform(
        [s.text for s in statements]
    )
    nearness = vectors @ np.asarray(vectors.mean(axis=0)).ravel()
    scores = np.round(_scores(pool, nearness / nearness.max()), 9)
    best = np.argsort(-scores, kind="stable")
    front = best[:CANDIDATES]
    likeness = (vectors[front] @ vectors[front].T).toarray()
    order = [front[i] for i in _marginal(scores[front], likeness)]
    return [statements[i] for i in [*order, *best[CANDIDATES:]]]


def _content_words(text: str) -> list[str]:
    """The words that carry meaning; at least one feature for any text."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    found = words(text)
    return [w for w in found if w not in ENGLISH_STOP_WORDS] or found or [text]


def _scores(pool: Pool, nearness: "Floats") -> "Floats":
    import numpy as np

    statements = pool.statements
    weight = np.array([_weight(s) for s in statements])
    particulars = np.array([min(s.particulars, 3) / 3 for s in statements])
    age = np.array([0.5] * len(pool.store) + list(np.linspace(0, 1, len(pool.news))))
    scores: Floats = weight * (nearness + 0.5 * particulars + 0.2 * age)
    return scores


def _weight(statement: Statement) -> float:
    question = statement.role is not None and statement.text.endswith("?")
    return _WEIGHTS.get(statement.role, 0.0) * (0.4 if question else 1.0)


def _marginal(scores: "Floats", likeness: "Floats") -> list[int]:
    """Positions by maximal marginal relevance: score less the likeness to what's already taken."""
    import numpy as np

    order: list[int] = []
    nearest = np.zeros(len(scores))
    left = np.ones(len(scores), dtype=bool)
    for _ in range(len(scores)):
        marginal = np.where(left, np.round(scores - nearest, 9), -np.inf)
        pick = int(np.argmax(marginal))
        order.append(pick)
        left[pick] = False
        nearest = np.maximum(nearest, likeness[pick])
    return order
