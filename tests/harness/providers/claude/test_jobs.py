"""Claude by its name in the two jobs that providers have: it judges, and it rewords packs."""

import pytest

from rembench.harness.audit.audit import audit
from rembench.harness.audit.validity import load_sets
from rembench.harness.judge.judge import Judge
from rembench.harness.providers.load import load_model
from rembench.testing import FakeService, Said
from tests.harness.audit.made import write_set
from tests.harness.cli.calling import call
from tests.harness.providers.claude.asking import KEY, as_usage, come_here

SPEC = "anthropic:model=claude-haiku-5-5"


@pytest.fixture
def fake(monkeypatch):
    """Starts a fake service where the environment leads."""
    with FakeService(model=lambda prompt: said[0](prompt)) as service:
        come_here(monkeypatch, service)
        said = [lambda _: Said(text="{}")]
        service.says = said
        yield service


def test_it_judges_and_its_cost_is_what_the_service_billed(fake, tmp_path):
    fake.says[0] = lambda _: Said.json({"answers": [{"id": f"v{n}", "stance": "held"} for n in range(9)]})
    sets = load_sets((write_set(tmp_path / "tiny"),))
    found = audit(sets, judge=Judge(load_model(SPEC)), parts={})["judge"]
    cost = as_usage(*fake.billed)
    assert found["models"] == ["claude-haiku-5-5"]
    assert found["cost"]["calls"] == len(fake.billed)
    assert found["cost"]["usd"] == pytest.approx(cost.usd.expected, abs=1e-6)  # it's rounded there
    assert found["cost"]["output_tokens"] == cost.output_tokens


def test_it_rewords_a_pack_and_no_file_has_the_key(fake, monkeypatch, capsys, tmp_path):
    fake.says[0] = lambda _: Said.json({"text": f"nothing of the kind, {KEY}"})
    asked = ("-o", tmp_path / "made", "--seed", "s", "-n", 1, "--level", 1, "--rewrite-with", SPEC)
    code, _, said = call(monkeypatch, capsys, "pack", "generate", *asked)
    assert code == 0
    assert said.startswith(f"{len(fake.billed)} messages put to the model")
    assert f"cost {as_usage(*fake.billed).usd.expected:.4f} US dollars" in said
    files = [path for path in (tmp_path / "made").rglob("*") if path.is_file()]
    assert not [path.name for path in files if KEY.encode() in path.read_bytes()]
