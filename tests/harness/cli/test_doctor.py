"""`rembench doctor`: what can run here, what's missing, and what's left at a service."""

import json
import os

import pytest

from rembench.harness.cli.doctor import consolidator_checks, provider_checks
from rembench.harness.engine.ledger import RunLedger, read_ledger
from rembench.harness.types import ChainKey
from rembench.testing import FakeService
from tests.harness.cli.calling import call
from tests.warm import rembench

CHAIN = ChainKey(consolidator="claude-dreams", scenario="orchid-house", repeat=0)


@pytest.fixture
def run(tmp_path):
    """A run folder whose ledger names a store that's left."""
    return tmp_path / "run"


@pytest.fixture(scope="module")
def said():
    """What `doctor --json` prints where there's a key for Anthropic's service, and one that's nobody's."""
    keys = {"ANTHROPIC_API_KEY": "sk-marked-0123456789", "ODD_API_KEY": "sk-marked-9876543210"}
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ANTHROPIC_", "OPENAI_"))}
    return rembench("doctor", "--json", environment={**environment, **keys}).stdout


@pytest.fixture
def found(said):
    return {(c["kind"], c["name"]): c for c in json.loads(said)["checks"]}


def test_every_kind_of_thing_is_looked_at(said, found):
    assert {kind for kind, _ in found} == {"pack", "consolidator", "provider", "version", "disk"}
    assert json.loads(said)["ok"]


def test_what_has_its_key_can_run_and_no_key_is_said(said, found):
    assert found["consolidator", "claude-dreams"]["here"]
    assert "sk-marked" not in said


def test_those_with_options_are_shown_as_they_are_named(found):
    assert found["consolidator", "command"]["ok"]
    assert found["consolidator", "command"]["what"].endswith("-c 'command:run=python3 my.py'")
    assert found["consolidator", "replay"]["what"].endswith("-c 'replay:path=memories'")


def test_what_lacks_a_key_is_named_and_nothing_is_broken(monkeypatch):
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    lacking = {(c.kind, c.name): c for c in (*consolidator_checks(), *provider_checks())}
    assert not lacking["consolidator", "claude-dreams"].here
    assert "ANTHROPIC_API_KEY" in lacking["consolidator", "claude-dreams"].what
    assert "OPENAI_API_KEY" in lacking["provider", "openai"].what
    assert lacking["consolidator", "extractive"].here
    assert all(one.ok for one in lacking.values())


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
