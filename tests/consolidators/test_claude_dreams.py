import asyncio
import re
from dataclasses import replace

import pytest

from rembench.consolidators.claude_dreams import ClaudeDreams
from rembench.consolidators.load import load_consolidator
from rembench.consolidators.wording import system_prompt
from rembench.harness.errors import UserError
from rembench.harness.night import FREE, DeletionRequest, InvalidOutputError, ProviderError
from rembench.testing import DreamEnd, Dreams, FakeService, Fault, Sessions
from tests.consolidators.dreaming import KEY, Notes, dreams, dreamt, noted, takes_notes, what_is_there
from tests.consolidators.nights import STORE, session

pytestmark = pytest.mark.usefixtures("marked_key")


def test_two_nights_write_what_the_dreams_wrote_and_leave_nothing():
    ledgers = Notes(), Notes()
    later = noted(ledgers[1], id="c2", sessions=(session(3, "The kiln is sold.", "Noted."),), deletions=())
    with FakeService(Dreams(takes_notes)) as service:
        first, second = dreamt(dreams(service), noted(ledgers[0]), later)
        assert first.memory == {
            **STORE,
            "log/dreams.md": "- transcript of 437 characters\n- transcript of 328 characters\n"
            "- transcript of 167 characters\n",
        }
        assert second.memory["log/dreams.md"].startswith(first.memory["log/dreams.md"])
        assert len(second.memory["log/dreams.md"].splitlines()) == 4
        assert what_is_there(service) == set()
        assert [ledger.left for ledger in ledgers] == [set(), set()]
        assert len(service.asked.to("POST /v1/dreams")) == 2
        output = service.family(Dreams).dreams["drm_0001"].about["outputs"][0]["memory_store_id"]
        assert len(service.asked.to(f"GET /v1/memory_stores/{output}/memories")) == 2


def test_the_dream_is_given_the_memory_the_sessions_and_the_wishes():
    seen = []
    given = noted(instructions="Keep the prices.", write_budget=500)

    def write(memory, transcripts, instructions):
        seen.append((dict(memory), list(transcripts), instructions))
        return memory

    with FakeService(Dreams(write)) as service:
        dreamt(dreams(service, style="reflection", model="claude-opus-5"), given)
        (order,) = service.asked.bodies("POST /v1/dreams")
    ((memory, transcripts, instructions),) = seen
    assert memory == STORE
    assert [
        message.content in text for one in given.sessions for text in transcripts for message in one.messages
    ] == ([True] * 3 + [False] * 6 + [False] * 2 + [True] * 2 + [False] * 2)
    assert "Forget my shelf." in transcripts[2]
    assert instructions.startswith(system_prompt("reflection"))
    assert "For tonight: Keep the prices." in instructions
    assert "at most 500 tokens" in instructions
    assert "shelf" not in instructions
    assert order["model"] == "claude-opus-5"


def test_an_agent_without_tools_answers_the_replays_and_sees_no_memory():
    with FakeService() as service:
        dreamt(dreams(service, replay_model="claude-haiku-4-5"), noted())
        (agent,) = service.asked.bodies("POST /v1/agents")
        sessions = service.asked.bodies("POST /v1/sessions")
    assert (agent["model"], agent["tools"]) == ("claude-haiku-4-5", [])
    assert "OK" in agent["system"]
    assert len(sessions) == 3
    assert all("resources" not in one for one in sessions)


def test_the_cost_is_that_of_the_replays_and_of_the_dream():
    with FakeService(Dreams(takes_notes)) as service:
        (made,) = dreamt(dreams(service), noted())
    # replays (haiku-5-5, 0.10 and 0.50 $/M): 161 + 134 + 93 tokens in, three times OK out: 0.0000403 $
    # dream (sonnet-5: 2, 10, read 0.20, 1 h write 4 $/M): 30 in, 600 out, 524 read, 262 written: 0.0072128 $
    # hours: the dream's session ran 60 s, each replay 3 s: 69 / 3600 * 0.08 $ = 0.0015333 $
    assert made.usage.usd == pytest.approx(0.0000403 + 0.0072128 + 0.0015333, abs=1e-7)
    assert (made.usage.input_tokens, made.usage.output_tokens) == (161 + 134 + 93 + 30, 3 + 600)
    assert (made.usage.cache_read_tokens, made.usage.cache_write_tokens) == (524, 262)
    assert made.usage.calls == 4


