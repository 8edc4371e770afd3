"""One session of the fake service: its object, its events, and how it goes on when it's looked at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from rembench.harness.fake.desk import Desk

End = Literal["end_turn", "refusal", "retries_exhausted", "budget_reached", "terminated"]
_ACTIVE = 3.0  # seconds that a turn takes, by the fake's clock
_OVERLOADED = {"type": "model_overloaded_error", "message": "overloaded", "retry_status": {"type": "exhausted"}}


@dataclass(slots=True, kw_only=True)
class SessionRun:
    """A session. What was sent waits `looks` looks (still idle), runs for `looks`, and then it's idle again.

    `reply` makes the agent's answer from the user's text, `ends` says how the next turns end.
    """

    desk: Desk
    about: dict[str, Any]
    looks: int = 1
    reply: Callable[[str], str] = lambda _: "OK"
    ends: list[End] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    _waiting: list[dict[str, Any]] = field(default_factory=list)
    _left: int = 0

    @property
    def status(self) -> str:
        """idle, running or terminated."""
        return str(self.about["status"])

    @property
    def is_busy(self) -> bool:
        """Whether something was sent that isn't answered yet."""
        return bool(self._waiting)

    @property
    def transcript(self) -> str:
        """All that the user said, text block after text block."""
        said = [event for event in self.events if event["type"] == "user.message"]
        return "\n".join(
            block["text"] for event in said for block in event["content"] if block["type"] == "text"
        )

    def send(self, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Take the user's events; they're processed when the session goes on."""
        sent = [{**event, "id": self.desk.new_id("sevt"), "processed_at": None} for event in events]
        self.events += sent
        if any(event["type"] == "user.interrupt" for event in sent) and self.is_busy:
            self._finish("end_turn", "")
        elif any(event["type"] == "user.message" for event in sent):
            self._waiting += sent
            self._left = self.looks
        return sent

    def look(self) -> None:
        """Go on by one look."""
        if not self._waiting:
            return
        if self._left > 0:
            self._left -= 1
        elif self.status == "idle":
            self._start()
        else:
            said = "\n".join(block.get("text", "") for e in self._waiting for block in e.get("content", []))
            end: End = self.ends.pop(0) if self.ends else "end_turn"
            self._finish(end, said)

    def run_out(self) -> None:
        """Go on until it's idle."""
        while self._waiting:
            self.look()

    def note(self, kind: str, **parts: Any) -> dict[str, Any]:
        """Add an event of the service's own."""
        event = {"id": self.desk.new_id("sevt"), "type": kind, "processed_at": self.desk.now(), **parts}
        self.events.append(event)
        return event

    def call_model(self, prompt: int, output: int) -> None:
        """Note a call of the model, and count its tokens."""
        begun = self.note("span.model_request_start")
        usage = {"cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
        self.note(
            "span.model_request_end", model_request_start_id=begun["id"], is_error=False,
            model_usage={"input_tokens": prompt, "output_tokens": output, **usage},
        )  # fmt: skip
        count = self.about["usage"]
        count["input_tokens"] += prompt
        count["output_tokens"] += output

    def _start(self) -> None:
        self.about["status"] = "running"
        self._left = self.looks
        for event in self._waiting:
            event["processed_at"] = self.desk.now()
        self.note("session.status_running")

    def _finish(self, end: End, said: str) -> None:
        for event in self._waiting:
            event["processed_at"] = event["processed_at"] or self.desk.now()
        self._waiting = []
        if said and end != "retries_exhausted":
            answer = self.reply(said) if end == "end_turn" else ""
            self.call_model(tokens(str(self.about["agent"].get("system") or "") + said), tokens(answer))
            if answer:
                self.note("agent.message", content=[{"type": "text", "text": answer}])
        if end == "retries_exhausted":
            self.note("session.error", error=_OVERLOADED)
        for counter in (self.about["usage"], self.about["stats"]):
            counter["active_seconds"] += _ACTIVE
        self.about["updated_at"] = self.desk.now()
        if end == "terminated":
            self.about["status"] = "terminated"
            self.note("session.status_terminated")
        else:
            self.about["status"] = "idle"
            self.note("session.status_idle", stop_reason={"type": end}, stop_details=None)


def tokens(text: str) -> int:
    """The fake's count of tokens: a quarter of the characters, rounded up."""
    return -(-len(text) // 4)
