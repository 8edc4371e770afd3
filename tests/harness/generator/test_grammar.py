"""The grammar as data, and how a frame is filled in."""

import re

import pytest

from rembench.harness.generator.domain import domain
from rembench.harness.generator.draw import Draw
from rembench.harness.generator.grammar import Phrasebook, grammar, small_talk
from rembench.harness.generator.lexicon import lexicon

_HOLE = re.compile(r"\{(\w+)(?:\.\w+)?\}")

# Act → at least how many frames, what every frame must have, and what it may have.
_ACTS = """
openings 40 | | P Q me
closings 40 | | P Q
closing_replies 40 | | P Q
state 40 | c | S attribute P Q V
aside 40 | c | S attribute P Q V
repeat 15 | c | S attribute P Q V
explicit 40 | OLD | c n S attribute P Q V
implicit 30 | n | S attribute P Q V
revert 20 | V OLD S attribute | c P Q
recursive 20 | V OLD S attribute | c P Q
retract 20 | OLD S attribute | P Q
bounded 20 | V OLD D S attribute | c P Q
authority_set 15 | P c | S attribute Q
authority_claim 20 | Q V S attribute | P
authority_word 15 | P c OLD | S attribute Q V
follows_set 15 | S S2 | attribute P Q
dispute 30 | P Q V V2 S attribute |
dispute_pretend 15 | Q S attribute | P
settle 15 | V V2 S attribute | P Q
conditional 30 | c condition V2 | S attribute P Q V
exception 20 | S attribute condition V2 | P Q
hypothetical 20 | V S attribute | P Q
joke 20 | V S attribute | P Q
other 20 | V attribute | S P Q
quoted 20 | V S attribute | P Q
suggestion 20 | V S attribute | P Q
suggestion_refused 20 | | S attribute P Q
private 20 | c | S attribute P Q V
deletion_wrap 15 | r | P Q
deletion_outside 15 | P r | Q
compound 15 | r r2 S attribute | P Q
third_party 15 | Q S attribute | P
pseudo 25 | S attribute | P Q
consent 15 | c | P Q V
restore_ack 15 | | S attribute P Q
ack 80 | | S attribute P Q
ack_change 40 | | S attribute P Q
ack_dispute 20 | | S attribute P Q
ack_joke 20 | | S attribute P Q
ack_private 15 | | S attribute P Q
ack_delete 25 | |
ack_keep 15 | | S attribute P Q
ack_secret 25 | |
ack_quoted 15 | | S attribute P Q
echo 30 | V | S attribute P Q
lookup 20 | | S attribute P Q
looked_up 25 | V | S attribute P Q
storelines 25 | S attribute V | P Q
stale 10 | | S attribute P Q
half 15 | | S attribute P Q
headings 15 | | S P Q
digressions 60 | | P Q
"""


def _act(line):
    name, must, may = line.split("|")
    act, least = name.split()
    return act, int(least), set(must.split()), set(may.split()) | {"N", "fill"}


ACTS = [_act(line) for line in _ACTS.strip().splitlines()]


def test_the_acts_are_these():
    assert set(grammar()) == {act for act, *_ in ACTS}


@pytest.mark.parametrize(("act", "least", "must", "may"), ACTS, ids=[act for act, *_ in ACTS])
def test_an_act_has_frames_with_what_it_takes_to_say_it(act, least, must, may):
    frames = grammar()[act]
    assert len(set(frames)) == len(frames) >= least
    holes = {frame: set(_HOLE.findall(frame)) for frame in frames}
    assert {frame: must - found for frame, found in holes.items() if must - found} == {}
    assert {frame: found - must - may for frame, found in holes.items() if found - must - may} == {}


def test_a_correction_says_the_new_value_in_one_way_or_another():
    assert [frame for frame in grammar()["explicit"] if not re.search(r"\{(c|V)\}", frame)] == []


def test_small_talk_is_plenty_and_of_two_or_four_turns():
    assert len(set(small_talk())) == len(small_talk()) >= 120
    assert {len(exchange) for exchange in small_talk()} == {2, 4}
    assert {h for exchange in small_talk() for turn in exchange for h in _HOLE.findall(turn)} <= {
        "N",
        "P",
        "Q",
        "fill",
    }


def test_every_list_of_words_in_a_frame_is_in_the_lexicon():
    texts = [*(f for frames in grammar().values() for f in frames), *(t for one in small_talk() for t in one)]
    assert {name for text in texts for name in re.findall(r"\{fill\.(\w+)\}", text)} <= set(lexicon().fill)


@pytest.fixture
def words():
    return Phrasebook(domain("clinic"), Draw("words"))


def fill(words, text, **more):
    return words.fill(text, Draw("fill"), **more)


