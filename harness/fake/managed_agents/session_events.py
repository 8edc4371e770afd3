"""The events of sessions: sent, listed, and as a stream."""

from collections.abc import Iterator, Mapping
from typing import Any

from rembench.harness.fake.family import Handler
from rembench.harness.fake.managed_agents.agents import BETA
from rembench.harness.fake.managed_agents.checks import fields_of
from rembench.harness.fake.managed_agents.cursor_pages import page_of
from rembench.harness.fake.managed_agents.session_run import SessionRun
from rembench.harness.fake.managed_agents.sessions import check_events
from rembench.harness.fake.managed_agents.workspace import WorkspaceFamily
from rembench.harness.fake.wire import Answer, Asked, Events, Frame, RejectionError

_LAST = ("session.status_idle", "session.status_terminated")


class SessionEvents(WorkspaceFamily):
    """Send, list, stream. A stream repeats nothing that was before it, and ends with the session's turn.

    `page`: the most that a page of a list has. `tick`: seconds between two looks of a stream.
    """

    beta = BETA

    def __init__(self, *, page: int = 5, tick: float = 0.005) -> None:
        super().__init__(page=page)
        self.tick = tick

    def served(self) -> Mapping[tuple[str, str], Handler]:
        """The routes."""
        events = "/v1/sessions/{id}/events"
        return {
            ("POST", events): self._send, ("GET", events): self._list, ("GET", f"{events}/stream"): self._stream
        }  # fmt: skip

    def _send(self, asked: Asked) -> Answer:
        found = self._all.session(asked.named["id"])
        events = fields_of(asked, ("events",)).get("events")
        check_events(events)
        if found.about["archived_at"] or found.status == "terminated":
            raise RejectionError(400, f"session {found.about['id']} takes no events any more")
        return Answer(body={"data": found.send(events or [])})

    def _list(self, asked: Asked) -> Answer:
        found = self._all.session(asked.named["id"])
        types, order = asked.all("types"), asked.first("order", "asc")
        shown = [event for event in found.events if not types or event["type"] in types]
        return Answer(body=page_of(shown if order == "asc" else shown[::-1], asked, self.page))

    def _stream(self, asked: Asked) -> Events:
        found = self._all.session(asked.named["id"])
        return Events(frames=self._frames(found, {event["id"] for event in _processed(found)}))

    def _frames(self, session: SessionRun, seen: set[str]) -> Iterator[Frame]:
        while not self.desk.stopping.is_set():
            with self.desk.lock:
                session.look()
                new = [event for event in _processed(session) if event["id"] not in seen]
            for event in new:
                seen.add(event["id"])
                yield Frame(event=event["type"], data=event)
                if event["type"] in _LAST:
                    return
            self.desk.stopping.wait(self.tick)


def _processed(session: SessionRun) -> list[dict[str, Any]]:
    return [event for event in session.events if event["processed_at"]]
