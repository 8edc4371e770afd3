"""A scenario as a person reads it: the timeline, then the items with what is expected when."""

from collections.abc import Iterator

from rembench.harness.errors import one_line
from rembench.harness.night import Session
from rembench.harness.scenario.handover import handovers
from rembench.harness.types import DeleteStep, Handover, Item, Scenario, Value

WIDTH = 88


def scenario_lines(scenario: Scenario, *, full: bool = False) -> list[str]:
    """The lines that describe `scenario`; with `full` its messages and store aren't shortened."""
    lines = (*_head(scenario, full), *_timeline(scenario, full), *_items(scenario))
    return [printable(line) for line in lines]


def printable(line: str) -> str:
    """`line` without what a terminal would obey: control characters are shown as �."""
    return "".join(c if c.isprintable() or c == "\t" else "�" for c in line)


def _head(scenario: Scenario, full: bool) -> Iterator[str]:
    yield f"{scenario.id}: {scenario.title}"
    yield f"{scenario.origin}, {scenario.domain}, language {scenario.language}"
    yield ""
    yield "Store before the first night"
    for path, text in scenario.store.items():
        yield f"  {path}"
        yield from _indented(text, full)


def _timeline(scenario: Scenario, full: bool) -> Iterator[str]:
    nights = {handover.step.id: handover for handover in handovers(scenario)}
    yield ""
    yield "Timeline"
    for step in scenario.steps:
        if isinstance(step, Session):
            yield f"  {step.at}  session {step.id}, {len(step.messages)} messages"
            for n, message in enumerate(step.messages):
                who = f"{message.role} ({message.name})" if message.name else message.role
                yield from _indented(f"#{n} {who}: {message.content}", full)
        elif isinstance(step, DeleteStep):
            yield f"  {step.at}  deletion request {step.id}"
            yield from _indented(step.request, full)
        else:
            yield from _night(nights[step.id], full)


def _night(handover: Handover, full: bool) -> Iterator[str]:
    step = handover.step
    given = ", ".join(f"{one.id} (again)" if one.id in handover.refed else one.id for one in handover.sessions)
    yield f"  {step.at}  night {step.id}, given sessions: {given or 'none'}"
    for request in handover.deletions:
        yield f"      {'standing' if request.standing else 'new'} deletion request {request.id}"
    if step.write_budget is not None:
        yield f"      write budget: {step.write_budget} tokens"
    if step.instructions is not None:
        yield from _indented(f"instructions: {step.instructions}", full)


def _items(scenario: Scenario) -> Iterator[str]:
    yield ""
    yield "Items"
    for item in scenario.items:
        yield f"  {item.id}  [{_kind(item)}]  {item.subject}: {item.attribute}"
        yield f"      {one_line(item.question)}"
        for n, value in enumerate(item.values):
            yield f"      {n}. {_value(value)}"
            yield f"         {_expected(scenario, value)}"


def _kind(item: Item) -> str:
    return f"{item.kind}, {item.tactic}" if item.tactic else item.kind


def _value(value: Value) -> str:
    when = f" ({value.condition.text})" if value.condition else ""
    evidence = ", ".join(f"{ref.session}#{ref.message}" for ref in value.evidence)
    return one_line(f'"{value.text}"{when}, evidence: {evidence or "the store"}')


def _expected(scenario: Scenario, value: Value) -> str:
    stances = ((night.id, value.expect.get(night.id)) for night in scenario.nights)
    return "  ".join(f"{night} {stance or 'not scored'}" for night, stance in stances)


def _indented(text: str, full: bool) -> Iterator[str]:
    if not full:
        flat = one_line(text, WIDTH)
        yield f"      {flat}"
        return
    for line in text.splitlines() or [""]:
        yield f"      {line}"
