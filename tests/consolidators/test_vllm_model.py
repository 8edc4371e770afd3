"""What `vllm` does of its own; the rest is in test_openai_compatible, the server's life in test_vllm_server."""

import sys

import pytest

from rembench.consolidators.load import load_consolidator
from rembench.harness.errors import UserError
from rembench.testing import FakeService
from tests.consolidators.chat_servers import MEMORY, PATH, consolidated, vllm_at, writer
from tests.harness.fake.clients import clear_environment

HERE = "vllm:model=any,url=http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    clear_environment(monkeypatch)
    monkeypatch.delenv("VLLM_API_KEY", raising=False)


def test_bounds_are_in_the_schema_and_chance_has_no_seed():
    with FakeService(model=writer) as service:
        consolidated(vllm_at(service, most_files=2, most_lines=3, most_characters=40))
    (body,) = service.asked.bodies(PATH)
    files = body["response_format"]["json_schema"]["schema"]["properties"]["files"]
    assert files["maxItems"] == 2
    assert files["items"]["properties"]["lines"]["maxItems"] == 3
    assert body["temperature"] == 0
    assert "seed" not in body


def test_server_of_ones_own_is_asked_with_its_key(monkeypatch):
    monkeypatch.setenv("VLLM_API_KEY", "sk-of-the-server")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai-4711")
    with FakeService(keys={"sk-of-the-server"}, model=writer) as service:
        assert consolidated(vllm_at(service)).memory == MEMORY
        assert consolidated(f"vllm:model=any,url={service.url}/v1/").memory == MEMORY


def test_patience_is_as_long_as_the_server_may_take():
    loaded = load_consolidator("vllm:model=any,url=http://127.0.0.1:1,wait=3000")
    assert loaded.make(None).capabilities.patience == 3900


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (f"{HERE},most_lines=0", "most_lines"),
        (f"{HERE},temperature=9", "temperature"),
        (f"{HERE},retries=-1", "retries"),
        (f"{HERE},mode=inprocess", "runs already"),
        ("vllm:model=any", r"pip install 'rembench\[vllm\]'"),
    ],
)
def test_what_can_not_be_is_said_before_the_first_night(spec, message, monkeypatch):
    monkeypatch.setitem(sys.modules, "vllm", None)
    with pytest.raises(UserError, match=message):
        load_consolidator(spec).make(None)
