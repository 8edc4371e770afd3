import anthropic
import pytest

from rembench.testing import MemoryStores
from tests.harness.fake.clients import claude


def test_a_store_is_made_changed_archived_and_deleted(service):
    with claude(service) as client:
        stores = client.beta.memory_stores
        made = stores.create(name="notes", description="d", metadata={"a": "1", "b": "2"})
        changed = stores.update(made.id, name="more", metadata={"a": None, "c": "3"})
        archived = stores.archive(made.id)
        assert (changed.name, changed.metadata) == ("more", {"b": "2", "c": "3"})
        assert archived.archived_at
        assert stores.retrieve(made.id) == archived
        with pytest.raises(anthropic.BadRequestError):
            stores.update(made.id, name="again")
        assert stores.delete(made.id).type == "memory_store_deleted"
        with pytest.raises(anthropic.NotFoundError):
            stores.retrieve(made.id)
    assert not service.family(MemoryStores).stores


def test_list_is_newest_first_over_several_pages_and_without_the_archived(service):
    with claude(service) as client:
        stores = client.beta.memory_stores
        ids = [stores.create(name=f"s{n}").id for n in range(4)]
        stores.archive(ids[1])
        assert [store.id for store in stores.list()] == [ids[3], ids[2], ids[0]]
        assert len(service.asked.to("GET /v1/memory_stores")) == 2
        assert [store.id for store in stores.list(include_archived=True)] == ids[::-1]
        newest = stores.retrieve(ids[3]).created_at
        assert [store.id for store in stores.list(created_at_gte=newest)] == [ids[3]]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "n" * 256},
        {"name": "n", "description": "d" * 1025},
        {"name": "n", "metadata": {"k" * 65: "v"}},
        {"name": "n", "metadata": {"k": "v" * 513}},
        {"name": "n", "metadata": {f"k{n}": "v" for n in range(17)}},
        {"name": "n", "extra_body": {"nmae": "n"}},
    ],
)
def test_a_store_that_breaks_a_limit_is_refused(service, fields):
    with claude(service) as client, pytest.raises(anthropic.BadRequestError):
        client.beta.memory_stores.create(**fields)


def test_the_beta_of_managed_agents_is_refused_on_stores(service):
    with claude(service) as client:
        with pytest.raises(anthropic.BadRequestError, match="can't be combined"):
            client.beta.memory_stores.create(name="n", betas=["managed-agents-2026-04-01"])
        with pytest.raises(anthropic.BadRequestError, match="agent-memory-2026-07-22"):
            client.beta.memory_stores.create(name="n", extra_headers={"anthropic-beta": "dreaming-2026-04-21"})