def test_a_model_without_a_price_has_an_unknown_cost():
    with FakeService() as service:
        (made,) = dreamt(dreams(service, model="claude-unheard-of"), noted())
    assert made.usage.usd is None
    assert made.usage.output_tokens == 603


def test_where_the_hours_of_a_dream_cannot_be_read_its_cost_is_unknown():
    with FakeService(Dreams(takes_notes)) as service:
        service.fail("GET /v1/sessions/{id}", Fault.answer(403, "not yours"))
        (made,) = dreamt(dreams(service), noted())
    assert made.usage.usd is None
    assert made.usage.output_tokens == 603
    assert any("so the cost is unknown: 403: not yours" in line for line in made.trace)


def test_the_trace_tells_what_the_dream_did():
    with FakeService(Dreams(takes_notes)) as service:
        (made,) = dreamt(dreams(service), noted())
    assert 'agent.tool_use write {"path": "/log/dreams.md"}' in made.trace
    assert "dream drm_0001 completed" in made.trace
    assert sum(line.startswith("usage of sesn_") for line in made.trace) == 4
    assert not any("\n" in line for line in made.trace)


def test_a_long_dream_has_a_bounded_trace():
    def many(memory, *_):
        return {f"f{n}.md": "x" for n in range(400)}

    with FakeService(Dreams(many)) as service:
        (made,) = dreamt(dreams(service), noted())
    assert len(made.memory) == 400
    assert "and further events" in made.trace
    assert len(made.trace) < 320


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (DreamEnd(status="failed", error="timeout", message="took too long"), "failed: timeout: took too long"),
        (
            DreamEnd(status="failed", error="memory_store_org_limit_exceeded", output=False),
            "org_limit_exceeded",
        ),
        (DreamEnd(status="canceled"), "drm_0001 canceled"),
        (DreamEnd(output=False), "names no output"),
    ],
)
def test_a_dream_that_is_not_complete_is_never_read_and_its_cost_is_known(end, says):
    ledger = Notes()
    with FakeService(Dreams(takes_notes, ends=[end])) as service:
        with pytest.raises(ProviderError, match=says) as caught:
            dreamt(dreams(service), noted(ledger))
        assert what_is_there(service) == ledger.left == set()
        assert not [path for path in service.asked.paths if path.startswith("GET /v1/memory_stores/")]
    assert caught.value.usage.calls == 4
    assert caught.value.usage.usd > 0


def test_an_output_that_is_no_memory_is_invalid():
    def both(*_):
        return {"notes": "a file", "notes/today.md": "in the folder of that name"}

    with FakeService(Dreams(both)) as service:
        with pytest.raises(InvalidOutputError, match="both a file and the folder"):
            dreamt(dreams(service), noted())
        assert what_is_there(service) == set()


def test_an_empty_output_store_is_an_empty_memory():
    with FakeService(Dreams(lambda *_: {})) as service:
        assert dreamt(dreams(service), noted())[0].memory == {}


@pytest.mark.parametrize("status", [400, 403, 404])
def test_without_the_preview_every_night_says_so_in_one_line_and_makes_nothing(status):
    with FakeService() as service:
        service.family(Dreams).refused = status
        consolidator = dreams(service)
        for given in (noted(), noted(id="c2")):
            with pytest.raises(ProviderError, match="Dreams aren't enabled for this key: ") as caught:
                dreamt(consolidator, given)
            assert "\n" not in str(caught.value)
            assert caught.value.usage == FREE
            consolidator = dreams(service)
        assert set(service.asked.paths) == {"GET /v1/dreams"}


def test_the_preview_is_asked_for_once_by_all_nights():
    with FakeService() as service:
        dreamt(dreams(service), noted(), noted(id="c2"))
        assert len(service.asked.to("GET /v1/dreams")) == 1


def test_an_address_with_a_password_is_refused_before_anything_is_begun():
    with pytest.raises(UserError, match="more in it than an address") as caught:
        ClaudeDreams(base_url="http://me:marked@127.0.0.1")
    assert "marked" not in str(caught.value)


def test_what_is_sent_along_in_headers_is_in_no_failure(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "X-Gateway: marked-0123456789")
    with FakeService() as service:
        service.fail("GET /v1/dreams", Fault.answer(403, "marked-0123456789 isn't known"))
        with pytest.raises(ProviderError, match=r"\*\*\* isn't known"):
            dreamt(dreams(service), noted())


