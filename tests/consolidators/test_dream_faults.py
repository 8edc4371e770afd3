"""Dreams when the service answers wrongly, late or not at all."""

import re

import pytest

from rembench.consolidators.claude_dreams import ClaudeDreams
from rembench.harness.night import BudgetError, ProviderError
from rembench.harness.providers.managed_agents.service import Pace
from rembench.testing import Dreams, FakeService, Fault
from tests.consolidators.dreaming import KEY, Notes, Strict, dreams, dreamt, noted, takes_notes, what_is_there

pytestmark = pytest.mark.usefixtures("marked_key")

CREATES = (
    "POST /v1/memory_stores",
    "POST /v1/memory_stores/{store}/memories",
    "POST /v1/agents",
    "POST /v1/environments",
    "POST /v1/sessions",
    "POST /v1/dreams",
)
READS = (
    "GET /v1/dreams",
    "GET /v1/sessions",
    "GET /v1/sessions/{id}/events",
    "GET /v1/dreams/{id}",
    "GET /v1/memory_stores/{store}/memories",
)
REMOVALS = (
    "DELETE /v1/memory_stores/{id}",
    "DELETE /v1/sessions/{id}",
    "DELETE /v1/environments/{id}",
    "POST /v1/agents/{id}/archive",
    "POST /v1/dreams/{id}/archive",
)
PASSING = {
    "429": Fault.rate_limited(),
    "500": Fault.broken(),
    "529": Fault.overloaded(),
    "409": Fault.conflict(),
    "dropped": Fault.dropped(),
    "answer lost": Fault.dropped(after=0),
    "answer cut": Fault.cut(),
}


def made_once(service: FakeService) -> dict[str, int]:
    """How many of each kind were made in all, by the numbers in their ids."""
    dreams_made = len(service.family(Dreams).dreams)
    ids = re.findall(
        r"(memstore|agent|env|sesn)_(\d+)",
        " ".join(service.asked.paths) + str(service.asked.bodies("POST /v1/sessions")),
    )
    most: dict[str, int] = {"drm": dreams_made}
    for kind, number in ids:
        most[kind] = max(most.get(kind, 0), int(number))
    return most


@pytest.mark.parametrize("place", [*CREATES, *READS, *REMOVALS])
@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_changes_nothing_and_makes_nothing_twice(place, fault):
    ledger = Notes()
    with FakeService(Dreams(takes_notes)) as service:
        service.fail(place, *[PASSING[fault]] * (1 if "answer" in fault else 2))
        (made,) = dreamt(dreams(service), noted(ledger))
        assert service.faults_left == ()
        assert len(made.memory["log/dreams.md"].splitlines()) == 3
        assert made_once(service) == {"drm": 1, "memstore": 2, "agent": 1, "env": 1, "sesn": 4}
        assert what_is_there(service) == ledger.left == set()
    assert not [line for line in made.trace if "left behind" in line]
    assert made.usage.output_tokens == 603


def test_a_conflict_that_is_not_to_be_tried_again_is_not():
    with FakeService() as service:
        service.fail("POST /v1/dreams", Fault.conflict(retry=False))
        with pytest.raises(ProviderError, match="409"):
            dreamt(dreams(service), noted())
        assert len(service.asked.to("POST /v1/dreams")) == 1
        assert what_is_there(service) == set()


@pytest.mark.parametrize("place", CREATES)
def test_what_is_refused_for_good_fails_the_night_and_leaves_nothing(place):
    ledger = Notes()
    with FakeService() as service:
        service.fail(place, Fault.answer(403, f"no: {KEY}"))
        with pytest.raises(ProviderError, match="403") as caught:
            dreamt(dreams(service), noted(ledger))
        assert what_is_there(service) == ledger.left == set()
        assert len([path for path in service.asked.paths if path.startswith(place.partition("{")[0])]) >= 1
    assert KEY not in str(caught.value)
    assert KEY not in str(ledger.all)
    assert caught.value.usage.calls is not None


def test_a_service_that_stays_down_fails_the_night_and_what_is_left_is_noted():
    ledger = Notes()
    with FakeService() as service:
        service.fail("GET /v1/dreams/{id}", *[Fault.broken()] * 1000)
        with pytest.raises(ProviderError, match="500") as caught:
            dreamt(dreams(service), noted(ledger))
        left = what_is_there(service)
        assert left == ledger.left == {"left:dream:drm_0001"}
    assert caught.value.usage.usd is None


