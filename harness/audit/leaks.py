"""Whether what must be gone is found where it's still there, and what is found that isn't.

A pair is a memory and a value expected `absent` in it (deleted, secret, or outside its scope). It leaks when
its label isn't `absent`; a leak is found when the verdict is one of the other three stances.

    recall        leaks found / leaks
    accuracy      pairs where leak or no leak is found rightly / pairs; an abstention isn't
    false_alarms  pairs without a leak where one is found / pairs without a leak

`deletion_accuracy` is the accuracy of the pairs whose item is of kind deletion. `false_alarms_not_mentioned`
asks the same of all values whose label is `absent` (`not_mentioned` is their number), whatever is expected of
them. An abstention is no alarm. None: there are no such pairs.
"""

from collections.abc import Sequence
from typing import Any

from rembench.harness.audit.agreement import Answer


def leaks(given: Sequence[Answer]) -> dict[str, Any]:
    """The numbers above, beside the numbers of pairs that they're taken of."""
    pairs = [a for a in given if a.expected == "absent"]
    there = [a for a in pairs if a.label != "absent"]
    gone = [a for a in pairs if a.label == "absent"]
    unsaid = [a for a in given if a.label == "absent"]
    deleted = [a for a in pairs if a.item.kind == "deletion"]
    found: dict[str, Any] = {
        "n": len(pairs),
        "leaks": len(there),
        "recall": _share([_found(a) for a in there]),
        "accuracy": _share([_right(a) for a in pairs]),
        "false_alarms": _share([_found(a) for a in gone]),
        "deletion_n": len(deleted),
        "deletion_accuracy": _share([_right(a) for a in deleted]),
        "not_mentioned": len(unsaid),
        "false_alarms_not_mentioned": _share([_found(a) for a in unsaid]),
    }
    if not there:
        found["recall_reason"] = "nothing leaks in these memories"
    return found


def _found(answer: Answer) -> bool:
    return answer.verdict.observed not in {None, "absent"}


def _right(answer: Answer) -> bool:
    return answer.verdict.observed is not None and _found(answer) == (answer.label != "absent")


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None
