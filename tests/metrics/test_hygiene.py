"""Hygiene: the state of the store itself."""

import pytest

from rembench.harness.types import DeleteStep
from rembench.metrics.hygiene import (
    CHURN,
    FILES_VANISHED,
    NEAR_DUPLICATES,
    RELATIVE_DATES,
    SIZE_RATIO,
    STORE_TOKENS,
    entries,
    near_duplicates,
    relative_dates,
)
from tests.metrics.evidence import (
    FAILED,
    amounts,
    chain,
    night,
    planted,
    reasons,
    session,
    undefined_because,
    value,
)

PER_NIGHT = (NEAR_DUPLICATES, RELATIVE_DATES, SIZE_RATIO, STORE_TOKENS, FILES_VANISHED)


def test_entries_are_lines_of_three_words_in_the_order_of_paths():
    memory = {"b.md": "# Bees\n- keeps bees\n\nkeeps four hives\n", "a.md": "- lives in Graz\n  a b c  \n"}
    assert entries(memory) == ["- lives in Graz", "a b c", "keeps four hives"]


@pytest.mark.parametrize(
    ("lines", "share"),
    [
        (["keeps bees in Graz"], 0),
        (["keeps bees in Graz", "keeps bees in Graz"], 1 / 2),
        (["keeps bees in Graz", "- Keeps bees, in GRAZ!"], 1 / 2),
        (["keeps bees in Graz"] * 4, 3 / 4),
        (["keeps bees in Graz", "drinks green tea daily"], 0),
        (["keeps bees in Graz", "drinks green tea daily", "in Graz keeps bees"], 1 / 3),
    ],
)
def test_near_duplicates_are_all_but_the_first(lines, share):
    assert near_duplicates({"a.md": "\n".join(lines)}) == pytest.approx(share)


def test_near_duplicates_are_found_across_files():
    memory = {"a.md": "keeps bees in Graz", "b.md": "keeps bees in Graz"}
    assert amounts(NEAR_DUPLICATES, chain(memories={"c1": memory})) == [0.5]


@pytest.mark.parametrize(("shared", "share"), [(3, 0), (17, 0), (18, 0.5), (30, 0.5)])
def test_near_duplicates_have_a_cosine_of_at_least_0_9(shared, share):
    # Each line has one word of its own. In two lines a shared word weighs ln(3/3) + 1 = 1, an own one
    # ln(3/2) + 1 = 1.40547: cosine k / (k + 1.97534), for k = 17 it's 0.8959 and for k = 18 0.9011
    words = " ".join(f"word{n}" for n in range(shared))
    assert near_duplicates({"a.md": f"{words} Graz\n{words} Linz"}) == share


@pytest.mark.parametrize("text", ["* * *", "| --- | --- |", "- - -\n- - -"])
def test_entries_without_a_word_are_no_near_duplicates(text):
    assert not near_duplicates({"a.md": text})


@pytest.mark.parametrize(
    "words",
    ["yesterday", "Tomorrow", "last week", "last Tuesday", "next month", "this morning", "two days ago",
     "a week ago", "three years ago", "an hour ago", "the other day", "just now"],
)  # fmt: skip
def test_a_relative_date_makes_an_entry_stale_by_itself(words):
    assert relative_dates({"a.md": f"- met Ivo {words}\n- met Ivo on 3 May 2026"}) == 0.5


@pytest.mark.parametrize(
    "line", ["met Ivo on 3 May", "the last of four hives", "an agonised look", "at last, weekly"]
)
def test_absolute_dates_and_look_alikes_are_fine(line):
    assert relative_dates({"a.md": line}) == 0


def test_size_is_counted_in_tokens():
    # five words and a full stop
    evidence = chain(memories={"c1": {"a.md": "Oda keeps bees", "b.md": "in Graz."}})
    assert amounts(STORE_TOKENS, evidence) == [6]


def test_size_ratio_is_beside_the_store_before_and_the_sessions_given():
    # c1: 3 of 2 + (3 + 1); c2 is given s1 again: 2 of 3 + (4 + 1)
    steps = (
        session("s1", "Oda keeps bees", "yes"),
        night("c1"),
        session("s2", "hello"),
        night("c2", sessions=("s1", "s2")),
    )
    evidence = chain(
        nights=2, steps=steps, store={"a.md": "Oda Brandt"},
        memories={"c1": {"a.md": "Oda has bees"}, "c2": {"a.md": "Oda has"}},
    )  # fmt: skip
    assert amounts(SIZE_RATIO, evidence) == [3 / 6, 2 / 8]
    assert value(SIZE_RATIO, evidence) == 0.375


