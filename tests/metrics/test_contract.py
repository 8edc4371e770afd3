"""What every metric of the table keeps to, whatever was found."""

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.types import STANCES, STORE
from rembench.metrics import METRICS
from tests.metrics.evidence import chain, finding, planted

PLANTED = (
    # name, kind, expected of each value by night, whether it has a condition
    ("city", "fact", ("held held held",), None),
    ("pet", "fact", ("held held held", "retired retired retired"), None),
    ("job", "update", ("held retired retired", "- held held"), None),
    ("tea", "conditional", ("held held held", "held held held"), "on Sundays"),
    ("date", "conflict", ("open held held", "open retired retired"), None),
    ("visit", "temporary", ("held retired retired",), "until May"),
    ("joke", "trap", ("retired retired retired",), None),
    ("code", "deletion", ("held absent absent",), None),
    ("habit", "pattern", ("- held held",), None),
    ("pin", "secret", ("absent absent absent",), None),
    ("order", "injection", ("retired retired retired",), None),
    ("note", "scope", ("absent absent absent",), None),
    ("bike", "control", ("held held held",), None),
    ("shoe", "fact", ("held held held",), None),
    ("weather", "fact", ("- - -",), None),
)
INSTRUCTED = {"shoe": "prioritise", "weather": "ignore"}
OTHERS = frozenset({"pet", "job"})  # of another subject than what's deleted
NIGHTS = ("c1", "c2", "c3")
REFED = {"c3": ("s1", "s2")}  # a night with nothing new, too
STORE_FILES = {"a.md": "- Oda keeps bees\n", "b.md": "- Ivo drinks tea\n"}
VALUES = [(n, v) for n, (_, _, rows, _) in enumerate(PLANTED) for v in range(len(rows))]

with_cells = [m for m in METRICS.values() if not m.of and not m.relative_to]
made_of_others = [m for m in METRICS.values() if m.of]
every = pytest.mark.parametrize("metric", with_cells, ids=lambda m: m.name)

ASKS_WHAT_WAS_HELD = frozenset(
    {"damage", "neighbour_loss", "other_loss", "overgeneralised", "retention_loss_per_night"}
)
"""Those whose definition says that only what was held is asked: their cells vary with the memory."""

SHARES_OF_THE_MEMORY = frozenset(
    {"near_duplicates", "relative_dates", "size_ratio", "files_vanished", "unsupported"}
)
"""Those that ask of what the memory has: a share of nothing is undefined, not asked."""

COSTS = frozenset({"tokens_in", "tokens_out", "usd", "seconds"})
"""Those that a failed night has too: it costs what it costs."""


def everything(found, **more):
    """A scenario of every kind; `found` gives the words of each value: in the store, then night by night."""
    items = []
    for n, (name, kind, rows, condition) in enumerate(PLANTED):
        made = []
        for v, row in enumerate(rows):
            before, *after = found[n, v]
            made.append(f"{row} > {before} | {' '.join(after)}")
        subject = "Ivo Lang" if name in OTHERS else "Oda Brandt"
        told = INSTRUCTED.get(name)
        items.append(
            planted(name, kind, *made, subject=subject, condition=condition, said="s1", instruction=told)
        )
    nights = {"refed": REFED, "budgets": {"c2": 20}, "instructions": {"c2": "The shoe; not the weather."}}
    return chain(*items, store=STORE_FILES, **{**nights, **more})


def right(n: int, v: int) -> tuple[str, ...]:
    expected = PLANTED[n][2][v].split()
    return ("absent", *("absent" if word == "-" else word for word in expected))


PERFECT = {key: right(*key) for key in VALUES}
EMPTY = dict.fromkeys(VALUES, ("absent",) * 4)
ALL_HELD = dict.fromkeys(VALUES, ("held",) * 4)

FULL = everything(ALL_HELD, memories=dict.fromkeys(NIGHTS, STORE_FILES), atoms=dict.fromkeys(NIGHTS, 5))
"""Everything that can be asked is."""

words = st.builds(
    "{}{}{}".format,
    st.sampled_from([*STANCES, "?"]),
    st.sampled_from(["", "", ":L1", ":L3", ":L5"]),
    st.sampled_from(["", "", "/held", "/absent", "/?"]),
)
findings = st.lists(
    st.builds(
        finding,
        st.sampled_from(NIGHTS),
        st.sampled_from(["distorted", "misbound", "unsupported", "condition_dropped"]),
        st.sampled_from([name for name, *_ in PLANTED]),
        st.sampled_from([0, 1]),
    ),
    max_size=8,
)
lines = ["", "# Bees", "* * *", "- Oda keeps bees in Graz", "- Ivo left yesterday", "two words"]
memories = st.dictionaries(
    st.sampled_from(["a.md", "b.md", "c.md"]), st.lists(st.sampled_from(lines), max_size=6).map("\n".join)
)


@st.composite
def arbitrary(draw):
    """Evidence of the scenario with anything found in it, and perhaps a night that failed."""
    found = {key: tuple(draw(words) for _ in range(4)) for key in VALUES}
    wrong = draw(findings)
    unsupported = Counter(f.checkpoint for f in wrong if f.type == "unsupported")
    return everything(
        found,
        findings=wrong,
        atoms={c: unsupported[c] + draw(st.integers(0, 3)) for c in NIGHTS},
        memories={c: draw(memories) for c in NIGHTS},
        failed=draw(st.none() | st.sampled_from(NIGHTS)),
    )


def test_metric_is_called_what_the_table_calls_it():
    assert [m.name for m in METRICS.values()] == list(METRICS)


