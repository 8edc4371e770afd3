"""For the tests of your own consolidators: the services of Anthropic and OpenAI, faked on this machine.

    with FakeService(model=lambda prompt: Said(text="- Kim lives in Bergen")) as service:
        service.fail("/v1/messages", Fault.overloaded())
        with anthropic.Anthropic(api_key="any", base_url=service.url) as client:  # OpenAI: url + "/v1"
            client.messages.create(model="claude-haiku-5-5", max_tokens=9, messages=messages)
        assert len(service.asked) == 2 and service.billed.total.output_tokens == 6

`FakeService` listens on 127.0.0.1 while the `with` lasts. `service.environment` are the variables that send
both SDKs, and programs that you start, there (with NO_PROXY: a proxy in the environment would be asked).

- *What the model says* is `model`: a function from `Prompt` (the same for all interfaces) to `Said`: text,
  calls of tools or a refusal. Without one it says the smallest JSON that fits the schema, else "OK.".
- *What goes wrong* is queued by place with `service.fail(place, Fault..., ...)`: error statuses, connections
  dropped, cut and stalled, error events, and replies that are truncated, refused, chatty or have no usage.
- *What was asked* is in `service.asked`: every request; `service.asked.bodies("/v1/messages")`.
- *What it cost* is in `service.billed`: a `Bill` for every reply, cut streams and refusals too. A text has a
  token for every four characters begun, at least one (`count_tokens`); prompt caching is simulated.
- *Families* of routes have their settings in their constructors and replace the usual ones:
  `FakeService(Chat(Quirks(vllm=True, rejects={"json_schema"})), Batches(polls=5))`; the one at work is
  `service.family(Batches)`. With `only=True` nothing else is served; yours are subclasses of `Family`.

Anthropic's managed agents (memory stores and their memories, agents, environments, sessions, dreams) are served
too, with their state; `Dreams` and `DreamEnd` say how a dream ends. What they cost is in their own `usage`, not
in `service.billed`.

What the real services refuse with a 400 is refused here: a forced tool for a model that takes none, sampling
parameters, a tool result without its call, a schema that structured output doesn't know, a fifth cache
break-point. An exception in your `model` is a 500 for the client and is raised again where the `with` ends.
"""

from rembench.harness.fake.claude.batches import Batches
from rembench.harness.fake.claude.messages import Messages
from rembench.harness.fake.family import Family
from rembench.harness.fake.faults import Fault
from rembench.harness.fake.managed_agents.agents import Agents
from rembench.harness.fake.managed_agents.dream_run import DreamEnd
from rembench.harness.fake.managed_agents.dreams import Dreams
from rembench.harness.fake.managed_agents.environments import Environments
from rembench.harness.fake.managed_agents.memories import Memories
from rembench.harness.fake.managed_agents.memory_versions import MemoryVersions
from rembench.harness.fake.managed_agents.session_events import SessionEvents
from rembench.harness.fake.managed_agents.sessions import Sessions
from rembench.harness.fake.managed_agents.stores import MemoryStores
from rembench.harness.fake.meter import Bill, count_tokens
from rembench.harness.fake.models import AnthropicModels, OpenAIModels
from rembench.harness.fake.openai_compatible.chat import Chat
from rembench.harness.fake.openai_compatible.quirks import Quirks
from rembench.harness.fake.openai_compatible.responses import Responses
from rembench.harness.fake.service import FakeService
from rembench.harness.fake.speech import Call, Prompt, Said, ToolResult, Turn, plain_model
from rembench.harness.fake.wire import Answer, Asked, Events, Frame, RejectionError

__all__ = [
    "Agents",
    "Answer",
    "AnthropicModels",
    "Asked",
    "Batches",
    "Bill",
    "Call",
    "Chat",
    "DreamEnd",
    "Dreams",
    "Environments",
    "Events",
    "FakeService",
    "Family",
    "Fault",
    "Frame",
    "Memories",
    "MemoryStores",
    "MemoryVersions",
    "Messages",
    "OpenAIModels",
    "Prompt",
    "Quirks",
    "RejectionError",
    "Responses",
    "Said",
    "SessionEvents",
    "Sessions",
    "ToolResult",
    "Turn",
    "count_tokens",
    "plain_model",
]
