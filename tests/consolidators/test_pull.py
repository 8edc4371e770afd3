import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.consolidators.load import load_consolidator
from rembench.consolidators.pull import LOG, log_path, read_entries
from rembench.harness.errors import UserError
from rembench.harness.night import DeletionRequest, Message, Recaller, Session
from tests.consolidators.nights import STORE, consolidated, memories, night, session

SAID = (
    session(1, "Wood ash goes into the celadon glaze.", "Noted.", "Zsofi Barta's hearing test is on Tuesday."),
    session(2, "Zsofi Barta drives the van.", "The van, right.", "Kiln shelves cost 40 euros."),
)


def asking(*requests, at="2026-03-10T10:00:00Z", standing=False):
    return tuple(
        DeletionRequest(id=f"d{n}", at=at, request=request, standing=standing)
        for n, request in enumerate(requests)
    )


def after(memory, sessions=(), deletions=(), **options):
    spec = "pull" + "".join(f":{key}={value}" for key, value in options.items())
    return consolidated(spec, replace(night(memory=memory, sessions=sessions), deletions=deletions)).memory


def recalled(memory, query, options=""):
    made = load_consolidator(f"pull{options}").make()
    assert isinstance(made, Recaller)
    return asyncio.run(made.recall(memory, query))


def test_every_message_is_one_dated_line_with_session_and_speaker():
    assert after({}, SAID) == {
        LOG: (
            "- 2026-03-01T09:00:00Z s1 user: Wood ash goes into the celadon glaze.\n"
            "- 2026-03-01T09:00:00Z s1 assistant: Noted.\n"
            "- 2026-03-01T09:00:00Z s1 user: Zsofi Barta's hearing test is on Tuesday.\n"
            "- 2026-03-02T09:00:00Z s2 user: Zsofi Barta drives the van.\n"
            "- 2026-03-02T09:00:00Z s2 assistant: The van, right.\n"
            "- 2026-03-02T09:00:00Z s2 user: Kiln shelves cost 40 euros.\n"
        )
    }


def test_log_is_only_appended_to():
    first = after({}, SAID[:1])
    second = after(first, SAID[1:])
    assert second[LOG].startswith(first[LOG])
    assert second == after({}, SAID)


def test_what_is_handed_over_again_is_not_written_again():
    memory = after({}, SAID)
    assert after(memory, SAID) == memory


def test_other_files_stay_as_they_are():
    memory = after(STORE, SAID)
    assert {path: memory[path] for path in STORE} == STORE


def test_tools_output_is_logged_where_asked_for():
    talk = Session(
        id="s1", at="2026-03-01T09:00:00Z",
        messages=(Message(role="tool", content="shelf\n  12", name="ls"), Message(role="system", content="x")),
    )  # fmt: skip
    assert after({}, (talk,)) == {}
    assert after({}, (talk,), tools=True) == {LOG: "- 2026-03-01T09:00:00Z s1 tool: shelf 12\n"}


@pytest.mark.parametrize("there", ["memory", f"{LOG}/deep.md"])
def test_file_in_the_way_of_the_log_is_left_alone(there):
    memory = after({there: "- x\n"}, SAID[:1])
    assert memory[there] == "- x\n"
    assert log_path({there: ""}) == "memory-2/events.md"
    assert "celadon" in memory["memory-2/events.md"]


def test_file_of_that_name_that_is_no_log_is_written_on():
    memory = after({LOG: "# Mine\n\n- kept"}, SAID[:1])
    assert memory[LOG].startswith("# Mine\n\n- kept\n- 2026-03-01T09:00:00Z s1 user: Wood ash")


def test_request_takes_out_the_lines_that_it_concerns_and_no_other():
    memory = after(after({}, SAID), deletions=asking("Please delete Zsofi Barta's hearing test. Imre"))
    lines = memory[LOG].splitlines()
    assert "hearing" not in memory[LOG]
    assert len(lines) == 5
    assert "- 2026-03-02T09:00:00Z s2 user: Zsofi Barta drives the van." in lines


def test_request_takes_lines_out_of_every_file():
    store = {
        "a.md": "# Zsofi\n\n- the hearing test of Zsofi Barta\n- drives the van\n",
        "table.md": "| who | what |\n|---|---|\n| Zsofi Barta | hearing test |\n| Imre | kiln |\n",
        "b.yaml": "van: Zsofi\nhearing_test: Zsofi Barta's hearing test\n",
        "only.md": "Zsofi Barta's hearing test is on Tuesday.\n",
    }
    assert after(store, deletions=asking("Forget the hearing test of Zsofi Barta.")) == {
        "a.md": "# Zsofi\n\n- drives the van\n",
        "table.md": "| who | what |\n|---|---|\n| Imre | kiln |\n",
        "b.yaml": "van: Zsofi\n",
    }


