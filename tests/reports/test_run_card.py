"""The run card: what was seen and what it cost, and what nobody knows."""

import pytest

from rembench.reports.run_card import TRANSCRIPTS, is_mixed, rows
from rembench.reports.summary_types import ConsolidatorSummary, Summary

COST = {
    "nights": 4, "usd": 0.5, "input_tokens": 1000.0, "output_tokens": 50.0, "cache_read_tokens": 200.0,
    "cache_write_tokens": 34.0, "calls": 5.0, "seconds": 1.0,
}  # fmt: skip


def summary(*ones: tuple[str, str, dict]) -> Summary:
    return Summary(
        run={
            "consolidators": [
                {"name": name, "capabilities": {"transcript": fidelity, "network": True}}
                for name, fidelity, _ in ones
            ]
        },
        consolidators={
            name: ConsolidatorSummary(name=name, control=False, metrics={}, outcomes={}, cost=cost, failures={})
            for name, _, cost in ones
        },
    )


def test_cost_is_summed_over_all_nights():
    (row,) = rows(summary(("a", "full", COST)))
    assert row.cells[2:] == ("5", "1,234", "200", "50", "0.5000")


def test_what_is_unknown_of_some_nights_is_said_beside_what_is_known():
    some = COST | {"usd": None, "usd_unknown_nights": 3, "usd_known": 0.1}
    assert rows(summary(("a", "full", some)))[0].cells[-1] == "0.1000 and unknown of 3 nights"
    none = COST | {"usd": None, "usd_unknown_nights": 4, "usd_known": 0.0}
    assert rows(summary(("a", "full", none)))[0].cells[-1] == "unknown"


@pytest.mark.parametrize("fidelity", TRANSCRIPTS)
def test_declared_fidelity_is_said_in_words(fidelity):
    assert rows(summary(("a", fidelity, COST)))[0].cells[0] == TRANSCRIPTS[fidelity]


def test_wrapped_beside_full_is_noticed():
    assert is_mixed(summary(("a", "full", COST), ("b", "wrapped", COST)))
    assert not is_mixed(summary(("a", "wrapped", COST), ("b", "wrapped", COST)))


def test_run_without_capabilities_in_its_record_is_read():
    one = summary(("a", "full", COST))
    bare = Summary(run={"consolidators": [{"name": "a"}]}, consolidators=one.consolidators)
    assert rows(bare)[0].cells[:2] == (TRANSCRIPTS["full"], "here")
