"""Anthropic's Message Batches: made, polled until they end, and their results in another order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rembench.harness.fake.claude.messages import Messages
from rembench.harness.fake.claude.rules import check_message
from rembench.harness.fake.family import Family, Handler
from rembench.harness.fake.faults import Fault
from rembench.harness.fake.id_pages import page_by_id
from rembench.harness.fake.meter import canonical
from rembench.harness.fake.shapes import error_body
from rembench.harness.fake.wire import Answer, Asked, RejectionError

Script = Literal["errored", "expired", "canceled"] | Fault
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_MOST = 100_000
_NOT_IN_BATCH = ("stream", "speed")


@dataclass(slots=True, kw_only=True)
class Batch:
    """One batch: what was asked by custom id, the results once it ended, and how often it was looked at."""

    id: str
    requests: dict[str, dict[str, Any]]
    version: str
    created_at: str
    expires_at: str
    status: Literal["in_progress", "canceling", "ended"] = "in_progress"
    polls: int = 0
    cancel_initiated_at: str | None = None
    ended_at: str | None = None
    results: dict[str, dict[str, Any]] = field(default_factory=dict)


class Batches(Family):
    """The routes under /v1/messages/batches. The work is done, and billed, when a batch ends.

    A batch ends at its `polls`-th retrieval, after a cancellation at the next. `outcomes` says by custom id
    what doesn't succeed: "errored", "expired", "canceled", or a fault of the reply as `Fault.truncated()`.
    """

    def __init__(self, *, polls: int = 2, outcomes: Mapping[str, Script] | None = None, page: int = 20) -> None:
        self.polls = polls
        self.outcomes: dict[str, Script] = dict(outcomes or {})
        self.page = page
        self.batches: dict[str, Batch] = {}

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """The six routes."""
        return {
            ("POST", "/v1/messages/batches"): self._create,
            ("GET", "/v1/messages/batches"): self._list,
            ("GET", "/v1/messages/batches/{id}"): self._retrieve,
            ("DELETE", "/v1/messages/batches/{id}"): self._delete,
            ("POST", "/v1/messages/batches/{id}/cancel"): self._cancel,
            ("GET", "/v1/messages/batches/{id}/results"): self._results,
        }

    def _create(self, asked: Asked) -> Answer:
        requests = asked.fields.get("requests")
        if not isinstance(requests, list) or not 1 <= len(requests) <= _MOST:
            raise RejectionError(400, f"requests: must be a list of 1 to {_MOST}")
        named: dict[str, dict[str, Any]] = {}
        for i, request in enumerate(requests):
            name = request.get("custom_id")
            if not isinstance(name, str) or not _NAME.fullmatch(name) or name in named:
                raise RejectionError(400, f"requests.{i}.custom_id: must be unique and match {_NAME.pattern}")
            if not isinstance(request.get("params"), dict):
                raise RejectionError(400, f"requests.{i}.params: Field required")
            named[name] = request["params"]
        batch = Batch(
            id=self.desk.new_id("msgbatch"),
            requests=named,
            version=asked.headers.get("anthropic-version", ""),
            created_at=self.desk.now(),
            expires_at=self.desk.later(hours=24),
        )
        self.batches[batch.id] = batch
        return self._shown(batch, asked)

    def _list(self, asked: Asked) -> Answer:
        newest_first = [self._shape(batch, asked) for batch in reversed(self.batches.values())]
        return Answer(body=page_by_id(newest_first, asked, self.page))

    def _retrieve(self, asked: Asked) -> Answer:
        batch = self._named(asked)
        batch.polls += 1
        if batch.status != "ended" and (batch.polls >= self.polls or batch.status == "canceling"):
            self._end(batch)
        return self._shown(batch, asked)

    def _delete(self, asked: Asked) -> Answer:
        batch = self._named(asked)
        if batch.status != "ended":
            raise RejectionError(400, f"{batch.id} is still {batch.status}: cancel it first")
        del self.batches[batch.id]
        return Answer(body={"id": batch.id, "type": "message_batch_deleted"})

    def _cancel(self, asked: Asked) -> Answer:
        batch = self._named(asked)
        if batch.status == "ended":
            raise RejectionError(400, f"{batch.id} has ended and can't be canceled")
        batch.status = "canceling"
        batch.cancel_initiated_at = batch.cancel_initiated_at or self.desk.now()
        return self._shown(batch, asked)

    def _results(self, asked: Asked) -> Answer:
        batch = self._named(asked)
        if batch.status != "ended":
            raise RejectionError(404, f"{batch.id} has no results yet")
        lines = [canonical({"custom_id": name, "result": batch.results[name]}) for name in batch.results]
        return Answer(body="".join(f"{line}\n" for line in lines), content_type="application/x-jsonl")

    def _named(self, asked: Asked) -> Batch:
        try:
            return self.batches[asked.named["id"]]
        except KeyError:
            raise RejectionError(404, f"batch: {asked.named['id']}") from None

    def _end(self, batch: Batch) -> None:
        canceled = batch.status == "canceling"
        made = {name: self._result(batch, name, canceled=canceled) for name in batch.requests}
        batch.results = dict(reversed(made.items()))
        batch.status = "ended"
        batch.ended_at = self.desk.now()

    def _result(self, batch: Batch, name: str, *, canceled: bool) -> dict[str, Any]:
        script = self.outcomes.get(name)
        if canceled or script == "canceled":
            return {"type": "canceled"}
        if script == "expired":
            return {"type": "expired"}
        request_id = f"{batch.id}/{name}"
        try:
            if script == "errored":
                raise RejectionError(500, "as scripted")
            fault = script if isinstance(script, Fault) else None
            return {"type": "succeeded", "message": self._message(batch, name, fault, request_id)}
        except RejectionError as error:
            return {"type": "errored", "error": error_body("anthropic", error, request_id)}

    def _message(self, batch: Batch, name: str, fault: Fault | None, request_id: str) -> dict[str, Any]:
        params = batch.requests[name]
        for unwanted in _NOT_IN_BATCH:
            if params.get(unwanted):
                raise RejectionError(400, f"{unwanted}: isn't supported in a batch")
        check_message(params, version=batch.version)
        exchange = self.desk.family(Messages).exchange(params, fault, batch=True)
        self.desk.ledger.add(exchange.bill(request_id, "/v1/messages/batches", batch=True))
        return exchange.message

    def _shown(self, batch: Batch, asked: Asked) -> Answer:
        return Answer(body=self._shape(batch, asked))

    def _shape(self, batch: Batch, asked: Asked) -> dict[str, Any]:
        ended = [result["type"] for result in batch.results.values()]
        counts = {kind: ended.count(kind) for kind in ("succeeded", "errored", "canceled", "expired")}
        results_url = f"http://{asked.headers['host']}/v1/messages/batches/{batch.id}/results"
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": batch.status,
            "request_counts": {"processing": len(batch.requests) - len(ended), **counts},
            "created_at": batch.created_at,
            "expires_at": batch.expires_at,
            "ended_at": batch.ended_at,
            "cancel_initiated_at": batch.cancel_initiated_at,
            "archived_at": None,
            "results_url": results_url if batch.status == "ended" else None,
        }
