"""The patcher: bounded changes of files, by a model that sees no session."""

import asyncio
import json
from pathlib import Path

import pytest

from rembench.consolidators.load import load_consolidator
from rembench.consolidators.patcher import Patcher
from rembench.consolidators.patches import Call, Desk, read_calls
from rembench.harness.errors import UserError
from rembench.harness.night import InvalidOutputError, ProviderError
from tests.consolidators.nights import STORE, night

MODEL = f"{Path(__file__).with_name('patching_model.py')}:Patching"


def patched(script: list, given=None, **options):
    """What a patcher makes of a night when its model says these things in turn."""
    made = Patcher(provider=f"{MODEL}:script={json.dumps(script)}", **options)
    done = asyncio.run(made.consolidate(given or night()))
    return done, made._provider.asked


def calls(*made: tuple[str, str, str, str]) -> str:
    return json.dumps({"calls": [dict(zip(("tool", "path", "old", "new"), one, strict=True)) for one in made]})


NONE = calls()


def test_nothing_to_change_leaves_the_memory_and_says_so():
    done, asked = patched([NONE])
    assert done.memory == STORE
    assert done.trace == ("nothing was to be changed",)
    assert len(asked) == 1
    assert done.usage.calls == 1


def test_patch_and_write_change_files_until_no_call_is_made():
    first = calls(("patch", "user/profile.md", "City: Pecs", "City: Vienna"), ("write", "new.md", "", "- x\n"))
    done, asked = patched([first, calls(("write", "notes.json", "", "")), NONE])
    assert "City: Vienna" in done.memory["user/profile.md"]
    assert done.memory["new.md"] == "- x\n"
    assert "notes.json" not in done.memory
    assert "City: Vienna" in asked[1].prompt
    assert "patch user/profile.md: done" in asked[1].prompt
    assert done.usage.usd == 0.75


def test_sessions_are_not_shown():
    _, asked = patched([NONE])
    assert "Mondays" not in asked[0].prompt
    assert "Forget my shelf." in asked[0].prompt


def test_logs_are_neither_shown_nor_changed():
    memory = {"logs/march.md": "- private\n", "a/log/x.md": "- private\n", "a.md": "- y\n", "b.log": "private"}
    done, asked = patched(
        [calls(("write", "logs/march.md", "", "gone"), ("write", "a.md", "", ""))], night(memory), rounds=1
    )
    assert "private" not in asked[0].prompt
    assert done.memory == {k: v for k, v in memory.items() if k != "a.md"}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (Call("patch", "a.md", "z", "q"), "0 times"),
        (Call("patch", "a.md", "x", "q"), "2 times"),
        (Call("patch", "a.md", "", "q"), "no old text"),
        (Call("patch", "no.md", "x", "q"), "no such file"),
        (Call("write", "../a.md", "", "q"), "path isn't valid"),
        (Call("write", "a.md/b", "", "q"), "folder"),
        (Call("rm", "a.md", "", ""), "no such tool"),
        (Call("write", "a.md", "", "one two three four five six"), "more than the 5 left"),
    ],
)
def test_call_that_cannot_be_done_says_why_and_changes_nothing(call, says):
    desk = Desk(files={"a.md": "x x\n"}, calls=3, tokens=5, log=[])
    assert says in desk.carry_out(call)
    assert desk.files == {"a.md": "x x\n"}
    assert desk.tokens == 5


def test_calls_stop_at_their_limit():
    done, asked = patched([calls(*[("write", f"{n}.md", "", "x") for n in range(5)])], night({}), most_calls=2)
    assert set(done.memory) == {"0.md", "1.md"}
    assert len(asked) == 1


@pytest.mark.parametrize("text", ["", "no", "[]", '{"calls": 1}', '{"calls": [1]}', '{"calls": [{"tool": 1}]}'])
def test_reply_of_another_shape_is_invalid_output_with_its_cost(text):
    with pytest.raises(InvalidOutputError) as raised:
        patched([calls(("write", "a", "", "x")), text])
    assert raised.value.usage.calls == 2


def test_failure_of_the_model_keeps_its_type_and_the_cost_of_earlier_rounds():
    with pytest.raises(ProviderError) as raised:
        patched([calls(("write", "a", "", "x")), {"fails": "down"}])
    assert raised.value.usage.calls == 2


def test_missing_fields_of_a_call_are_empty():
    assert read_calls({"calls": [{"tool": "write", "path": "a"}]}) == [Call("write", "a", "", "")]


def test_options_out_of_range_are_refused():
    with pytest.raises(UserError, match="rounds=0"):
        Patcher(provider=MODEL, rounds=0)
    with pytest.raises(UserError, match="unknown provider 'gpt'"):
        Patcher(provider="gpt:model=x")


def test_provider_with_options_is_one_option_of_the_spec():
    loaded = load_consolidator(f"rembench.consolidators.patcher:Patcher:provider={MODEL}:script=[],rounds=2")
    assert loaded.options["rounds"] == "2"
    assert loaded.capabilities.transcript == "none"


def test_key_as_an_option_of_the_provider_is_refused_and_not_repeated():
    with pytest.raises(UserError, match="environment") as raised:
        Patcher(provider=f"{MODEL}:script=[],api_key=sk-marked-0123456789")
    assert "sk-marked" not in str(raised.value)
