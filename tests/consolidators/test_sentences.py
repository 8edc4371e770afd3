import pytest
from hypothesis import given, settings

from rembench.consolidators.sentences import (
    LONGEST,
    PATIENCE,
    SESSIONS_PATH,
    pieces,
    read_pool,
    sentences,
    sessions_path,
    write,
)
from rembench.harness.night import Message, Session
from tests.consolidators.nights import arbitrary_nights, memories, night, session


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One thing. Another thing!", ["One thing.", "Another thing!"]),
        ("Dr. Lipka comes at 5 p.m. on Monday.", ["Dr. Lipka comes at 5 p.m. on Monday."]),
        ('She said "no more." Then left.', ['She said "no more."', "Then left."]),
        ("Version 1.4.2 is out. see below", ["Version 1.4.2 is out. see below"]),
        ("- a bullet\n2. a number\n## a heading", ["a bullet", "a number", "a heading"]),
        ("Yes. 月曜日です。土は市場。", ["月曜日です。", "土は市場。"]),
        ("Thanks! OK", []),
        ("  two\t words \n\n", ["two words"]),
    ],
)
def test_text_is_split_into_sentences(text, expected):
    assert list(sentences(text)) == expected


def test_long_sentence_is_cut_at_a_space():
    cut = list(sentences("word " * 300))
    assert [len(c) <= LONGEST for c in cut] == [True] * len(cut)
    assert " ".join(cut) == ("word " * 300).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# T\n\n- a\n- b\n", ["# T\n", "\n- a\n", "- b\n"]),
        ("- a bullet\n  with more\n- b", ["- a bullet\n  with more\n", "- b"]),
        ("```\nx\n\ny\n```\nafter\n", ["```\nx\n\ny\n```\n", "after\n"]),
        ("|a|b|\n|-|-|\n|1|2|\nafter", ["|a|b|\n|-|-|\n|1|2|\n", "after"]),
        ("x: 1\ny: 2\n\n\n", ["x: 1\n", "y: 2\n\n\n"]),
        ("p" * 60 + "\nwrapped on\n", ["p" * 60 + "\nwrapped on\n"]),
    ],
)
def test_file_is_cut_into_pieces(text, expected):
    assert list(pieces(text)) == expected


@given(memory=memories)
@settings(deadline=None)
def test_store_in_full_is_the_store_again(memory):
    pool = read_pool(night(memory=memory, sessions=()), tools=False)
    assert write(pool.store) == memory


@given(given_night=arbitrary_nights)
@settings(deadline=None)
def test_what_was_written_is_no_news_on_the_next_night(given_night):
    pool = read_pool(given_night, tools=True)
    written = write(pool.statements)
    again = night(memory=written, sessions=given_night.sessions)
    assert read_pool(again, tools=True).news == ()


def test_dropped_line_takes_its_lonely_heading_along():
    pool = read_pool(night(memory={"a.md": "# A\n\n## B\n- x y\n\n## C\n- z\n"}), tools=False)
    kept = [s for s in pool.store if s.text == "z"]
    assert write(kept) == {"a.md": "# A\n\n## C\n- z\n"}


def test_new_sentences_join_the_section_of_their_date():
    memory = {SESSIONS_PATH: "## 2026-03-01\n- Old line here.\n\n## 2026-03-02\n- Later line here.\n"}
    pool = read_pool(
        night(memory=memory, sessions=(session(1, "New line here."), session(3, "Newest line."))),
        tools=False,
    )
    assert write(pool.statements)[SESSIONS_PATH] == (
        "## 2026-03-01\n- Old line here.\n- New line here.\n\n"
        "## 2026-03-02\n- Later line here.\n\n## 2026-03-03\n- Newest line.\n"
    )


def test_structured_file_is_kept_or_dropped_whole():
    pool = read_pool(night(memory={"a.yaml": "# c\nx: 1\ny: 2\n"}), tools=False)
    assert [s.raw for s in pool.store] == ["# c\nx: 1\ny: 2\n"]


def test_tool_output_is_read_only_on_demand_and_system_messages_never():
    roles = ("user", "assistant", "tool", "system")
    messages = tuple(Message(role=r, content=f"Spoken by {r}.") for r in roles)
    given_night = night(sessions=(Session(id="s1", at="2026-03-01T09:00:00Z", messages=messages),))
    assert [s.role for s in read_pool(given_night, tools=False).news] == ["user", "assistant"]
    assert [s.role for s in read_pool(given_night, tools=True).news] == ["user", "assistant", "tool"]


def test_file_in_the_way_moves_the_sessions_elsewhere():
    assert sessions_path({"memory": "x"}) == "memory-2/sessions.md"
    assert sessions_path({f"{SESSIONS_PATH}/x.md": ""}) == "memory-2/sessions.md"


def test_statement_that_does_not_fit_is_passed_over():
    pool = read_pool(night(memory={"a.md": "- one two three four five\n- six\n"}), tools=False)
    assert pool.fill(pool.store, 2) == {"a.md": "- six\n"}


def test_search_ends_when_the_memory_is_full():
    said = " ".join(f"Clay is in box {n}." for n in range(1000))
    pool = read_pool(night(memory={}, sessions=(session(1, said),)), tools=False)
    order = iter(pool.news)
    pool.fill(order, 40)
    kept_at_least = 2
    assert len(list(order)) <= 1000 - PATIENCE - kept_at_least
    assert len(pool.fill(pool.news, 40)[SESSIONS_PATH].splitlines()) >= kept_at_least