def test_a_wrong_key_is_said_without_the_key():
    with FakeService(keys={"another"}) as service, pytest.raises(ProviderError, match="401") as caught:
        dreamt(dreams(service), noted())
    assert KEY not in str(caught.value)


def test_without_a_key_or_with_senseless_seconds_nothing_is_begun(monkeypatch):
    with pytest.raises(UserError, match="poll=0"):
        ClaudeDreams(poll=0)
    with pytest.raises(UserError, match="most_wait"):
        ClaudeDreams(most_wait=-1)
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    with pytest.raises(UserError, match="ANTHROPIC_API_KEY"):
        ClaudeDreams()
    assert (
        load_consolidator("rembench.consolidators.claude_dreams:ClaudeDreams").capabilities.patience == 14_400
    )


@pytest.mark.parametrize(
    ("memory", "says"),
    [
        ({"a.md": "é" * 51_201}, "102402 bytes"),
        ({"/".join("abcdefghijklmnopqrstu"): "x"}, "20 parts"),
        ({"e\u0301.md": "x"}, "Form C"),
        ({"a\u200bb.md": "x"}, "format character"),
        ({"é" * 250 + "/" + "漢" * 250 + ".md": "x"}, "1024 bytes"),
        ({f"f{n}.md": "" for n in range(2001)}, "2001 files"),
    ],
)
def test_a_memory_that_no_store_can_hold_is_refused_before_anything_is_made(memory, says):
    with FakeService() as service:
        with pytest.raises(ProviderError, match=says) as caught:
            dreamt(dreams(service), noted(memory=memory))
        assert set(service.asked.paths) == {"GET /v1/dreams"}
    assert caught.value.usage == FREE


def test_instructions_that_are_too_long_are_refused_before_anything_is_made():
    with FakeService() as service:
        with pytest.raises(ProviderError, match="a dream takes 4096"):
            dreamt(dreams(service), noted(instructions="x" * 4000))
        assert set(service.asked.paths) == {"GET /v1/dreams"}


def test_odd_texts_arrive():
    odd = noted(
        memory={"empty.md": "", "файл/笔记.md": "- Имя: Ольга\r\n\u2028x"},
        sessions=(session(1, "窯は月曜日です 🫖", "ok\0\ud800 then"), session(2)),
    )
    with FakeService(Dreams(takes_notes)) as service:
        (made,) = dreamt(dreams(service), odd)
        bodies = service.asked.bodies("POST /v1/sessions")
    assert {path: made.memory[path] for path in odd.memory} == odd.memory
    assert "窯は月曜日です 🫖" in str(bodies[0])
    assert "ok then" in str(bodies[0])


def test_more_than_100_sessions_are_packed_into_100():
    many = tuple(session(n % 28 + 1, f"It's number {n}.") for n in range(250))
    seen = []

    def write(memory, transcripts, _):
        seen.extend(transcripts)
        return memory

    with FakeService(Dreams(write), Sessions(page=50)) as service:
        dreamt(dreams(service), noted(sessions=many, deletions=()))
        (order,) = service.asked.bodies("POST /v1/dreams")
        assert what_is_there(service) == set()
    assert len(order["inputs"][1]["session_ids"]) == 100
    found = [
        text.index(f"It's number {n}.\n") for n in range(250) for text in seen if f"It's number {n}.\n" in text
    ]
    assert len(found) == 250


@pytest.mark.parametrize(
    "deletions",
    [(), (DeletionRequest(id="d1", at="2026-01-01T00:00:00Z", request="Forget it.", standing=True),)],
)
def test_a_night_with_nothing_new_asks_nothing_and_changes_nothing(deletions):
    with FakeService() as service:
        (made,) = dreamt(dreams(service), noted(sessions=(), deletions=deletions))
        assert len(service.asked) == 0
    assert (made.memory, made.usage) == (STORE, FREE)


def test_a_night_of_instructions_alone_still_dreams():
    with FakeService(Dreams(takes_notes)) as service:
        (made,) = dreamt(dreams(service), noted(sessions=(), deletions=(), instructions="Tidy up."))
    assert made.memory["log/dreams.md"] == "- transcript of 56 characters\n"


@pytest.mark.parametrize("end", ["refusal", "budget_reached"])
def test_what_the_agent_of_a_replay_makes_of_it_does_not_matter(end):
    with FakeService(Dreams(takes_notes), Sessions(ends=[end])) as service:
        assert "log/dreams.md" in dreamt(dreams(service), noted())[0].memory