def test_no_frame_comes_back_before_all_have_been_used(words):
    frames = grammar()["ack"]
    for _ in range(3):
        assert sorted(words.frame("ack") for _ in frames) == sorted(frames)


def test_frames_of_one_act_leave_those_of_another_as_they_were(words):
    other = Phrasebook(domain("clinic"), Draw("words"))
    for _ in range(5):
        other.frame("state")
    assert [words.frame("ack") for _ in range(9)] == [other.frame("ack") for _ in range(9)]


C = "the van takes 236 rolls"
BEGINNINGS = [
    ("{c}.", {"c": C}, "The van takes 236 rolls."),
    ("So {c}.", {"c": C}, "So the van takes 236 rolls."),
    ("Right. {c}.", {"c": C}, "Right. The van takes 236 rolls."),
    ("Right! ({c}.)", {"c": C}, "Right! (The van takes 236 rolls.)"),
    ('He said: "{c}."', {"c": C}, 'He said: "the van takes 236 rolls."'),
    ("Right? \"{c}.\"", {"c": C}, 'Right? "The van takes 236 rolls."'),
    ("One thing:\n{c}.", {"c": C}, "One thing:\nThe van takes 236 rolls."),
    ("Normally, {c}. {c}.", {"c": C}, "Normally, the van takes 236 rolls. The van takes 236 rolls."),
    # what's written with a small letter stays so: codes, paths, identifiers
    ("{S} is up.", {"S": "heron-ingest"}, "heron-ingest is up."),
    ("Right. {S} is up.", {"S": "heron-ingest"}, "Right. heron-ingest is up."),
    ("{c}.", {"c": "kuc5-NS90-bm opens it"}, "kuc5-NS90-bm opens it."),
    ("Right. {c}.", {"c": "etc/gate.yaml has it"}, "Right. etc/gate.yaml has it."),
    ("{c}.", {"c": "v1.2.3 is out"}, "v1.2.3 is out."),
    ("{S}'s fine, she said.", {"S": "ilse"}, "Ilse's fine, she said."),
    ("it's {V}.", {"V": "12:30"}, "It's 12:30."),
    ("  {c} ", {"c": C}, "The van takes 236 rolls"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "more", "made"), BEGINNINGS)
def test_a_sentence_begins_with_a_capital(words, text, more, made):
    assert fill(words, text, **more) == made


ENDINGS = [
    ("{c}.", "What a day!", "What a day!"),
    ("{c}.", "is it open?", "Is it open?"),
    ("{c}. Yes.", "he left.", "He left. Yes."),
    ("What else... {c}.", "he left", "What else... He left."),
    ("the order ... oh, {c}.", "forget it", "The order ... oh, forget it."),
    ("{c}.", "version 1.2.3", "Version 1.2.3."),
]


@pytest.mark.parametrize(("text", "clause", "made"), ENDINGS)
def test_a_sentence_ends_once(words, text, clause, made):
    assert fill(words, text, c=clause) == made


def test_a_line_that_a_program_prints_is_left_as_it_stands(words):
    text = "note: {S} ...... {V}\n{S}=on. done..\n\n  ok.\n"
    made = words.line(text, Draw(), S="the van", V="236 rolls")
    assert made == "note: the van ...... 236 rolls\nthe van=on. done..\n\n  ok.\n"


def test_a_clause_goes_into_a_frame_without_its_full_stop(words):
    assert words.clause(" {S} takes {V}. ", Draw(), S="the van", V="236 rolls") == "The van takes 236 rolls"
    assert words.clause("from May {S} takes it", Draw(), S="the van") == "from May the van takes it"


def test_a_sentence_of_its_own_has_a_full_stop_if_it_has_no_other_end(words):
    made = [words.sentence(text, Draw()) for text in ("he left", "he left.", "did he?", "he did!")]
    assert made == ["He left.", "He left.", "Did he?", "He did!"]


def test_words_come_from_the_settings_lists_and_the_lexicons(words):
    own = next(iter(domain("clinic").fill))
    assert words.clause(f"{{fill.{own}}}", Draw()) in domain("clinic").fill[own]
    assert words.clause("in {fill.town}", Draw()).removeprefix("in ") in lexicon().fill["town"]
    assert words.clause("{N}", Draw()) in "23456789"


def test_a_placeholder_for_which_there_is_nothing_is_an_error(words):
    with pytest.raises(KeyError, match="OLD"):
        fill(words, "it was {OLD}")


def test_saying_an_act_fills_its_next_frame_in(words):
    frame = Phrasebook(domain("clinic"), Draw("words")).frame("retract")
    made = words.say("retract", Draw(), S="the van", attribute="order", OLD="236 rolls")
    assert made == fill(words, frame, S="the van", attribute="order", OLD="236 rolls")
    assert "236 rolls" in made
