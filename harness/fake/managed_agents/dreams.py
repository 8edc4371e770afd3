"""Dreams: /v1/dreams. How one runs is `dream_run.py`."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from rembench.harness.fake.family import Handler
from rembench.harness.fake.managed_agents.checks import check_text, fields_of
from rembench.harness.fake.managed_agents.cursor_pages import is_shown, page_of
from rembench.harness.fake.managed_agents.dream_run import DreamEnd, DreamRun, Write
from rembench.harness.fake.managed_agents.workspace import WorkspaceFamily
from rembench.harness.fake.wire import Answer, Asked, RejectionError

_FIELDS = ("inputs", "model", "instructions", "output_behavior")
_MOST_SESSIONS, _MOST_CHARACTERS = 100, 4096
_NOT_ENABLED = {
    400: "this organization isn't enrolled in the beta dreaming-2026-04-21",
    403: "dreaming isn't enabled for this workspace",
    404: "Not Found",
}


def as_it_was(memory: Mapping[str, str], *_: object) -> Mapping[str, str]:
    """Writes the memory that was handed in."""
    return memory


class Dreams(WorkspaceFamily):
    """Create, retrieve, list, cancel, archive.

    `write` makes what a dream that completes writes. `ends` say how the next dreams end; those after them are
    completed. Each phase of a dream lasts `looks` looks. `models` None takes any. `refused` is the status
    (400, 403, 404) that a key without the preview gets. `page`: the most that a page of the list has.
    """

    beta = "dreaming-2026-04-21"

    def __init__(
        self,
        write: Write = as_it_was,
        *,
        ends: Iterable[DreamEnd] = (),
        looks: int = 1,
        models: Collection[str] | None = None,
        page: int = 2,
    ) -> None:
        self.write = write
        self.ends = list(ends)
        self.looks = looks
        self.models = models
        super().__init__(page=page)
        self.refused: int | None = None
        self.dreams: dict[str, DreamRun] = {}

    def go_on(self, looks: int = 0) -> None:
        """From now on each phase lasts `looks` looks, that of dreams under way too; 0: each look goes on."""
        self.looks = looks
        for dream in self.dreams.values():
            dream.looks = looks

    def admit(self, asked: Asked, keys: frozenset[str] | None) -> None:
        """As for every family; and nobody where the preview isn't enabled."""
        super().admit(asked, keys)
        if self.refused:
            extra: dict[str, Any] = {}
            if self.refused == 400:
                extra["details"] = {"error_code": "organization_not_enrolled_in_beta"}
            raise RejectionError(self.refused, _NOT_ENABLED.get(self.refused, "not enabled"), **extra)

    def served(self) -> Mapping[tuple[str, str], Handler]:
        """The routes."""
        one = "/v1/dreams/{id}"
        return {
            ("POST", "/v1/dreams"): self._create,
            ("GET", "/v1/dreams"): self._list,
            ("GET", one): self._retrieve,
            ("POST", f"{one}/cancel"): self._cancel,
            ("POST", f"{one}/archive"): self._archive,
        }

    def _create(self, asked: Asked) -> Answer:
        fields = fields_of(asked, _FIELDS)
        store_id, session_ids = self._inputs(fields.get("inputs"))
        check_text(fields, "instructions", least=1, most=_MOST_CHARACTERS)
        behavior = fields.get("output_behavior") or {"type": "create_new"}
        self._check_behavior(behavior, store_id)
        now = self.desk.now()
        inputs = [
            {"type": "memory_store", "memory_store_id": store_id},
            {"type": "sessions", "session_ids": sorted(session_ids)},
        ]
        about: dict[str, Any] = {
            "id": self.desk.new_id("drm"), "type": "dream", "status": "pending", "inputs": inputs,
            "outputs": [], "output_behavior": behavior, "model": self._model(fields.get("model")),
            "instructions": fields.get("instructions"), "session_id": None, "error": None, "created_at": now,
            "ended_at": None, "archived_at": None,
            "usage": {
                "input_tokens": 0, "output_tokens": 0, "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 0,
            },
        }  # fmt: skip
        end = self.ends.pop(0) if self.ends else DreamEnd()
        made = DreamRun(all=self._all, about=about, write=self.write, end=end, looks=self.looks)
        self.dreams[about["id"]] = made
        return Answer(body=about)

    def _inputs(self, inputs: object) -> tuple[str, list[str]]:
        given = [entry for entry in inputs if isinstance(entry, dict)] if isinstance(inputs, list) else []
        stores = [entry for entry in given if entry.get("type") == "memory_store"]
        sessions = [entry for entry in given if entry.get("type") == "sessions"]
        if len(stores) != 1 or len(sessions) != 1 or len(given) != 2:
            raise RejectionError(400, "inputs: exactly one memory_store and exactly one sessions")
        names = sessions[0].get("session_ids") or []
        if not 1 <= len(names) <= _MOST_SESSIONS or len(set(names)) != len(names):
            raise RejectionError(400, f"inputs.sessions.session_ids: 1 to {_MOST_SESSIONS}, all different")
        for name in names:
            self._all.session(name)
        store = self._all.store(stores[0].get("memory_store_id"), to_change=True)
        return store.about["id"], list(names)

    def _check_behavior(self, behavior: Any, store_id: str) -> None:
        kind = behavior.get("type") if isinstance(behavior, dict) else None
        if kind not in ("create_new", "update_existing"):
            raise RejectionError(400, "output_behavior.type: must be create_new or update_existing")
        if kind == "create_new":
            return
        if behavior.get("memory_store_id") != store_id:
            raise RejectionError(400, "output_behavior.memory_store_id: must be the input store")
        for dream in self.dreams.values():
            same = dream.about["output_behavior"] == behavior
            if same and dream.phase != "ended":
                raise RejectionError(409, f"dream {dream.about['id']} is updating {store_id}")

    def _model(self, given: Any) -> dict[str, Any]:
        model = given if isinstance(given, dict) else {"id": given}
        name, speed = model.get("id"), model.get("speed") or "standard"
        if not isinstance(name, str) or not 1 <= len(name) <= 256:
            raise RejectionError(400, "model: 1 to 256 characters")
        if speed != "standard":
            raise RejectionError(400, "model.speed: must be standard")
        if self.models is not None and name not in self.models:
            raise RejectionError(400, f"model: {name} isn't supported for dreams")
        return {"id": name, "speed": speed}

    def _find(self, asked: Asked) -> DreamRun:
        found = self.dreams.get(asked.named["id"])
        if found is None:
            raise RejectionError(404, f"dream {asked.named['id']} not found")
        return found

    def _retrieve(self, asked: Asked) -> Answer:
        found = self._find(asked)
        found.look()
        return Answer(body=found.about)

    def _list(self, asked: Asked) -> Answer:
        statuses = asked.all("statuses")
        shown = [
            dream.about
            for dream in reversed(self.dreams.values())
            if is_shown(dream.about, asked) and (not statuses or dream.about["status"] in statuses)
        ]
        return Answer(body=page_of(shown, asked, self.page))

    def _cancel(self, asked: Asked) -> Answer:
        found = self._find(asked)
        if found.about["status"] in ("completed", "failed"):
            raise RejectionError(400, f"dream {found.about['id']} is {found.about['status']}")
        if found.phase != "ended":
            found.stop("canceled")
        return Answer(body=found.about)

    def _archive(self, asked: Asked) -> Answer:
        found = self._find(asked)
        if found.phase != "ended":
            raise RejectionError(400, f"dream {found.about['id']} is {found.about['status']}: cancel it first")
        found.about["archived_at"] = found.about["archived_at"] or self.desk.now()
        return Answer(body=found.about)
