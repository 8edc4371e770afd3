"""Random choices: the same for the same names, on every machine and Python."""

from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.generator.draw import Deck, Draw

NAMES = st.lists(st.one_of(st.text(max_size=5), st.integers()), max_size=3)


def test_the_choices_are_these_and_stay_these():
    draw = Draw("rembench", "golden", 1)
    assert [draw.below(1000) for _ in range(12)] == [
        443, 355, 691, 243, 358, 354, 890, 981, 422, 306, 630, 797,
    ]  # fmt: skip
    assert Draw("golden").shuffled("abcdefgh") == list("hecbadfg")
    assert Draw("golden").some("abcdefgh", 3) == list("hec")
    assert [n for n in range(10) if Draw("golden", n).chance(0.5)] == [1, 3, 5, 9]
    assert [Draw("golden", n).one("abc") for n in range(10)] == list("cacbcbcccb")


@given(NAMES, st.integers(1, 50))
def test_the_same_names_give_the_same_choices(names, n):
    one, other = Draw(*names), Draw(*names)
    assert [one.below(n) for _ in range(5)] == [other.below(n) for _ in range(5)]


def test_other_names_give_other_choices():
    made = {
        tuple(Draw(*names).below(10**9) for _ in range(2)) for names in ((), ("a",), ("b",), ("a", "b"), (1,))
    }
    assert len(made) == 5


def test_a_stream_depends_on_its_names_and_not_on_what_was_drawn_before():
    fresh, used = Draw("a"), Draw("a")
    for _ in range(7):
        used.below(10)
    assert used.stream("b", 2).below(10**9) == fresh.stream("b", 2).below(10**9)
    assert fresh.stream("b", 2).below(10**9) == Draw("a", "b", 2).below(10**9)


@given(NAMES, st.integers(-20, 20), st.integers(0, 30))
def test_a_number_between_two_is_one_of_them_or_between(names, low, more):
    draw = Draw(*names)
    assert all(low <= draw.between(low, low + more) <= low + more for _ in range(20))


def test_every_number_between_two_comes_up():
    draw = Draw("between")
    assert {draw.between(3, 6) for _ in range(100)} == {3, 4, 5, 6}


def test_a_chance_of_none_and_of_one_are_certain():
    draw = Draw("chance")
    assert not any(draw.chance(0) for _ in range(100))
    assert all(draw.chance(1) for _ in range(100))


@given(st.lists(st.integers(), max_size=20), st.integers(0, 25))
def test_some_are_different_ones_and_all_if_there_are_fewer(options, n):
    found = Draw("some").some(list(enumerate(options)), n)
    assert len(set(found)) == len(found) == min(n, len(options))
    assert set(found) <= set(enumerate(options))


def test_shuffling_leaves_the_options_as_they_were():
    options = [1, 2, 3, 4, 5, 6]
    assert sorted(Draw("shuffle").shuffled(options)) == options == [1, 2, 3, 4, 5, 6]


@given(st.sets(st.text(max_size=3), min_size=1, max_size=12), st.integers(1, 4))
def test_a_deck_deals_all_before_any_comes_back(options, rounds):
    deck = Deck(Draw("deck"), sorted(options))
    for _ in range(rounds):
        assert {deck.deal() for _ in options} == options


def test_a_deck_is_shuffled_anew_each_time_round():
    deck = Deck(Draw("deck"), range(20))
    first, second, third = ([deck.deal() for _ in range(20)] for _ in range(3))
    assert len({tuple(first), tuple(second), tuple(third), tuple(range(20))}) == 4
