"""Claude edits the memory with the memory tool: what's left in it, what it cost, and when it's no memory."""

from dataclasses import replace
from itertools import pairwise

import pytest

from rembench.harness.night import BudgetError, CutOffError, InvalidOutputError, ProviderError, RefusalError
from rembench.testing import Call, Fault, Messages, Said
from tests.consolidators.claude_at_the_fake import edit, in_turn, outcome
from tests.consolidators.nights import SESSIONS, STORE, night
from tests.harness.providers.claude.asking import as_usage, purse

MESSAGES = "/v1/messages"
PROFILE = "/memories/user/profile.md"
SEVERAL = (
    edit("view", path="/memories"),
    edit("view", path=PROFILE),
    edit("str_replace", path=PROFILE, old_str="fires on Fridays", new_str="fires on Mondays"),
    edit("create", path="/memories/shelf.md", file_text="- 40 cm deep\n"),
    edit("delete", path="/memories/notes.json"),
)


def edited(given=None, **options):
    return outcome(given or night(), mode="tools", **options)


def test_the_memory_is_what_the_commands_left(fake):
    service = fake(model=in_turn(*SEVERAL))
    found = edited()
    assert found.memory == {
        "user/profile.md": STORE["user/profile.md"].replace("Fridays", "Mondays"),
        "shelf.md": "- 40 cm deep\n",
    }
    assert found.provenance == ()
    assert found.usage == as_usage(*service.billed)
    assert len(service.billed) == 6


def test_there_is_a_line_in_the_trace_for_every_command_and_for_the_cost_of_every_turn(fake):
    fake(model=in_turn(*SEVERAL))
    trace = edited().trace
    assert [line for line in trace if not line.startswith(("usage", "request"))] == [
        "view /memories",
        f"view {PROFILE}",
        f"str_replace {PROFILE}",
        "create /memories/shelf.md",
        "delete /memories/notes.json",
    ]
    assert [line.split()[0] for line in trace].count("usage") == 6


def test_the_sessions_and_wishes_are_in_the_prompt_and_the_memory_is_not(fake):
    service = fake(model=in_turn())
    edited(replace(night(), instructions="Mind the kiln.", write_budget=500))
    (body,) = service.asked.bodies(MESSAGES)
    ((block,),) = [message["content"] for message in body["messages"]]
    for part in (SESSIONS[0].messages[0].content, "Mind the kiln.", "Forget my shelf.", "500 tokens"):
        assert part in block["text"]
    assert "Vasarhelyi" not in block["text"]
    assert body["tools"] == [{"type": "memory_20250818", "name": "memory"}]


def test_a_night_in_which_nothing_is_done_leaves_the_memory_as_it_was(fake):
    fake(model=in_turn())
    assert edited().memory == STORE


def test_every_turn_reads_all_of_the_conversation_before_it_from_the_cache(fake):
    service = fake(model=in_turn(*SEVERAL))
    edited()
    bills = list(service.billed)
    assert bills[0].cache_read_tokens == 0
    for before, after in pairwise(bills):
        assert after.cache_read_tokens == before.prompt_tokens
        assert after.input_tokens == 0
    # so a conversation costs about what it's long, not its square
    assert sum(bill.cache_write_tokens for bill in bills) == bills[-1].prompt_tokens


def test_a_turn_of_many_commands_does_not_lose_the_cache(fake):
    views = Said(
        calls=tuple(Call(name="memory", input={"command": "view", "path": PROFILE}) for _ in range(30))
    )
    service = fake(model=in_turn(views, edit("view", path="/memories"), views))
    edited()
    bills = list(service.billed)
    assert [bill.cache_read_tokens for bill in bills[1:]] == [bill.prompt_tokens for bill in bills[:-1]]


def test_from_the_second_night_on_the_system_prompt_is_read_from_the_cache(fake):
    service = fake(model=in_turn(edit("view", path="/memories")))
    edited()
    first = len(service.billed)
    edited(night(sessions=SESSIONS[1:]))
    assert service.billed[first].cache_read_tokens > 512


def test_what_the_model_thought_goes_back_with_what_it_said(fake):
    first = Said(text="Let me look.", thinking="hm", calls=(Call(name="memory", input={"command": "view"}),))
    service = fake(model=in_turn(first))
    edited()
    sent = service.asked.bodies(MESSAGES)[1]["messages"][1]
    assert [block["type"] for block in sent["content"]] == ["thinking", "text", "tool_use"]
    assert sent["content"][0]["signature"]


