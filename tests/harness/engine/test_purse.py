"""What a run may spend is never passed: neither by finished nights nor by calls under way."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.engine.purse import RunPurse
from rembench.harness.night import FREE, BudgetError, Usage


def test_what_a_call_did_cost_takes_the_place_of_what_was_held():
    purse = RunPurse(budget=1.0)
    held = purse.night().hold(0.75, "a call")
    assert (purse.under_way, purse.settled) == (0.75, 0)
    held.settle(0.25)
    assert (purse.under_way, purse.settled) == (0, 0.25)


def test_a_call_that_would_pass_the_budget_is_not_made():
    purse = RunPurse(budget=1.0)
    night = purse.night()
    night.hold(0.75, "a call").settle(0.75)
    with pytest.raises(
        BudgetError, match=r"stopped before b call, at most 0\.5000 USD: 0\.7500 spent"
    ) as caught:
        night.hold(0.5, "b call")
    assert (caught.value.passing, caught.value.usage) == (False, FREE)
    night.hold(0.25, "a call that fits exactly")


def test_where_calls_under_way_may_leave_enough_that_is_said():
    purse = RunPurse(budget=1.0)
    purse.night().hold(0.75, "a call")
    with pytest.raises(BudgetError, match=r"0\.7500 held for calls under way, of 1\.00 USD") as caught:
        purse.night().hold(0.5, "another")
    assert caught.value.passing
    assert not purse.is_empty()


def test_what_a_call_of_unknown_cost_was_held_for_counts_as_spent_until_the_night_says_more():
    purse = RunPurse(budget=1.0)
    night = purse.night()
    night.hold(1.0, "a call").settle(None)
    assert (purse.settled, purse.is_empty()) == (1.0, True)
    with pytest.raises(BudgetError) as caught:
        purse.night().hold(0.5, "another")
    assert not caught.value.passing
    night.finish(Usage(usd=0.25))
    assert (purse.usd, purse.settled, purse.is_empty()) == (0.25, 0, False)


def test_a_night_of_unknown_cost_counts_as_what_its_calls_can_have_cost():
    purse = RunPurse(budget=1.0)
    night = purse.night()
    night.hold(0.5, "a call").settle(0.125)
    night.hold(0.25, "a call that never came back")
    night.finish(Usage())
    assert (purse.usd, purse.unknown, purse.settled, purse.under_way) == (0.375, 1, 0, 0)


def test_what_comes_after_the_night_counts_no_more():
    purse = RunPurse(budget=1.0)
    night = purse.night()
    held = night.hold(0.5, "a call")
    night.finish(Usage(usd=0.5))
    held.settle(0.25)
    assert (purse.usd, purse.settled, purse.under_way) == (0.5, 0, 0)
    with pytest.raises(BudgetError, match="stopped before a late call: the night is over"):
        night.hold(0.1, "a late call")


def test_a_call_is_settled_once():
    purse = RunPurse(budget=1.0)
    held = purse.night().hold(0.5, "a call")
    held.settle(0.25)
    held.settle(0.25)
    assert (purse.settled, purse.under_way) == (0.25, 0)


def test_a_call_without_a_price_is_made_only_where_there_is_no_budget():
    free = RunPurse()
    free.night().hold(None, "a call").settle(None)
    assert free.under_way == free.settled == 0
    with pytest.raises(
        BudgetError, match=r"its price isn't known, so no budget can be kept; .* REMBENCH_PRICES"
    ):
        RunPurse(budget=1.0).night().hold(None, "a call")


def test_without_a_budget_nothing_is_refused_and_all_is_counted():
    purse = RunPurse()
    night = purse.night()
    night.hold(1e6, "a call").settle(3.0)
    night.finish(Usage(usd=3.0))
    assert (purse.usd, purse.is_empty()) == (3.0, False)


_steps = st.lists(
    st.tuples(st.sampled_from(["hold", "settle", "lost", "finish"]), st.integers(0, 3), st.floats(0, 1)),
    max_size=40,
)


@settings(max_examples=200, deadline=None)
@given(steps=_steps)
def test_the_budget_is_kept_whatever_nights_do_whose_calls_cost_no_more_than_was_held(steps):
    purse = RunPurse(budget=2.0)
    nights = [purse.night() for _ in range(4)]
    held: dict[int, list] = {n: [] for n in range(4)}
    spent = dict.fromkeys(range(4), 0.0)
    for step, n, share in steps:
        if step == "hold":
            with contextlib.suppress(BudgetError):
                held[n].append((nights[n].hold(share, "a call"), share))
        elif step in ("settle", "lost") and held[n]:
            one, most = held[n].pop()
            one.settle(None if step == "lost" else most * share)
            spent[n] += most * share
        elif step == "finish":
            nights[n].finish(Usage(usd=spent[n]))
            nights[n], held[n] = purse.night(), []
            spent[n] = 0.0
        assert purse.usd + purse.settled + purse.under_way <= 2.0 + 1e-6
        assert min(purse.settled, purse.under_way) >= -1e-9
