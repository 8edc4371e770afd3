"""The case file: what a careful reader finds in short memories."""

from pathlib import Path

import pytest

from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import ConsolidateStep, Item, Scenario, Value

CASES = Path(__file__).parent / "cases" / "stances.txt"


def cases():
    for block in CASES.read_text(encoding="utf-8").split("\n== ")[1:]:
        title, rest = block.split("\n", 1)
        head, memory, expected = rest.split("\n---\n")
        yield pytest.param(head, memory, expected, id=title.strip().replace(" ", "-"))


def names(text):
    first, _, more = text.partition("|")
    return first.strip(), tuple(a.strip() for a in more.split(",") if a.strip())


def build(head):
    fields = dict(line.split(": ", 1) for line in head.strip().splitlines())
    subject, subject_aliases = names(fields["subject"])
    attribute, attribute_aliases = names(fields["attribute"])
    values = tuple(Value(text=t.strip()) for t in fields["values"].split("|"))
    items = [
        Item(
            id="one", kind=fields.get("kind", "update"), question="?", subject=subject,
            attribute=attribute, values=values,
            subject_aliases=subject_aliases, attribute_aliases=attribute_aliases,
        )
    ]  # fmt: skip
    if "other" in fields:
        other, aliases = names(fields["other"])
        items.append(
            Item(
                id="two", kind="fact", question="?", subject=other, subject_aliases=aliases,
                attribute="shoe size", values=(Value(text="size 39"),),
            )
        )  # fmt: skip
    at = f"{fields.get('date', '2026-06-01')}T23:00:00Z"
    steps = (ConsolidateStep(id="c1", at=at),)
    scenario = Scenario(
        id="case", title="Case", origin="authored", domain="tests", language="en", store={},
        steps=steps, items=tuple(items),
    )  # fmt: skip
    return scenario, fields.get("path", "notes/file.md")


@pytest.mark.parametrize(("head", "memory", "expected"), list(cases()))
def test_a_careful_reader_finds_this_stance(head, memory, expected):
    scenario, path = build(head)
    reading = ScenarioScorer(scenario).read({path: memory}, "c1")
    texts = {n: v.text for n, v in enumerate(scenario.items[0].values)}
    found = {texts[v.value]: v.observed for v in reading.verdicts if v.item == "one"}
    assert found == dict(line.rsplit(": ", 1) for line in expected.strip().splitlines())


@pytest.mark.parametrize(("head", "memory", "expected"), list(cases()))
def test_every_verdict_quotes_the_place_it_rests_on(head, memory, expected):
    scenario, path = build(head)
    for verdict in ScenarioScorer(scenario).read({path: memory}, "c1").verdicts:
        assert verdict.rule
        if verdict.observed not in {"absent", None}:
            assert verdict.path == path
            assert memory[verdict.start : verdict.end].strip()
            assert memory[verdict.start : verdict.end] in memory
