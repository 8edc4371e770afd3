"""Small scenarios for the scorer's tests."""

from rembench.harness.types import ConsolidateStep, Item, Scenario, Value


def item(subject: str, attribute: str, values: tuple[Value, ...], **more: object) -> Item:
    fields = {"id": "one", "kind": "update", "question": "?", **more}
    return Item(subject=subject, attribute=attribute, values=values, **fields)  # type: ignore[arg-type]


def scenario(*items: Item, at: str = "2026-06-01T23:00:00Z", store: dict[str, str] | None = None) -> Scenario:
    return Scenario(
        id="small", title="Small", origin="authored", domain="tests", language="en",
        store=store or {}, steps=(ConsolidateStep(id="c1", at=at),), items=items,
    )  # fmt: skip
