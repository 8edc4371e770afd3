"""`rembench doctor`: what can run here, what's missing, and what's left at a service."""

import json

import pytest

from rembench.harness.engine.ledger import RunLedger, read_ledger
from rembench.harness.types import ChainKey
from rembench.testing import FakeService
from tests.harness.cli.calling import call

CHAIN = ChainKey(consolidator="claude-dreams", scenario="orchid-house", repeat=0)


@pytest.fixture
def run(tmp_path):
    """A run folder whose ledger names a store that's left."""
    return tmp_path / "run"


def checks(monkeypatch, capsys):
    code, said, _ = call(monkeypatch, capsys, "doctor", "--json")
    made = json.loads(said)
    assert code == 0
    return {(c["kind"], c["name"]): c for c in made["checks"]}


def test_what_lacks_a_key_is_named_and_nothing_is_broken(monkeypatch, capsys):
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    found = checks(monkeypatch, capsys)
    assert not found["consolidator", "claude-dreams"]["here"]
    assert "ANTHROPIC_API_KEY" in found["consolidator", "claude-dreams"]["what"]
    assert "OPENAI_API_KEY" in found["provider", "openai"]["what"]
    assert found["consolidator", "extractive"]["here"]


def test_what_has_its_key_can_run_and_the_key_is_not_said(monkeypatch, capsys):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-marked-0123456789")
    found = checks(monkeypatch, capsys)
    assert found["consolidator", "claude-dreams"]["here"]
    assert "sk-marked" not in json.dumps(list(found.values()))


@pytest.mark.parametrize("option", ["--remove", "--remove-all", "somewhere"])
def test_options_of_leftovers_go_with_leftovers(monkeypatch, capsys, option):
    code, _, line = call(monkeypatch, capsys, "doctor", option)
    assert (code, line.count("\n")) == (2, 1)
    assert "--leftovers" in line


def store_of(service: FakeService) -> str:
    """The id of a store at the service, tagged as a night's."""
    import anthropic

    with anthropic.Anthropic(api_key="any", base_url=service.url) as client:
        made = client.beta.memory_stores.create(name="x", metadata={"rembench": "claude-dreams", "night": "c1"})
        return str(made.id)


def noted(run, store: str) -> None:
    run.mkdir()
    RunLedger(run).night(CHAIN, "c1").write(f"left:memory_store:{store}", json.dumps({"as": "input store"}))


@pytest.fixture
def service(monkeypatch):
    """The fake service, found by the environment."""
    with FakeService() as fake:
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-marked-0123456789")
        yield fake


def test_leftovers_of_ledger_and_service_are_listed_once(monkeypatch, capsys, service, run):
    noted(run, mine := store_of(service))
    other = store_of(service)
    code, said, _ = call(monkeypatch, capsys, "doctor", "--leftovers", run)
    assert code == 0
    assert sorted(line.split()[1].rstrip(",") for line in said.splitlines()) == sorted([mine, other])


def test_remove_takes_what_the_ledger_names_and_writes_it_off(monkeypatch, capsys, service, run):
    noted(run, mine := store_of(service))
    other = store_of(service)
    code, said, _ = call(monkeypatch, capsys, "doctor", "--leftovers", "--remove", run)
    assert code == 0
    assert any(line.startswith(f"removed: memory_store {mine}") for line in said.splitlines())
    assert read_ledger(run)[CHAIN, "c1"] == {}
    _, said, _ = call(monkeypatch, capsys, "doctor", "--leftovers", "--json", run)
    assert [one["id"] for one in json.loads(said)["leftovers"]] == [other]
    call(monkeypatch, capsys, "doctor", "--leftovers", "--remove-all", run)
    assert call(monkeypatch, capsys, "doctor", "--leftovers", run)[1] == "nothing is left\n"


def test_without_a_key_the_ledgers_are_read_and_nothing_can_be_removed(monkeypatch, capsys, run):
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    noted(run, "memstore_7")
    code, said, _ = call(monkeypatch, capsys, "doctor", "--leftovers", run)
    assert code == 0
    assert "memstore_7" in said
    assert "wasn't asked" in said
    code, _, line = call(monkeypatch, capsys, "doctor", "--leftovers", "--remove", run)
    assert (code, line.count("\n")) == (2, 1)


def test_service_that_does_not_answer_is_one_line(monkeypatch, capsys, service, run):
    noted(run, "memstore_7")
    service.keys = {"another"}
    code, _, line = call(monkeypatch, capsys, "doctor", "--leftovers", run)
    assert (code, line.count("\n")) == (2, 1)
    assert "sk-marked" not in line
