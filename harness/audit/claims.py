"""The scorer's findings against the unsupported claims that careful readers listed.

A finding and a claim meet when their spans in the same file overlap; the claim's span is where its quote stands
in the file, white space aside (everywhere it stands, if more than once). Being right about *that* something is
wrong is what counts, not the name for it: a number called unsupported where the readers wrote "distorted" is
right. A finding that meets no claim is a false alarm.

    recall     claims that a finding meets / claims; only those that both labellers listed, for what one of them
               saw and the other didn't is no sure miss
    precision  findings that meet a claim / findings; any claim counts, for a finding that one labeller confirms
               is no sure false alarm

A finding has a type and not a claim's verdict, so precision by verdict is that of the findings of the type made
for it: unsupported for fabricated, misbound for misattributed, condition_dropped for overgeneralised, and
distorted for distorted. `all` is over all verdicts and all types. Claims are open-ended statements: many have
no number, name or planted value in them that a detector without a language model could notice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rembench.harness.audit.agreement import Answer, Judged
from rembench.harness.audit.validity import CLAIM_VERDICTS, Claim
from rembench.harness.outcomes import accepted
from rembench.harness.types import Finding, Stance

DETECTORS: Mapping[str, str] = {
    "fabricated": "unsupported",
    "distorted": "distorted",
    "misattributed": "misbound",
    "overgeneralised": "condition_dropped",
}
"""The type of finding that's made for a verdict."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A claim with its spans, and whether a finding meets it."""

    claim: Claim
    spans: tuple[tuple[int, int], ...]
    met: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A finding, and whether it meets a claim."""

    finding: Finding
    right: bool


def claims(judged: Sequence[Judged]) -> dict[str, Any]:
    """{verdict or "all": {"precision", "recall", "n", "findings"}}; n counts the agreed claims.

    In a set that lists no claims at all, precision and recall are None with a reason. A claim whose quote isn't
    in its file is left out and counted in `all` as `unplaced`.
    """
    listed, found = _met(judged)
    if not listed:
        table = {v: _unlisted([f for f in found if f.finding.type == t]) for v, t in DETECTORS.items()}
        return {**table, "all": _unlisted(found)}
    placed = [one for one in listed if one.spans]
    result: dict[str, Any] = {}
    for verdict in CLAIM_VERDICTS:
        type_ = DETECTORS[verdict]
        mine = [one for one in placed if one.claim.verdict == verdict]
        result[verdict] = {"finding": type_, **_numbers(mine, [f for f in found if f.finding.type == type_])}
    unplaced = len(listed) - len(placed)
    result["all"] = {**_numbers(placed, found), "listed": len(listed), "unplaced": unplaced}
    return result


def findings(judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """{type: {"n", "right", "precision", "memories"}}: findings of each type, and in how many memories.

    `right` are those that meet a claim; None, as the precision, in a set that lists no claims.
    """
    _, found = _met(judged)
    listed = any(one.labelled.claims for one in judged)
    table = {}
    for type_ in DETECTORS.values():
        mine = [f for f in found if f.finding.type == type_]
        places = sum(any(f.type == type_ for f in one.reading.findings) for one in judged)
        right = [f.right for f in mine] if listed else None
        table[type_] = {
            "n": len(mine),
            "memories": places,
            "right": None if right is None else sum(right),
            "precision": _share(right or []),
        }
    return table


def called_errors(given: Sequence[Answer]) -> dict[str, Any]:
    """`called_errors`: of the values that are right by their label, the share that the scorer calls an error.

    `errors_found` is its counterpart: of those that are wrong by their label, the share called an error. Right
    and wrong by the table of stances; an abstention calls nothing an error. Values without an expectation
    aren't asked.
    """
    asked = [(a.expected, a) for a in given if a.expected]
    right = [(e, a) for e, a in asked if accepted(e, a.label)]
    wrong = [(e, a) for e, a in asked if not accepted(e, a.label)]
    return {
        "accepted": len(right),
        "called_errors": _share([_refuses(e, a) for e, a in right]),
        "errors": len(wrong),
        "errors_found": _share([_refuses(e, a) for e, a in wrong]),
    }


def _refuses(expected: Stance, answer: Answer) -> bool:
    observed = answer.verdict.observed
    return observed is not None and not accepted(expected, observed)


def _met(judged: Sequence[Judged]) -> tuple[list[_Listed], list[_Found]]:
    listed: list[_Listed] = []
    found: list[_Found] = []
    for one in judged:
        places = [(c, tuple(spans(one.labelled.memory[c.path], c.quote))) for c in one.labelled.claims]
        marks = one.reading.findings
        listed += [_Listed(c, at, any(_meets(f, c, at) for f in marks)) for c, at in places]
        found += [_Found(f, any(_meets(f, c, at) for c, at in places)) for f in marks]
    return listed, found


def _meets(finding: Finding, claim: Claim, at: Sequence[tuple[int, int]]) -> bool:
    return finding.path == claim.path and any(finding.start < end and start < finding.end for start, end in at)


def spans(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Where `quote` stands in `text`, white space aside: character offsets [start, end)."""
    places = [n for n, character in enumerate(text) if not character.isspace()]
    dense = "".join(text[n] for n in places)
    wanted = "".join(quote.split())
    at = dense.find(wanted) if wanted else -1
    while at >= 0:
        yield places[at], places[at + len(wanted) - 1] + 1
        at = dense.find(wanted, at + 1)


def _unlisted(found: Sequence[_Found]) -> dict[str, Any]:
    reason = "no claims are listed in this set"
    return {"n": 0, "recall": None, "findings": len(found), "precision": None, "reason": reason}


def _numbers(listed: Sequence[_Listed], found: Sequence[_Found]) -> dict[str, Any]:
    agreed = [one for one in listed if one.claim.agreed]
    numbers: dict[str, Any] = {
        "n": len(agreed),
        "recall": _share([one.met for one in agreed]),
        "findings": len(found),
        "precision": _share([one.right for one in found]),
    }
    if not agreed:
        numbers["recall_reason"] = "no agreed claims"
    if not found:
        numbers["precision_reason"] = "no findings of this type"
    return numbers


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None
