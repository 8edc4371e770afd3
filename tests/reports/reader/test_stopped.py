"""Which questions stopped finding their answer: when, and what the memory says there."""

from dataclasses import replace

from rembench.harness.answers.evidence import ReadChain
from rembench.harness.reader.reply import Answer
from rembench.reports.reader.stopped import counted, stopped
from tests.metrics.evidence import chain, planted


def read(answers, *, sessions=None, written=None, expected="held held held held", kind="fact"):
    """A chain of one item: what's conveyed night by night by both sorts of answers and by the memory."""

    def made(found):
        return chain(planted("city", kind, f"{expected} > {found}"))

    return ReadChain(
        reader="it", memory=made(answers), sessions=made(sessions or expected.replace("-", "absent")),
        written=made(written or answers), answers={("c3", "city"): Answer("not known")}, from_sessions={},
    )  # fmt: skip


def one(*asked, **more):
    (found,) = stopped([read(*asked, **more)])
    return found


def test_a_question_stops_at_the_first_night_that_is_wrong_after_a_right_one():
    found = one("absent held absent absent")
    assert (found.first, found.night, found.checkpoint, found.again) == (2, 3, "c3", None)
    assert (found.consolidator, found.scenario, found.item.id, found.answer) == (
        "it",
        "small",
        "city",
        "not known",
    )


def test_it_may_be_found_again():
    assert one("held absent absent held").again == 4


def test_what_was_never_found_or_never_lost_has_not_stopped():
    assert list(stopped([read("absent absent absent absent"), read("absent held held held")])) == []


def test_no_verdict_is_neither_found_nor_lost():
    assert list(stopped([read("held ? ? held")])) == []
    assert one("held ? absent held").night == 3


def test_the_memory_tells_whether_it_is_there_and_the_sessions_whether_it_could_be_known():
    found = one("held absent held held", written="held held held held", sessions="held absent held held")
    assert [(said.word, said.is_right) for said in found.memory] == [("kept", True)]
    assert found.told_by_sessions is False
    found = one("held absent held held", written="held ? held held", sessions="held ? held held")
    assert [(said.word, said.is_right) for said in found.memory] == [("no verdict", None)]
    assert found.told_by_sessions is None


def test_what_has_changed_is_said_to_have():
    changed = chain(planted("job", "update", "held retired > held held", "- held > absent absent"))
    found = replace(read("held held held held"), memory=changed, sessions=changed, written=changed, answers={})
    (only,) = stopped([found])
    assert (only.night, only.is_changed, only.answer) == (2, True, None)
    assert [said.word for said in only.memory] == ["stale", "lost"]
    assert not one("held absent held held").is_changed


def test_all_questions_are_counted():
    # found: 3 of 4; stopped: 2, at nights 2 and 3, one of them found again; the sessions tell one of them
    chains = [
        read("held absent held held"),
        read("held held absent absent", sessions="held held absent held"),
        read("held held held held"),
        read("absent absent absent absent"),
    ]
    found = counted(chains, list(stopped(chains)))
    assert (found.asked, found.found, found.stopped, found.again) == (4, 3, 2, 1)
    assert (found.unchanged, found.told_by_sessions, found.by_night) == (2, 1, {2: 1, 3: 1})


def test_where_nothing_is_to_be_told_nothing_stops():
    chains = [read("held absent held held", expected="retired absent - -")]
    assert (counted(chains, ()).asked, list(stopped(chains))) == (0, [])
