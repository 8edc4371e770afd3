"""A gate's verdicts as lines for a terminal, Markdown for a job summary, cases for JUnit, and JSON."""

from collections.abc import Iterator
from typing import Any

from rembench.harness.errors import one_line
from rembench.harness.gate.checks import Check
from rembench.harness.gate.decide import ROLES, Decision, Gate
from rembench.harness.statistics.told import Told
from rembench.reports.junit import Case
from rembench.reports.summary_types import rounded

_HEADS = ("metric", "held to", "run", "baseline", "difference", "interval", "notices", "verdict")
_PLURALS = {"obligation": "obligations", "prohibition": "prohibitions", "description": "other metrics"}
_LARGE = 100.0
_TESTS = {"at_least": "at least", "at_most": "at most"}


def lines(gate: Gate) -> Iterator[str]:
    """The table, contestant by contestant, a sentence for all that didn't pass, and the verdict last."""
    for title, decisions in _by_couple(gate):
        yield title
        rows = [_HEADS, *(tuple(_row(d)) for d in decisions)]
        widths = [max(len(row[n]) for row in rows) for n in range(len(_HEADS))]
        for row in rows:
            yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for one in decisions:
            if one.verdict != "pass":
                yield f"  {one.check.metric.name}: {sentence(gate, one)}"
    yield "notices: the true loss that so many scenarios would fail 80 times in 100"
    yield from gate.notes
    yield headline(gate)


def headline(gate: Gate) -> str:
    """The verdict in one line."""
    parts = [f"{_PLURALS[role]} {verdict}" for role in ROLES if (verdict := gate.of_role(role))]
    said = f"gate: {gate.verdict} ({', '.join(parts)}; level {gate.policy.level:g})"
    if gate.verdict != "undecided":
        return said
    return f"{said}; {_wanted_words(gate)}"


def _wanted_words(gate: Gate) -> str:
    if gate.wanted is None:
        return "what would decide it stands beside each metric"
    return f"about {gate.wanted:,} scenarios would decide it"


def sentence(gate: Gate, one: Decision) -> str:
    """Why a check has the verdict that it has."""
    check = one.check
    aside = "" if check.blocks else " (doesn't block)"
    return f"{_why(gate, one)}{aside}"


def _why(gate: Gate, one: Decision) -> str:
    check = one.check
    if one.verdict == "pass":
        return f"kept; {_noticed(one.noticed, check)}"
    if one.verdict == "fail":
        return f"{_seen(gate, check)}: {_broken(check)}"
    if not check.seen:
        return f"undecided: {_no_scenario(check)}"
    if check.unbroken:
        return f"undecided: not broken in {len(check.seen)} scenarios so far, and asked of all of them"
    if one.waits:
        return f"undecided: {_open(check)}"
    needs = one.wanted.reason or f"about {one.wanted.value or 0:,.0f} scenarios would decide it"
    if check.open:
        needs += f"; {_open(check)}"
    if check.test == "margin" and not any(check.seen):
        return (
            f"undecided: no scenario differs, but {_are(len(check.seen))} too few to rule out a loss of"
            f" {_number(check.limit)}; {needs}"
        )
    seen = f"undecided: {_seen(gate, check)}"
    if check.worse is not None and check.worse <= gate.policy.level:
        return f"{seen}: worse, but whether by more than {_number(check.limit)} can't be told; {needs}"
    return f"{seen}, too few scenarios ({len(check.seen)}) to tell; {needs}"


def _are(scenarios: int) -> str:
    return f"{scenarios} {'is' if scenarios == 1 else 'are'}"


def _no_scenario(check: Check) -> str:
    if check.test == "margin":
        missing = f"; {_open(check)}" if check.open else ""
        return f"no scenario in which both have a value{missing}"
    return check.metric.unasked if not check.unpaired else "no scenario has a value"


def _open(check: Check) -> str:
    what = "1 scenario misses verdicts" if check.open == 1 else f"{check.open} scenarios miss verdicts"
    if check.test == "margin":
        what += " that the other side has"
    if check.ends is None:
        return f"{what}, and nothing is known of what those could be"
    low, high = check.ends
    of = "the difference" if check.test == "margin" else "the value"
    return f"{what}: {of} lies between {_signed(check, low)} and {_signed(check, high)}, whatever they are"


def _seen(gate: Gate, check: Check) -> str:
    value = check.value if check.difference is None else check.difference
    shown = "–" if value is None else _signed(check, value)
    ends = _interval(check)
    return f"{shown} ({_share(gate)} interval {ends})" if ends else shown


def _share(gate: Gate) -> str:
    """How sure the intervals are: as sure as the verdicts of this look."""
    return f"{100.0 * (1.0 - 2.0 * gate.look.nominal(gate.policy.level)):.4g}%"


def _interval(check: Check) -> str:
    if check.low is None or check.high is None:
        return ""
    return f"{_signed(check, check.low)} to {_signed(check, check.high)}"


def _broken(check: Check) -> str:
    if check.test == "margin":
        return f"worse than the baseline by more than {_number(check.limit)}"
    side = "below" if check.test == "at_least" else "above"
    return f"{side} {_number(check.limit)}"


def _noticed(told: Told, check: Check) -> str:
    if told.value is None:
        return told.reason or ""
    if check.test == "margin":
        return f"a loss of {_number(told.value)} would be noticed 80 times in 100"
    return f"{_number(told.value)} on the wrong side would be noticed 80 times in 100"


