"""One contract for every way to a model: the same night, the same memory; what it cost, and no key anywhere.

All talk to the fake service, with their SDKs checking every reply by its types. The model behind it knows what
the memory is to be, and says it in whatever way it's asked.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from rembench.consolidators.claude import Claude
from rembench.consolidators.load import load_consolidator
from rembench.consolidators.rewriter import as_json
from rembench.harness.memory import check_memory
from rembench.harness.night import (
    Closer,
    Consolidation,
    ConsolidatorError,
    CutOffError,
    Night,
    RefusalError,
    Usage,
)
from rembench.harness.providers.claude.messages import ClaudeMessages
from rembench.harness.providers.openai_compatible.chat import OpenAIChat
from rembench.testing import Batches, Dreams, FakeService, Fault, Prompt, Said
from tests.consolidators.nights import STORE, night

OLD, CHANGED = "fires on Fridays", "fires on Mondays from April"
NEW = {
    "notes.json": STORE["notes.json"],
    "user/profile.md": STORE["user/profile.md"].replace(OLD, CHANGED),
    "user/clay.md": "- Clay comes from Lipka & Sons\n",
}


def writes(prompt: Prompt) -> Said:
    """The new memory, in the way that's asked for: as files, as patches, or by the memory tool."""
    wanted = json.dumps(prompt.schema or {})
    if '"files"' in wanted:
        return Said.json(json.loads(as_json(NEW)))
    changed = {path: text for path, text in NEW.items() if STORE.get(path) != text}
    if '"calls"' in wanted:
        if "What came of your calls" in prompt.turns[-1].text:
            return Said.json({"calls": []})
        calls = [{"tool": "write", "path": path, "old": "", "new": text} for path, text in changed.items()]
        return Said.json({"calls": calls})
    if prompt.replies < len(changed):
        path, text = list(changed.items())[prompt.replies]
        path = f"/memories/{path}"
        if path.removeprefix("/memories/") in STORE:
            return Said.call("memory", command="str_replace", path=path, old_str=OLD, new_str=CHANGED)
        return Said.call("memory", command="create", path=path, file_text=text)
    return Said(text="Done.")


@dataclass(frozen=True)
class Way:
    """One way to a model; `place` is where its main request goes."""

    spec: str
    place: str
    sees: Callable[[Night], str] = lambda given: given.sessions[0].messages[0].content


HAIKU = "model=claude-haiku-5-5"


def of_memory(_: Night) -> str:
    """What the patcher is shown of the night."""
    return "Potter, fires on Fridays"


WAYS = {
    "claude": Way(f"claude:{HAIKU}", "/v1/messages"),
    "claude wrapped": Way(f"claude:{HAIKU},transcript=wrapped", "/v1/messages"),
    "claude tools": Way(f"claude:{HAIKU},mode=tools", "/v1/messages"),
    "claude batch": Way(f"claude:{HAIKU},batch=true,window=0.01,poll=0.01", "/v1/messages/batches"),
    "claude-dreams": Way("claude-dreams:poll=0.01", "/v1/dreams"),
    "openai": Way("openai:model=gpt-6-luna", "/v1/chat/completions"),
    "openai elsewhere": Way("openai:model=any,base_url={url}/v1", "/v1/chat/completions"),
    "vllm": Way("vllm:model=any,url={url}", "/v1/chat/completions"),
    "patcher": Way(f"patcher:provider=anthropic,{HAIKU}", "/v1/messages", of_memory),
    "patcher elsewhere": Way(
        "patcher:provider=openai,model=any,base_url={url}/v1", "/v1/chat/completions", of_memory
    ),
}
every = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@pytest.fixture
def service(monkeypatch, marked_key):
    """The fake service, where the environment leads both SDKs, which check all of its replies."""
    dreams = Dreams(write=lambda memory, transcripts, instructions: NEW)
    with FakeService(dreams, Batches(polls=2), model=writes) as fake:
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY"):
            monkeypatch.setenv(name, marked_key)
        for made in (Claude, ClaudeMessages, OpenAIChat):
            monkeypatch.setattr(made, "strict", True)
            monkeypatch.setattr(made, "pause", 0.001)
        yield fake


def consolidated(service: FakeService, way: Way, given: Night | None = None) -> Consolidation:
    """What one consolidator makes of one night, its connections closed again."""

    async def run() -> Consolidation:
        made = load_consolidator(way.spec.format(url=service.url)).make(None)
        try:
            return await made.consolidate(given or night())
        finally:
            if isinstance(made, Closer):
                await made.aclose()

    return asyncio.run(run())


@every
def test_same_night_same_memory(service, way):
    made = consolidated(service, way)
    assert dict(check_memory(made.memory)) == NEW


@every
def test_night_is_shown_and_no_name_of_it(service, way):
    consolidated(service, way)
    sent = json.dumps([asked.body for asked in service.asked if asked.body], ensure_ascii=False)
    assert way.sees(night()) in sent


@every
def test_cost_is_what_the_service_billed(service, way):
    usage = consolidated(service, way).usage
    if "dreams" in way.spec:
        assert usage.calls
        return
    billed = service.billed.total
    names = ("calls", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
    assert {n: getattr(usage, n) for n in names} == {n: getattr(billed, n) for n in names}
    assert (usage.usd is None) == ("model=any" in way.spec)


@every
def test_service_that_is_overloaded_for_a_moment_costs_a_call_and_nothing_else(service, way):
    service.fail(way.place, Fault.overloaded(), Fault.rate_limited())
    assert dict(consolidated(service, way).memory) == NEW
    assert not service.faults_left


FAULTS = {
    "down": [Fault.broken()] * 9,
    "overloaded": [Fault.overloaded()] * 9,
    "busy": [Fault.rate_limited()] * 9,
    "conflict": [Fault.conflict()] * 9,
    "no": [Fault.answer(400, "not like this")] * 9,
    "nobody": [Fault.dropped()] * 9,
}


@every
@pytest.mark.parametrize("fault", FAULTS)
def test_failure_is_typed_costs_what_it_cost_and_says_no_key(service, way, fault, marked_key):
    service.fail(way.place, *FAULTS[fault])
    with pytest.raises(ConsolidatorError) as raised:
        consolidated(service, way)
    assert marked_key not in str(raised.value)
    assert isinstance(raised.value.usage, Usage)


@every
def test_wrong_key_is_said_without_it(service, way, marked_key):
    service.keys = {"another"}
    with pytest.raises(ConsolidatorError) as raised:
        consolidated(service, way)
    assert marked_key not in str(raised.value)
    assert "\n" not in str(raised.value)


ASKED = {name: way for name, way in WAYS.items() if name not in ("claude-dreams", "claude batch")}


@pytest.mark.parametrize("way", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [(Fault.refused(), RefusalError), (Fault.truncated(), CutOffError)],
    ids=["refused", "cut"],
)
def test_refusal_and_cut_off_have_their_type_and_are_paid_for(service, way, fault, kind):
    service.fail(way.place, *[fault] * 9)
    with pytest.raises(kind) as raised:
        consolidated(service, way)
    assert raised.value.usage.output_tokens == service.billed.total.output_tokens
    assert raised.value.usage.calls == service.billed.total.calls


@every
def test_cancelled_night_leaves_nothing_open(service, way):
    async def run() -> None:
        made = load_consolidator(way.spec.format(url=service.url)).make(None)
        service.fail(way.place, Fault.stalled(30))
        task = asyncio.ensure_future(made.consolidate(night()))
        while not service.asked.to(way.place):
            await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        if isinstance(made, Closer):
            await made.aclose()

    asyncio.run(run())
