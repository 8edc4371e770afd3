"""The options of vLLM: what they make of a model, and what they refuse."""

import sys

import pytest

from rembench.harness.errors import UserError
from rembench.harness.providers.vllm.options import VllmOptions, environment, served_name


def options(**given) -> VllmOptions:
    return VllmOptions(**{"model": "any/model", "python": sys.executable, **given})


def test_folder_is_called_by_its_name_and_found_from_anywhere(tmp_path, monkeypatch):
    (tmp_path / "qwen").mkdir()
    monkeypatch.chdir(tmp_path)
    assert served_name("./qwen") == "qwen"
    assert options(model="./qwen").engine().model == str(tmp_path / "qwen")
    assert served_name("Qwen/Qwen3-8B") == options(model="Qwen/Qwen3-8B").engine().model == "Qwen/Qwen3-8B"


def test_engines_of_the_same_settings_are_equal_whatever_else_differs():
    one, other = options(temperature=0.5, timeout=1.0), options(temperature=1.0, tries=9)
    assert one.engine() == other.engine()
    assert one.server() == other.server()
    assert hash(one.server()) == hash(other.server())
    assert options(dtype="half").engine() != one.engine()
    assert options(env="A=1").server() != one.server()


def test_arguments_leave_out_what_is_vllms_own_choice():
    arguments = options().engine().arguments()
    assert "--max-model-len" not in arguments
    assert "--dtype" not in arguments
    assert arguments[arguments.index("--seed") + 1] == "0"


def test_words_are_read_as_in_a_shell():
    given = options(args="""--hf-overrides '{"rope": 1}' --enforce-eager""", env="B=2 'A=x y'")
    assert given.engine().args == ("--hf-overrides", '{"rope": 1}', "--enforce-eager")
    assert given.server().env == (("A", "x y"), ("B", "2"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"model": ""}, "model is empty"),
        ({"wait": 0.0}, "wait is a number of seconds"),
        ({"args": "--it 's"}, "args: No closing quotation"),
        ({"env": "=1"}, "isn't a variable"),
        ({"env": "HF_TOKEN=hf-secret"}, "HF_TOKEN is a secret"),
        ({"python": "/nowhere/python"}, "no program: /nowhere/python"),
        ({"mode": "inprocess", "env": "A=1", "python": None}, "env and python are for mode=server"),
        ({"url": "ftp://x"}, "isn't an address"),
        (
            {"url": "http://127.0.0.1:1", "args": "--x", "python": None},
            "args: the server at `url` runs already",
        ),
        ({"url": "http://127.0.0.1:1", "mode": "inprocess", "python": None}, "mode=inprocess"),
    ],
)
def test_options_that_can_not_be_are_said_at_once(given, message):
    with pytest.raises(UserError, match=message) as caught:
        options(**given).check()
    assert "hf-secret" not in str(caught.value)


def test_server_that_runs_needs_no_vllm_here(monkeypatch):
    monkeypatch.setitem(sys.modules, "vllm", None)
    options(url="http://127.0.0.1:1", python=None).check()


def test_sockets_have_room_whatever_the_temporary_folder_is_called(monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/short")
    assert environment() == {"VLLM_NO_USAGE_STATS": "1"}
    monkeypatch.setattr("tempfile.tempdir", "/long" * 20)
    assert environment()["VLLM_RPC_BASE_PATH"] == "/tmp"
