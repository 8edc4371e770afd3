"""Overlap: ROUGE between the memory and the oracle's memory, a secondary column.

    rouge1, rouge2  F measure of shared words, and of shared pairs of words
    rougeL          F measure of the longest common subsequence of words

Range 0 to 1. Of a memory of more than 4,000 words only its first 4,000 are compared, in all three, which for
the long memory can only change the value a little, its F being low anyway. Words and the first two are those
of rouge-score; the length of the subsequence is rapidfuzz's: the same number in a fraction of the time.
Overlap says how alike the words are, not what they mean.
Lin, ROUGE: A Package for Automatic Evaluation of Summaries, 2004.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from rembench.harness.night import Memory
from rembench.harness.types import Cell, ChainEvidence, Ref
from rembench.metrics.cells import unwritten
from rembench.metrics.metric import Metric

_MOST_WORDS = 4000


@lru_cache(maxsize=1)
def _scorer() -> Any:
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(["rouge1", "rouge2"], use_stemmer=False)


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    from rouge_score.tokenizers import DefaultTokenizer

    return DefaultTokenizer(use_stemmer=False)


def _subsequence(target: str, text: str) -> float:
    """The F measure of the longest common subsequence of words: 2 LCS / (both lengths)."""
    from rapidfuzz.distance import LCSseq

    both = [_tokenizer().tokenize(one) for one in (target, text)]
    whole = len(both[0]) + len(both[1])
    return 2 * LCSseq.similarity(*both) / whole if whole else 0.0


def _text(memory: Memory) -> str:
    joined = "\n".join(memory[path] for path in sorted(memory))
    return " ".join(joined.split()[:_MOST_WORDS])


@lru_cache(maxsize=10_000)
def rouge(target: str, text: str) -> dict[str, float]:
    """F measures by kind; 0 where either text has no words."""
    found = {kind: float(one.fmeasure) for kind, one in _scorer().score(target, text).items()}
    return found | {"rougeL": _subsequence(target, text)}


def _cells(kind: str) -> Callable[[ChainEvidence], Iterator[Cell]]:
    def cells(evidence: ChainEvidence) -> Iterator[Cell]:
        for step in evidence.scenario.nights:
            memory = evidence.memories.get(step.id)
            value = None
            if memory is not None:
                value = rouge(_text(evidence.oracle[step.id]), _text(memory))[kind]
            yield Cell(amount=value, ref=Ref(checkpoint=step.id), reason=unwritten(evidence, step.id))

    return cells


def _metric(kind: str, title: str) -> Metric:
    return Metric(
        name=kind.lower(),
        title=title,
        asks="How alike are the words of the memory and of the oracle's memory?",
        better="neither",
        role="description",
        unit="F measure",
        cells=_cells(kind),
        within="mean",
    )


ROUGE_1 = _metric("rouge1", "ROUGE-1")
ROUGE_2 = _metric("rouge2", "ROUGE-2")
ROUGE_L = _metric("rougeL", "ROUGE-L")