def _row(one: Decision) -> Iterator[str]:
    check = one.check
    yield check.metric.name
    yield _limit(check)
    yield _number(check.value)
    yield _number(check.baseline) if check.test == "margin" else ""
    yield "" if check.difference is None else _signed(check, check.difference)
    yield _interval(check) or "–"
    yield _number(one.noticed.value)
    yield one.verdict if check.blocks else f"{one.verdict} (doesn't block)"


def _limit(check: Check) -> str:
    if check.test == "margin":
        return f"margin {_number(check.limit)}"
    return f"{_TESTS[check.test]} {_number(check.limit)}"


def _signed(check: Check, value: float) -> str:
    """A difference with its sign, or a value; so many digits that small ones show."""
    sign = "+" if check.test == "margin" else ""
    if None not in check.metric.limits:
        return f"{value:{sign}.3f}"
    return f"{value:{sign},.0f}" if abs(value) >= _LARGE else f"{value:{sign}.3g}"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= _LARGE else f"{value:.3f}".rstrip("0").rstrip(".")


def _by_couple(gate: Gate) -> Iterator[tuple[str, list[Decision]]]:
    for couple in dict.fromkeys(d.check.couple for d in gate.decisions):
        against = "the baseline" if couple.name == couple.against else f"{couple.against} (the baseline)"
        yield (
            one_line(f"{couple.name} against {against}"),
            [d for d in gate.decisions if d.check.couple == couple],
        )


def markdown(gate: Gate) -> str:
    """The job summary."""
    made = [f"## rembench {headline(gate)}", ""]
    for title, decisions in _by_couple(gate):
        made += [f"### {_escaped(title)}", "", _markdown_row(_HEADS), _markdown_row(["---"] * len(_HEADS))]
        made += [_markdown_row([_escaped(cell) for cell in _row(d)]) for d in decisions]
        made += ["", *(f"- `{d.check.metric.name}`: {_escaped(sentence(gate, d))}" for d in decisions), ""]
    made += [f"> {_escaped(note)}" for note in gate.notes]
    made.append(_explained(gate))
    return "\n".join(made) + "\n"


def _explained(gate: Gate) -> str:
    level = f"{gate.policy.level:.0%}"
    return (
        f"Paired by scenario; intervals of {_share(gate)}. `fail` is told at {level} for all blocking checks"
        f" together (Holm), `pass` at {level} for each. *Notices*: the true loss that so many scenarios would"
        " fail 80 times in 100."
    )


def _markdown_row(cells: "list[str] | tuple[str, ...]") -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    flat = one_line(text)
    for mark in "\\`*_[]|<>":
        flat = flat.replace(mark, f"\\{mark}" if mark not in "<>" else {"<": "&lt;", ">": "&gt;"}[mark])
    return flat


def cases(gate: Gate) -> tuple[Case, ...]:
    """A JUnit test case for every check: what's undecided is skipped, what doesn't block never fails."""
    return tuple(
        Case(
            group=f"rembench.gate.{d.check.couple.name}",
            name=f"{d.check.metric.name} {_limit(d.check)}",
            outcome="passed" if d.verdict == "pass" else "failed" if _fails(d) else "skipped",
            message=sentence(gate, d),
        )
        for d in gate.decisions
    )


def _fails(decision: Decision) -> bool:
    return decision.verdict == "fail" and decision.check.blocks


def to_json(gate: Gate) -> dict[str, Any]:
    """The gate as one JSON object: numbers, or null with a reason beside."""
    return {
        "schema": 1,
        "verdict": gate.verdict,
        "by_role": {role: gate.of_role(role) for role in ROLES},
        "level": gate.policy.level,
        "missing_allowed": gate.policy.missing,
        "scenarios_wanted": gate.wanted,
        "looks": [rounded(share) for share in gate.look.shares],
        "run": gate.run.to_json(),
        "baseline": gate.baseline.to_json(),
        "checks": [_check_json(gate, d) for d in gate.decisions],
        "notes": list(gate.notes),
    }


def _check_json(gate: Gate, one: Decision) -> dict[str, Any]:
    check = one.check
    return {
        "consolidator": check.couple.name,
        "against": check.couple.against,
        "metric": check.metric.name,
        "role": check.metric.role,
        "better": check.metric.better,
        "test": check.test,
        "limit": check.limit,
        "blocks": check.blocks,
        "verdict": one.verdict,
        "why": sentence(gate, one),
        "value": rounded(check.value),
        "baseline": rounded(check.baseline),
        "difference": rounded(check.difference),
        "low": rounded(check.low),
        "high": rounded(check.high),
        "bounds": [rounded(end) for end in check.ends] if check.ends else None,
        "p_kept": rounded(one.kept),
        "p_broken": rounded(one.broken),
        "p_worse_at_all": rounded(check.worse),
        "scenarios": len(check.seen),
        "unpaired": list(check.unpaired),
        "open": check.open,
        "missing": rounded(check.missing),
        "noticed": _told(one.noticed),
        "scenarios_wanted": _told(one.wanted),
    }


def _told(told: Told) -> dict[str, Any]:
    return {"value": rounded(told.value)} if told.reason is None else {"value": None, "reason": told.reason}