def test_an_error_of_the_tool_is_told_to_the_model(fake):
    service = fake(model=in_turn(edit("delete", path="/memories/no.md")))
    found = edited()
    (block,) = service.asked.bodies(MESSAGES)[1]["messages"][2]["content"]
    assert (block["is_error"], block["content"]) == (True, "Error: The path /memories/no.md does not exist")
    assert "delete /memories/no.md: Error: The path /memories/no.md does not exist" in found.trace


def test_the_write_budget_is_told_and_kept(fake):
    fake(model=in_turn(edit("create", path="/memories/long.md", file_text="word " * 50)))
    found = edited(night(memory={"a.md": "- short\n"}, write_budget=20))
    assert found.memory == {"a.md": "- short\n"}
    assert "and 20 is the most; nothing was changed" in "\n".join(found.trace)


# what's no memory


def test_a_night_that_is_not_done_after_its_turns_has_failed_with_the_cost_of_all(fake):
    service = fake(model=lambda _: edit("view", path="/memories"))
    found = edited(turns=3)
    assert (type(found), str(found)) == (BudgetError, "not done after 3 turns")
    assert found.usage == as_usage(*service.billed)
    assert len(service.billed) == 3


def test_a_night_that_writes_too_much_has_failed(fake):
    service = fake(model=in_turn(*SEVERAL))
    found = edited(most_written=20)
    assert (type(found), str(found)) == (BudgetError, "more than 20 bytes were written in one night")
    assert found.usage == as_usage(*service.billed)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(Fault.refused("no"), RefusalError), (Fault.truncated(), CutOffError), (Fault.answer(400), ProviderError)],
    ids=["refused", "cut off", "400"],
)
def test_a_turn_that_fails_fails_the_night_with_the_cost_of_all_turns(fake, fault, kind):
    service = fake(model=in_turn(*SEVERAL))
    passing = Fault.answer(529, retry_after_ms="1")
    service.fail(MESSAGES, passing, passing, fault)
    found = edited(tries=3)
    assert type(found) is kind
    tries = len(service.billed) + 2 + (kind is ProviderError)
    assert found.usage == as_usage(*service.billed, calls=tries)


def test_a_turn_that_was_lost_is_tried_again_and_makes_the_cost_unknown(fake):
    service = fake(model=in_turn(*SEVERAL))
    service.fail(MESSAGES, Fault.dropped(), Fault.cut(after=4))
    found = edited()
    assert found.memory["shelf.md"] == "- 40 cm deep\n"
    assert (found.usage.usd, found.usage.calls) == (None, 8)


class Ending(Messages):
    """Ends every message for this reason, whatever is in it."""

    reason = ""

    def exchange(self, body, fault=None, *, batch=False):
        made = super().exchange(body, fault, batch=batch)
        made.message["stop_reason"] = self.reason
        return made


@pytest.mark.parametrize(
    ("reason", "said"), [("end_turn", edit("view", path="/memories")), ("tool_use", Said(text="Done."))]
)
def test_a_turn_that_does_not_hang_together_is_invalid_output(fake, reason, said):
    messages = Ending()
    messages.reason = reason
    service = fake(messages, model=lambda _: said)
    found = edited()
    assert type(found) is InvalidOutputError
    assert found.usage == as_usage(*service.billed)


def test_a_turn_that_pauses_is_a_failure_for_no_tool_here_can_pause(fake):
    messages = Ending()
    messages.reason = "pause_turn"
    fake(messages, model=in_turn())
    assert str(edited()) == "the reply stopped for pause_turn"


def test_the_budget_stops_in_the_middle_of_a_night(fake):
    service = fake(model=lambda _: edit("view", path="/memories"))
    run = purse(budget=0.1)
    found = edited(replace(night(), purse=run.night()), most_tokens=3000, turns=500)
    assert type(found) is BudgetError
    assert str(found).startswith("stopped before a call of claude-opus-5-5, at most 0.0")
    assert found.usage == as_usage(*service.billed)
    assert 1 < len(service.billed) < 500
    assert run.settled <= 0.1


def test_the_tokens_are_counted_once_a_night_and_thought_of_after_that(fake):
    service = fake(Messages(), model=in_turn(*SEVERAL))
    edited(replace(night(), purse=purse(budget=50).night()))
    assert service.asked.paths.count("POST /v1/messages/count_tokens") == 1