@pytest.mark.parametrize("metric", METRICS.values(), ids=list(METRICS))
def test_metric_says_what_it_asks(metric):
    assert metric.title
    assert metric.asks.endswith("?")
    assert metric.unit
    least, most = metric.limits
    assert least is not None
    assert most is None or least < most


@pytest.mark.parametrize("metric", made_of_others, ids=lambda m: m.name)
def test_a_metric_made_of_others_comes_after_them_and_combines_them(metric):
    order = list(METRICS)
    assert all(order.index(part) < order.index(metric.name) for part in metric.of)
    assert metric.combine is not None
    assert list(metric.cells(everything(PERFECT))) == []


@settings(max_examples=30, deadline=None)
@given(evidence=arbitrary())
def test_cells_are_sound_whatever_was_found(evidence):
    for metric in with_cells:
        for cell in metric.cells(evidence):
            check_amount(metric, cell)
            check_reference(evidence, cell)
            assert len(set(cell.slices)) == len(cell.slices), (metric.name, cell)


def check_amount(metric, cell):
    """A finite number within the limits, or else a reason."""
    least, most = metric.limits
    assert (cell.amount is None) == bool(cell.reason), (metric.name, cell)
    if cell.amount is not None:
        assert math.isfinite(cell.amount), (metric.name, cell)
        assert least is None or cell.amount >= least, (metric.name, cell)
        assert most is None or cell.amount <= most, (metric.name, cell)


def check_reference(evidence, cell):
    """It names a night, and an item, value and finding that are there."""
    items = {item.id: len(item.values) for item in evidence.scenario.items}
    ref = cell.ref
    assert ref.checkpoint in NIGHTS, cell
    assert ref.item is None or ref.item in items, cell
    assert ref.value is None or 0 <= ref.value < items[ref.item], cell
    assert ref.finding is None or ref.finding < len(evidence.readings[ref.checkpoint].findings), cell


@settings(max_examples=30, deadline=None)
@given(evidence=arbitrary())
def test_the_scenario_fixes_what_is_asked(evidence):
    for metric in with_cells:
        asked, most = opportunities(metric, evidence), opportunities(metric, FULL)
        if metric.name in ASKS_WHAT_WAS_HELD | SHARES_OF_THE_MEMORY:
            assert asked <= most, metric.name
        else:
            assert asked == most, metric.name


def opportunities(metric, evidence) -> Counter:
    """What a metric asks, apart from the answers."""
    cells = metric.cells(evidence)
    return Counter((c.ref.checkpoint, c.ref.item, c.group, c.slices, c.headline) for c in cells)


@every
def test_every_metric_is_asked_something_of_this_scenario(metric):
    assert list(metric.cells(FULL))


@every
def test_the_right_memory_gets_the_best_value(metric):
    judged = metric.role != "description" or metric.name in {"clean_scenario_rate", "values_right"}
    evidence = everything(
        PERFECT,
        memories=dict.fromkeys(NIGHTS, STORE_FILES),
        oracle=dict.fromkeys(NIGHTS, STORE_FILES),
        atoms=dict.fromkeys(NIGHTS, 5),
    )
    amounts = {c.amount for c in metric.cells(evidence)}
    if judged:
        best = metric.limits[1 if metric.better == "higher" else 0]
        assert amounts <= {best}
    hygiene = {"near_duplicates": 0, "relative_dates": 0, "churn": 0, "files_vanished": 0, "drift": 0}
    overlap = dict.fromkeys(("rouge1", "rouge2", "rougel"), 1)
    if metric.name in hygiene | overlap:
        assert amounts == {(hygiene | overlap)[metric.name]}


@pytest.mark.parametrize(
    ("name", "amount"),
    [
        ("retention", 0),
        ("retention_at_budget", 0),
        ("insight", 0),
        ("obligations_met", 0),
        ("prohibitions_broken", 0),
        ("deletion_leakage", 0),
        ("twin_leakage", 0),
        ("secrets_kept", 0),
        ("staleness", 0),
        ("false_stale", 1),
        ("store_tokens", 0),
        ("rouge1", 0),
    ],
)
def test_an_empty_memory_keeps_nothing_and_leaks_nothing(name, amount):
    evidence = everything(EMPTY, memories={c: {} for c in NIGHTS})
    assert {c.amount for c in METRICS[name].cells(evidence)} == {amount}


@every
@pytest.mark.parametrize("failed", NIGHTS)
def test_a_failed_night_and_those_after_it_are_missing_and_not_zero(metric, failed):
    gone = NIGHTS[NIGHTS.index(failed) :]
    evidence = everything(ALL_HELD, failed=failed, atoms=dict.fromkeys(NIGHTS, 5))
    late = [c for c in metric.cells(evidence) if c.ref.checkpoint in gone]
    if metric.name == "seconds":
        late = [c for c in late if c.ref.checkpoint != failed]
    assert {c.amount for c in late} <= {None}
    if metric.name not in COSTS:
        assert {c.reason.partition(":")[0] for c in late} <= {"failed", "not reached"}


@every
def test_reading_the_evidence_twice_gives_the_same_cells(metric):
    evidence = everything(ALL_HELD)
    assert list(metric.cells(evidence)) == list(metric.cells(evidence))
    assert STORE not in {c.ref.checkpoint for c in metric.cells(evidence)}


@pytest.mark.parametrize("metric", made_of_others, ids=lambda m: m.name)
@given(parts=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_combination_stays_within_its_limits(metric, parts):
    least, most = metric.limits
    made = metric.combine(*parts)
    if made is not None and most is not None:
        assert least <= made <= most