def test_an_answer_that_does_not_come_in_time_is_asked_for_again():
    class Hasty(Strict):
        pace = Pace(poll=0.005, pause=0.005, answer=0.2)

    with FakeService(Dreams(takes_notes)) as service:
        service.fail("POST /v1/dreams", Fault.stalled(5))
        service.fail("GET /v1/dreams/{id}", Fault.stalled(5))
        (made,) = dreamt(Hasty(base_url=service.url), noted())
        assert len(service.family(Dreams).dreams) == 1
    assert "log/dreams.md" in made.memory


def test_a_reply_that_is_no_json_is_a_failure_of_the_service():
    with FakeService() as service:
        service.fail("GET /v1/dreams", *[Fault.answer(200, body=b"<html>a proxy</html>")] * 9)
        with pytest.raises(ProviderError, match="unreadable reply"):
            dreamt(dreams(service), noted())


def test_shapes_that_the_sdk_does_not_know_are_taken_as_they_come():
    queued = {"type": "dream", "id": "drm_0001", "status": "queued", "outputs": None, "lane": "slow"}
    with FakeService(Dreams(takes_notes)) as service:
        service.fail("GET /v1/dreams/{id}", Fault.answer(200, body=queued), Fault.answer(200, body=queued))
        (made,) = dreamt(ClaudeDreams(base_url=service.url, poll=0.005), noted())
    assert "log/dreams.md" in made.memory


@pytest.mark.parametrize("place", ["POST /v1/memory_stores", "POST /v1/sessions", "POST /v1/dreams"])
@pytest.mark.parametrize("kind", [Strict, ClaudeDreams])
def test_a_reply_without_an_id_is_unreadable_and_leaves_nothing(kind, place):
    ledger = Notes()
    with FakeService() as service:
        service.fail(place, *[Fault.answer(200, body={"name": "x"})] * 9)
        with pytest.raises(ProviderError):
            dreamt(kind(base_url=service.url, poll=0.005), noted(ledger))
        assert what_is_there(service) == ledger.left == set()


def test_what_cannot_be_removed_stays_noted_and_is_said():
    ledger = Notes()
    with FakeService(Dreams(takes_notes)) as service:
        service.fail("DELETE /v1/memory_stores/memstore_0001", *[Fault.answer(403, "not yours")] * 9)
        (made,) = dreamt(dreams(service), noted(ledger))
        assert what_is_there(service) == ledger.left == {"left:memory_store:memstore_0001"}
    assert "left behind: memory_store memstore_0001: 403: not yours" in made.trace
    assert "log/dreams.md" in made.memory


class Purse:
    """A purse that writes down what's held and settled; empty, it holds nothing."""

    def __init__(self, empty: bool = False) -> None:
        self.empty = empty
        self.log: list[tuple[str, float | None]] = []

    def hold(self, usd, what):
        if self.empty:
            raise BudgetError(f"stopped before {what}")
        self.log.append(("hold", usd))
        return self

    def settle(self, usd):
        self.log.append(("settle", usd))


def test_money_is_held_before_anything_is_made_and_settled_with_the_cost():
    purse = Purse()
    with FakeService() as service:
        (made,) = dreamt(dreams(service), noted(purse=purse))
    (_, held), (_, settled) = purse.log
    assert settled == made.usage.usd < held < 5


def test_without_the_money_nothing_is_made():
    with FakeService() as service:
        with pytest.raises(BudgetError, match="the dream of night c1"):
            dreamt(dreams(service), noted(purse=Purse(empty=True)))
        assert set(service.asked.paths) == {"GET /v1/dreams"}


def test_money_is_settled_when_the_night_fails_and_an_unknown_price_is_held_as_unknown():
    purse = Purse()
    with FakeService() as service:
        service.fail("POST /v1/dreams", Fault.answer(400, "no such model"))
        with pytest.raises(ProviderError, match="no such model"):
            dreamt(dreams(service, model="unheard-of"), noted(purse=purse))
    (_, held), (_, settled) = purse.log
    assert held is None
    assert 0 < settled < 0.001
