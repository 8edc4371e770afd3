"""What goes wrong inside a consolidator is data, typed by the boundary that was crossed."""

import pytest

from tests.harness.engine.running import run


@pytest.mark.parametrize(
    ("spec", "kind", "words"),
    [
        ("Raises", "consolidator_bug", "RuntimeError: no luck with"),
        ("Exits", "consolidator_bug", "SystemExit: 7"),
        ("Interrupts", "consolidator_bug", "KeyboardInterrupt"),
        ("Cancels", "consolidator_bug", "CancelledError: given up"),
        ("CancelsAll", "consolidator_bug", "CancelledError"),
        ("ExitsInTask", "consolidator_bug", "SystemExit: 7"),
        ("Provider", "provider", "529 overloaded"),
        ("Spent", "budget", "nothing left"),
        ("Unreadable", "invalid_output", "cut off"),
        ("Nonsense:what=none", "invalid_output", "NoneType"),
        ("Nonsense:what=dict", "invalid_output", "dict"),
        ("Nonsense:what=list", "invalid_output", "list"),
        ("Nonsense:what=number", "invalid_output", "int"),
        ("Nonsense:what=keys", "invalid_output", "int"),
        ("Nonsense:what=nul", "invalid_output", "NUL"),
        ("Nonsense:what=dots", "invalid_output", ".."),
        ("Nonsense:what=absolute", "invalid_output", "relative"),
        ("Nonsense:what=surrogate", "invalid_output", "surrogate"),
        ("Nonsense:what=huge", "invalid_output", "50000000"),
        ("Nonsense:what=usage", "invalid_output", "usage.usd"),
        ("Nonsense:what=trace", "invalid_output", "trace[1]: a lone surrogate at character 0"),
        ("Nonsense:what=trace_item", "invalid_output", "trace: a tuple of lines"),
        ("Nonsense:what=provenance", "invalid_output", "provenance: a tuple of at most 100000"),
        ("Nonsense:what=provenance_item", "invalid_output", "provenance[0]: a Provenance was expected"),
        ("Nonsense:what=provenance_path", "invalid_output", "provenance[1]: path and session"),
        ("Nonsense:what=provenance_span", "invalid_output", "provenance[0]: start, end and message"),
        ("Nonsense:what=provenance_huge", "invalid_output", "provenance: a tuple of at most 100000"),
        ("Mute", "consolidator_bug", "MuteError"),
        ("Overcharges", "provider", "no answer"),
        ("Mutates", "consolidator_bug", "TypeError"),
    ],
)
def test_a_failure_has_its_type_and_one_line(tmp_path, spec, kind, words):
    nights = run(tmp_path, spec)
    assert nights
    for night in nights:
        assert night.memory is None
        assert night.failure.type == kind
        assert words in night.failure.message
        assert "\n" not in night.failure.message


def test_a_chain_ends_with_its_first_failure(tmp_path):
    nights = run(tmp_path, "Raises")
    assert len({n.chain for n in nights}) == len(nights)


def test_what_a_failed_call_cost_is_kept(tmp_path):
    assert {n.usage.input_tokens for n in run(tmp_path, "Provider")} == {7}


def test_a_night_that_sleeps_too_long_times_out(tmp_path):
    nights = run(tmp_path, "Sleeps", night_timeout=0.05)
    assert {n.failure.type for n in nights} == {"timeout"}
    assert "0.05 s" in nights[0].failure.message


@pytest.mark.parametrize("spec", ["StopsLoop", "StopsLoopAtOnce"])
def test_a_night_that_stops_its_loop_ends_as_others_do(tmp_path, spec):
    nights = run(tmp_path, spec, night_timeout=5)
    assert {n.night for n in nights} == {"c1", "c2", "c3"}
    assert [n.failure for n in nights if n.failure] == []


def test_a_night_that_blocks_its_loop_times_out_and_the_others_go_on(tmp_path):
    nights = run(tmp_path, "Blocks", night_timeout=0.3)
    failed = [n for n in nights if n.failure]
    assert [n.failure.type for n in failed] == ["timeout"]
    assert len(nights) > len(failed)


def test_a_secret_of_the_environment_is_masked(tmp_path, monkeypatch):
    monkeypatch.setenv("ODD_API_KEY", "sk-marked-0123456789")
    run(tmp_path, "Raises")
    journal = (tmp_path / "nights.jsonl").read_text()
    assert "sk-marked" not in journal
    assert "***" in journal


def test_the_budget_stops_before_the_night_that_would_come_next(tmp_path):
    nights = run(tmp_path, "Pays", budget=1.0, concurrency=1)
    paid = [n for n in nights if n.failure is None]
    assert len(paid) == 2
    assert {n.failure.type for n in nights if n.failure} == {"budget"}
    assert "1.20 of 1.00 USD" in next(n.failure.message for n in nights if n.failure)
