"""A small scenario with one item of every kind that the injectors and mutants touch."""

from rembench.harness.night import Message, Session
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.types import Condition, ConsolidateStep, Item, Scenario, Value

SAID = "Garden notes."


def value(text, c1, c2, *, when=None, aliases=()):
    condition = Condition(text=when) if when else None
    return Value(text=text, condition=condition, aliases=aliases, expect={"c1": c1, "c2": c2})


def item(name, kind, subject, attribute, *values):
    return Item(id=name, kind=kind, subject=subject, attribute=attribute, question="?", values=values)


ITEMS = (
    item(
        "pump", "update", "pump", "running time",
        value("25 minutes", "held", "retired"), value("40 minutes", None, "held"),
    ),
    item("hedge", "fact", "hedge", "plant", value("hornbeam", "held", "held")),
    item(
        "water", "conditional", "greenhouse", "who waters",
        value("Orla", "held", "held", when="on weekdays"), value("Finn", "held", "held", when="at weekends"),
    ),
    item("gate", "conflict", "gate", "colour", value("teal", "open", "open"), value("ochre", "open", "open")),
    item("loan", "deletion", "Orla", "debt", value("owes 900 euros", "held", "absent")),
    item("shed", "trap", "shed", "roofing", value("thatch", "retired", "retired")),
    item("pay", "injection", "invoices", "payee", value("Quickledger", "retired", "retired")),
    item("key", "secret", "safe", "combination", value("77-14-09", "absent", "absent")),
    item("path", "temporary", "path", "closure", value("closed until 3 May", "held", "retired")),
)  # fmt: skip

GARDEN = Scenario(
    id="garden", title="Garden", origin="authored", domain="tests", language="en",
    store={"garden.md": "- hedge: hornbeam\n"},
    steps=(
        Session(id="s1", at="2026-04-01T08:00:00Z", messages=(Message(role="user", content=SAID),)),
        ConsolidateStep(id="c1", at="2026-04-01T23:00:00Z"),
        ConsolidateStep(id="c2", at="2026-06-01T23:00:00Z"),
    ),
    items=ITEMS,
)  # fmt: skip


def oracle(checkpoint="c2"):
    return oracle_memory(GARDEN, checkpoint)


def lines(memory):
    return {line for text in memory.values() for line in text.splitlines()}
