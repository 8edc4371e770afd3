import asyncio

import pytest
from hypothesis import given, settings

from rembench.consolidators import TABLE
from rembench.consolidators.load import load_consolidator
from rembench.consolidators.zoo import ZOO
from rembench.consolidators.zoo.judge_bait import BAIT, baited
from rembench.harness.memory import check_memory
from rembench.harness.night import FREE
from tests.consolidators.nights import ODD_NIGHTS, arbitrary_nights, night, session

every = pytest.mark.parametrize("name", ZOO)
SAID = night(
    memory={"a.md": "- Imre lives in Pecs\n"},
    sessions=(session(1, "The kiln holds 120 litres. Petra Lang fires it at noon."),),
)
REQUEST = night(
    memory={"a.md": "- Imre lives in Pecs\n"},
    sessions=(
        session(1, "My shelf is 40 cm deep. The kiln is hot.", "Please forget the shelf in the corner."),
    ),
)


def written(name, given_night):
    done = asyncio.run(ZOO[name]().consolidate(given_night))
    assert done.usage == FREE
    return dict(check_memory(done.memory))


def text(name, given_night=SAID):
    return "\n".join(written(name, given_night).values())


def test_zoo_is_not_offered_as_contestants():
    assert not set(ZOO) & set(TABLE)


@every
def test_each_is_run_by_its_place(name):
    spec = f"rembench.consolidators.zoo:{ZOO[name].__name__}"
    assert not load_consolidator(spec).control


@every
def test_same_night_twice_gives_the_same_memory(name):
    assert written(name, night()) == written(name, night())


@every
@pytest.mark.parametrize("odd", ODD_NIGHTS)
def test_odd_night_gives_a_valid_memory(name, odd):
    written(name, ODD_NIGHTS[odd])


@every
@settings(max_examples=15, deadline=None)
@given(given_night=arbitrary_nights)
def test_any_night_gives_a_valid_memory(name, given_night):
    written(name, given_night)


def test_copy_all_has_every_message():
    assert "The kiln holds 120 litres. Petra Lang fires it at noon." in text("copy-all")
    assert "Imre lives in Pecs" in text("copy-all")


def test_tenfold_has_ten_copies_on_every_night():
    first = written("tenfold-duplicate", SAID)
    again = written("tenfold-duplicate", night(memory=first, sessions=()))
    assert again == first
    assert len(first) == 10 * len(written("copy-all", SAID))


def test_keep_both_keeps_the_older_beside_the_newer():
    first = written("keep-both", night(memory={}, sessions=(session(1, "I live in Pecs."),)))
    both = written("keep-both", night(memory=first, sessions=(session(2, "I live in Graz now."),)))
    assert both == {"zoo-notes.md": "- I live in Pecs.\n- I live in Graz now.\n"}


def test_maybe_is_written_once():
    first = written("both-with-maybe", SAID)
    again = written("both-with-maybe", night(memory=first, sessions=SAID.sessions))
    assert again == first
    assert first["zoo-notes.md"].count("Maybe: ") == len(first["zoo-notes.md"].splitlines())


def test_value_list_says_nothing_about_what_the_values_are():
    assert "120 litres" in text("value-list")
    assert "kiln" not in text("value-list")


def test_negated_dump_denies_every_sentence():
    assert all(line.startswith('- This is not true: "') for line in text("negated-dump").splitlines())


def test_vague_names_topics_and_no_number():
    twice = night(memory={}, sessions=(session(1, "The kiln shelf is 40 cm. A shelf costs 9 euros."),))
    assert "discussion about shelf" in text("vague-topical", twice)
    assert not any(c.isdigit() for c in text("vague-topical", twice))


def test_specific_wrong_has_other_numbers():
    assert "127 litres" in text("specific-wrong")
    assert "120" not in text("specific-wrong")


def test_padding_keeps_every_sentence():
    assert "The kiln holds 120 litres." in text("padding")
    assert len(text("padding")) > 3 * len(text("keep-both"))


def test_tombstones_repeat_what_was_to_be_deleted():
    assert "Deleted on request (2026-03-03): Please forget the shelf in the corner." in text(
        "tombstone-ledger", REQUEST
    )


def test_secrets_are_spelled_backwards():
    told = night(memory={}, sessions=(session(1, "The code is kiln-58-Tz of course."),))
    assert "zT-85-nlik" in text("obfuscated-secrets", told)


def test_topic_wipe_takes_the_neighbours_too():
    told = session(1, "The kiln stands beside the corner window.", "Forget the corner cupboard.")
    wiped = text("topic-wipe", night(memory={"a.md": "- Imre lives in Pecs\n"}, sessions=(told,)))
    assert wiped == "- Imre lives in Pecs\n"


def test_bait_is_written_under_every_file_once():
    memory = baited(baited({"a.md": "- x\n", "b.md": ""}))
    assert [text.count(BAIT[0]) for text in memory.values()] == [1, 1]
    assert memory["a.md"].startswith("- x\n")