def test_files_vanish_when_they_are_gone_or_empty():
    # of four files that had text one is gone and one is blank; new files don't count
    store = {"a.md": "x", "b.md": "x", "c.md": "x", "d.md": "x", "blank.md": " \n"}
    evidence = chain(store=store, memories={"c1": {"a.md": "y", "b.md": " ", "c.md": "x", "new.md": "x"}})
    assert amounts(FILES_VANISHED, evidence) == [0.5]


def test_each_night_is_compared_with_the_one_before_it():
    memories = {"c1": {"a.md": "x", "b.md": "x"}, "c2": {"a.md": "x"}, "c3": {"a.md": "x"}}
    evidence = chain(nights=3, store={"a.md": "x"}, memories=memories)
    assert amounts(FILES_VANISHED, evidence) == [0, 0.5, 0]


def quiet(after: str):
    """A store of four lines, one night with nothing at all, and what it left."""
    return chain(
        steps=(night("c1"),),
        store={"a.md": "one\ntwo\n", "b.md": "three\nfour"},
        memories={"c1": {"a.md": after}},
    )


@pytest.mark.parametrize(
    ("after", "churn"),
    [
        ("one\ntwo\n", 1 / 3),  # 1 - 2 * 2 / (4 + 2)
        ("one\ntwo\nthree\nfour", 1 / 2),  # two lines are in another file: 1 - 2 * 2 / (4 + 4)
        ("five", 1),
        ("one\none\none\none", 3 / 4),  # one of four: 1 - 2 * 1 / (4 + 4)
    ],
)
def test_churn_is_one_less_dice_of_the_lines(after, churn):
    assert amounts(CHURN, quiet(after)) == [pytest.approx(churn)]


def test_an_unchanged_memory_has_no_churn_even_if_it_is_empty():
    store = {"a.md": "one\ntwo\n"}
    assert amounts(CHURN, chain(steps=(night("c1"),), store=store, memories={"c1": store})) == [0]
    assert amounts(CHURN, chain(steps=(night("c1"),), memories={"c1": {}})) == [0]


def test_churn_is_asked_of_quiet_nights_only():
    request = DeleteStep(id="d1", at="2026-03-01T09:00:00Z", request="Forget the code.")
    steps = (
        session("s1", "hello"),
        night("c1"),  # a new session
        request,
        night("c2"),  # a new request
        night("c3"),  # the request stands
        night("c4", sessions=("s1",)),  # only a session that was given before
    )
    cells = list(CHURN.cells(chain(nights=4, steps=steps)))
    assert [c.ref.checkpoint for c in cells] == ["c3", "c4"]
    assert undefined_because(CHURN, chain()) == "no opportunity in these scenarios"


def test_a_night_that_is_handed_no_session_is_quiet():
    # c2 comes right after c1; c3 leaves s2 out by an empty list; c4 comes after nothing and is given s2
    steps = (
        session("s1", "hello"),
        night("c1"),
        night("c2"),
        session("s2", "hello"),
        night("c3", sessions=()),
        night("c4", sessions=("s2",)),
    )
    lines = {"c1": "a\nb", "c2": "a\nb", "c3": "a\nc", "c4": "d"}
    memories = {name: {"a.md": text} for name, text in lines.items()}
    cells = list(CHURN.cells(chain(nights=4, steps=steps, memories=memories)))
    assert [(c.ref.checkpoint, c.amount) for c in cells] == [("c2", 0), ("c3", 0.5)]


def test_a_night_that_makes_a_value_expire_is_not_quiet():
    steps = (session("s1", "hello"), night("c1"), night("c2"), night("c3"))
    visit = planted("visit", "temporary", "held retired retired > held retired retired")
    assert [c.ref.checkpoint for c in CHURN.cells(chain(visit, steps=steps))] == ["c3"]


@pytest.mark.parametrize("metric", PER_NIGHT, ids=lambda m: m.name)
def test_a_failed_night_is_missing(metric):
    evidence = chain(planted("city", "fact", "held held > held held"), store={"a.md": "x"}, failed="c2")
    first, second = amounts(metric, evidence)
    assert first is not None
    assert second is None
    assert reasons(metric, evidence) == [None, FAILED]


@pytest.mark.parametrize("metric", [NEAR_DUPLICATES, RELATIVE_DATES], ids=lambda m: m.name)
def test_an_empty_memory_has_no_entries_to_measure(metric):
    assert undefined_because(metric, chain(memories={"c1": {}})) == "the memory has nothing to measure"


def test_an_empty_memory_is_zero_tokens_long():
    assert amounts(STORE_TOKENS, chain(memories={"c1": {}})) == [0]