@pytest.mark.parametrize("end", ["retries_exhausted", "terminated"])
def test_a_replay_that_breaks_off_fails_the_night_before_the_dream(end):
    with FakeService(Sessions(ends=[end])) as service:
        with pytest.raises(ProviderError, match=end):
            dreamt(dreams(service), noted())
        assert not service.asked.to("POST /v1/dreams")
        assert what_is_there(service) == set()


def test_what_takes_too_long_is_given_up_and_removed():
    with FakeService(Dreams(looks=10**6), Sessions(looks=0, page=50)) as service:
        with pytest.raises(ProviderError, match="isn't over after"):
            dreamt(dreams(service, most_wait=0.5), noted())
        assert service.family(Dreams).dreams["drm_0001"].about["status"] == "canceled"
        assert what_is_there(service) == set()
    with FakeService(Sessions(looks=10**6)) as service:
        with pytest.raises(ProviderError, match="the replay isn't through"):
            dreamt(dreams(service, most_wait=0.05), noted())
        assert what_is_there(service) == set()


def test_the_output_is_read_only_when_it_is_complete():
    with FakeService(Dreams(takes_notes, looks=3)) as service:
        (made,) = dreamt(dreams(service), noted())
        paths = service.asked.paths
    first_read = next(i for i, path in enumerate(paths) if path.startswith("GET /v1/memory_stores/"))
    # three phases of three looks each, and the look that shows the end
    assert paths[:first_read].count("GET /v1/dreams/drm_0001") == 10
    assert "half-written.md" not in made.memory


def test_nights_side_by_side_do_not_mix():
    given = [
        replace(noted(memory={f"{n}.md": str(n)}), chain=f"chain-{n}", sessions=(session(n, f"Number {n}"),))
        for n in range(1, 6)
    ]

    async def run(consolidator):
        try:
            return await asyncio.gather(*(consolidator.consolidate(one) for one in given))
        finally:
            await consolidator.aclose()

    def write(memory, transcripts, _):
        ((path, number),) = memory.items()
        return {path: str([f"Number {number}" in text for text in transcripts])}

    with FakeService(Dreams(write)) as service:
        made = asyncio.run(run(dreams(service)))
        assert what_is_there(service) == set()
    assert [one.memory for one in made] == [{f"{n}.md": "[True, False]"} for n in range(1, 6)]


def test_a_store_says_at_the_service_whose_it_is():
    with FakeService() as service:
        dreamt(dreams(service), noted())
        (store,) = service.asked.bodies("POST /v1/memory_stores")
    tags = store["metadata"]
    assert (tags["rembench"], tags["chain"], tags["night"]) == ("claude-dreams", "chain-1", "c1")


def test_nothing_that_a_dream_may_see_tells_that_it_is_measured():
    with FakeService() as service:
        dreamt(dreams(service), noted())
        (store,) = service.asked.bodies("POST /v1/memory_stores")
        sessions = service.asked.bodies("POST /v1/sessions")
        (order,) = service.asked.bodies("POST /v1/dreams")
    seen = [store["name"], store["description"], order["instructions"], *(one["title"] for one in sessions)]
    assert not [text for text in seen if re.search("bench|replay|chain|eval", text, re.I)]
    assert [one["title"] for one in sessions] == ["Session 1", "Session 2", "Session 3"]


@pytest.mark.parametrize("url", ["nonsense", "http://kim:secret@127.0.0.1:9", "http://127.0.0.1:9/v1"])
def test_an_address_that_is_none_or_holds_a_password_is_refused(url):
    with pytest.raises(UserError, match="base_url") as caught:
        ClaudeDreams(base_url=url)
    assert "secret" not in str(caught.value)


def test_a_key_with_characters_that_no_key_has_is_refused(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "two\nlines-of-a-key")
    with pytest.raises(UserError, match="ANTHROPIC_API_KEY"):
        ClaudeDreams()


@pytest.mark.parametrize("page", ["<html>busy</html>", [], 3])
def test_an_answer_that_is_no_object_is_trouble_of_the_service(page):
    with FakeService() as service:
        service.fail("/v1/dreams", *[Fault.answer(200, body=page)] * 9)
        with pytest.raises(ProviderError):
            dreamt(dreams(service), noted())
