"""Instructions: what the nights' instructions say to keep is kept, and what to leave out left out."""

from rembench.metrics.instructions import INSTRUCTIONS
from tests.metrics.evidence import (
    ABSTAINED,
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

TOLD = {"c1": "The rent matters; leave the weather out."}


def rent(row, **more):
    return planted("rent", "fact", row, instruction="prioritise", **more)


def weather(row, **more):
    return planted("weather", "fact", row, instruction="ignore", **more)


def test_the_two_sorts_weigh_the_same():
    # prioritise: 2 of 3 held; ignore: 0 of 1 left out; (2/3 + 0) / 2
    evidence = chain(
        planted("rent", "fact", "held > held", "held > held", "held > absent", instruction="prioritise"),
        weather("- > held", said="s1"),
        instructions=TOLD,
    )
    assert amounts(INSTRUCTIONS, evidence) == [1, 1, 0, 0]
    assert value(INSTRUCTIONS, evidence) == 1 / 3
    assert amounts(INSTRUCTIONS, evidence, "sort=ignore") == [0]


def test_storing_nothing_and_storing_everything_get_one_half():
    for word in ("absent", "held"):
        evidence = chain(rent(f"held > {word}"), weather(f"- > {word}", said="s1"), instructions=TOLD)
        assert value(INSTRUCTIONS, evidence) == 0.5


def test_what_is_mentioned_as_past_or_open_is_not_held():
    items = (rent("held held > retired open"), weather("- - > retired open", said="s1"))
    evidence = chain(*items, instructions={"c1": "As told.", "c2": "As told."})
    assert amounts(INSTRUCTIONS, evidence) == [0, 1, 0, 1]


def test_only_nights_with_instructions_are_asked():
    evidence = chain(rent("held held held > held absent held"), instructions={"c2": "The rent matters."})
    assert amounts(INSTRUCTIONS, evidence) == [0]
    assert amounts(INSTRUCTIONS, evidence, "night=2") == [0]


def test_what_is_not_expected_held_need_not_be_kept():
    evidence = chain(
        planted("rent", "update", "retired > absent", "- > absent", "held > held", instruction="prioritise"),
        instructions=TOLD,
    )
    assert amounts(INSTRUCTIONS, evidence) == [1]


def test_what_has_not_been_handed_over_yet_is_not_asked():
    # c1 is given nothing, c2 is given s1, c3 both: the weather was said in s2
    steps = (
        session("s1", "hello"),
        session("s2", "rain"),
        night("c1", sessions=(), instructions="Leave the weather out."),
        night("c2", sessions=("s1",), instructions="Leave the weather out."),
        night("c3", sessions=("s1", "s2"), instructions="Leave the weather out."),
        night("c4", instructions="Leave the weather out."),
    )
    evidence = chain(weather("- - - - > absent absent held absent", said="s2"), steps=steps)
    assert [c.ref.checkpoint for c in INSTRUCTIONS.cells(evidence)] == ["c3", "c4"]
    assert amounts(INSTRUCTIONS, evidence) == [0, 1]


def test_what_stands_in_the_starting_store_is_there_from_the_first_night():
    assert amounts(INSTRUCTIONS, chain(weather("- > held"), instructions=TOLD)) == [0]


def test_items_that_no_instruction_names_are_not_asked():
    evidence = chain(planted("city", "fact", "held > held"), instructions=TOLD)
    assert amounts(INSTRUCTIONS, evidence) == []
    because = "no night's instructions name items in these scenarios"
    assert undefined_because(INSTRUCTIONS, evidence) == because


def test_no_verdict_and_a_failed_night_are_missing():
    items = (rent("held held > ? held"), weather("- - > ? absent", said="s1"))
    evidence = chain(*items, instructions={**TOLD, "c2": "As told."}, failed="c2")
    assert amounts(INSTRUCTIONS, evidence) == [None] * 4
    assert reasons(INSTRUCTIONS, evidence) == [ABSTAINED, ABSTAINED, FAILED, FAILED]
