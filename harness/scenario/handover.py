"""What each night of a scenario hands over.

handovers(scenario) → Handover per night → night_of(...) → Night → consolidator → check_memory(...)
"""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from rembench.harness.night import DeletionRequest, Memory, Night, Session
from rembench.harness.types import ConsolidateStep, DeleteStep, Handover, Scenario


def handovers(scenario: Scenario) -> tuple[Handover, ...]:
    """What every night hands over, in timeline order.

    Sessions come oldest first: those that the night names, or else those since the night before.
    Deletions are all requests made so far, `standing` when an earlier night had them. `refed` are
    the sessions that an earlier night was given too.
    """
    made: list[Handover] = []
    sessions: dict[str, Session] = {}
    requests: dict[str, DeletionRequest] = {}
    since: list[str] = []
    given: set[str] = set()
    for step in scenario.steps:
        if isinstance(step, Session):
            sessions[step.id] = step
            since.append(step.id)
        elif isinstance(step, DeleteStep):
            requests[step.id] = DeletionRequest(id=step.id, at=step.at, request=step.request, standing=False)
        else:
            tonight = _tonight(step, sessions, since)
            made.append(
                Handover(
                    step=step,
                    sessions=tuple(sessions[name] for name in tonight),
                    deletions=tuple(requests.values()),
                    refed=tuple(name for name in tonight if name in given),
                )
            )
            given.update(tonight)
            since = []
            requests = {name: _standing(request) for name, request in requests.items()}
    return tuple(made)


def chain_name(seed: int, scenario_id: str, repeat: int) -> str:
    """The opaque name of a chain: 16 hexadecimal digits from which no scenario can be read."""
    return hashlib.sha256(f"chain\n{seed}\n{scenario_id}\n{repeat}".encode()).hexdigest()[:16]


def night_of(handover: Handover, *, chain: str, memory: Memory, seed: int) -> Night:
    """The night that a consolidator is given: files by path; a seed from `seed`, the chain and the night."""
    step = handover.step
    digest = hashlib.sha256(f"night\n{seed}\n{chain}\n{step.id}".encode()).digest()
    return Night(
        chain=chain,
        id=step.id,
        at=step.at,
        memory=MappingProxyType(dict(sorted(memory.items()))),
        sessions=handover.sessions,
        deletions=handover.deletions,
        instructions=step.instructions,
        write_budget=step.write_budget,
        seed=int.from_bytes(digest[:4], "big"),
    )


def _tonight(step: ConsolidateStep, sessions: Mapping[str, Session], since: list[str]) -> list[str]:
    if step.sessions is None:
        return since
    named = set(step.sessions)
    return [name for name in sessions if name in named]


def _standing(request: DeletionRequest) -> DeletionRequest:
    return DeletionRequest(id=request.id, at=request.at, request=request.request, standing=True)