def test_request_is_written_down_nowhere():
    memory = after(after({}, SAID), deletions=asking("Forget the hearing test of Zsofi Barta."))
    assert "Forget" not in str(memory)
    assert "d0" not in str(memory)


def test_standing_request_keeps_out_what_is_handed_over_again():
    wish = "Forget the hearing test of Zsofi Barta."
    memory = after(after({}, SAID), deletions=asking(wish))
    again = after(memory, SAID, asking(wish, standing=True))
    assert again == memory


def test_what_is_said_after_the_request_stays():
    wish = asking("Forget the hearing test of Zsofi Barta.", at="2026-03-01T12:00:00+01:00")
    later = session(1, "Zsofi Barta's hearing test is fine to note again.", at="2026-03-01T11:30:00Z")
    earlier = session(1, "Zsofi Barta's hearing test is private.", at="2026-03-01T10:59:00Z")
    memory = after({}, (earlier, later), wish)
    assert "again" in memory[LOG]
    assert "private" not in memory[LOG]


def test_last_line_on_the_only_matter_can_be_deleted():
    memory = after({}, SAID[:1])
    wishes = asking(
        "Delete the wood ash in the celadon glaze.", "Erase Zsofi Barta's hearing test.", "Delete noted."
    )
    assert after(memory, deletions=wishes) == {}


def test_request_that_names_nothing_that_is_there_deletes_nothing():
    memory = after(STORE, SAID)
    assert after(memory, deletions=asking("Delete the recipe for plum cake.", "Forget it.", "", "??")) == memory


@pytest.mark.parametrize(("match", "left"), [(1.0, 2), (0.2, 0)])
def test_share_that_a_line_must_hold_is_an_option(match, left):
    memory = {"a.md": "- Zsofi Barta\n- the hearing test of Zsofi\n- van\n"}
    wish = asking("Delete the hearing test of Zsofi Barta.")
    kept = after(memory, deletions=wish, match=match)["a.md"]
    assert kept.count("Zsofi") == left


def test_recall_brings_back_what_has_to_do_with_the_query_oldest_first():
    memory = after({"a.md": "- The van has 7 seats.\n"}, SAID)
    assert recalled(memory, "Who drives the van?") == (
        "- The van has 7 seats.\n"
        "- 2026-03-02 user: Zsofi Barta drives the van.\n"
        "- 2026-03-02 assistant: The van, right.\n"
    )


def test_recall_of_what_is_not_there_is_empty():
    memory = after({}, SAID)
    assert [recalled(memory, query) for query in ("plum cake", "", "the", "?!")] == [""] * 4
    assert recalled({}, "van") == ""


def test_recall_takes_the_nearest_lines_only():
    memory = {LOG: "".join(f"- 2026-03-01T09:00:00Z s1 user: shelf {n} is blue\n" for n in range(50))}
    assert len(recalled(memory, "shelf").splitlines()) == 20
    assert len(recalled(memory, "shelf", ":top=3").splitlines()) == 3
    assert recalled(memory, "shelf 31", ":top=1") == "- 2026-03-01 user: shelf 31 is blue\n"


def test_long_message_is_cut_to_the_sentences_that_matter():
    long = "I was late again today. " * 30 + "The van's code is 4471. " + "It rained all day long. " * 30
    memory = after({}, (session(1, long),))
    assert recalled(memory, "What's the code of the van?", ":words=12") == (
        "- 2026-03-01 user: The van's code is 4471.\n"
    )


@pytest.mark.parametrize(
    ("option", "error"),
    [
        ("top=0", "top=0; 1 or more"),
        ("words=0", "words=0"),
        ("match=0", "match=0; a share"),
        ("match=2", "match=2"),
    ],
)
def test_option_out_of_range_is_refused(option, error):
    with pytest.raises(UserError, match=error):
        load_consolidator(f"pull:{option}").make()


@settings(max_examples=100, deadline=None)
@given(memory=memories, query=st.text(max_size=40), limit=st.integers(1, 30))
def test_digest_never_has_more_words_than_allowed(memory, query, limit):
    asked = f"{query} word more"
    assert len(recalled(memory, asked, f":words={limit}").split()) <= limit


@settings(max_examples=100, deadline=None)
@given(memory=memories)
def test_entries_joined_are_the_file(memory):
    for path, text in memory.items():
        assert "".join(entry.raw for entry in read_entries(path, text)) == text
