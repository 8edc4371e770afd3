"""A model is found by its name or its place, and its key is shown nowhere."""

from pathlib import Path

import pytest

from rembench.harness.errors import UserError
from rembench.harness.providers.load import known_models, load_model
from rembench.harness.providers.table import TABLE

MODELS = Path(__file__).parent / "models.py"
SECRET = "sk-marked"


def install(folder, name="some-plugin"):
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    target = "tests.harness.judge.models:Contains"
    (info / "entry_points.txt").write_text(f"[rembench.providers]\nplugged = {target}\n")


def test_a_class_in_a_file_or_a_module_is_loaded():
    for spec in (f"{MODELS}:Contains", "tests.harness.judge.models:Contains"):
        loaded = load_model(spec)
        assert loaded.name == spec
        assert type(loaded.provider).__name__ == "Contains"


def test_an_installed_plugin_is_found_by_its_name(tmp_path, monkeypatch):
    install(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert known_models() == {**TABLE, "plugged": "tests.harness.judge.models:Contains"}
    assert load_model("plugged").name == "plugged"


def test_two_of_one_name_are_an_error(tmp_path, monkeypatch):
    install(tmp_path)
    install(tmp_path, "another-plugin")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UserError, match="two judges are called 'plugged'"):
        load_model("plugged")


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("NoMethod", "NoMethod isn't a judge's model; expected: .*async def complete"),
        ("Sync", "isn't a judge's model"),
        ("NoRequest", "doesn't take a request"),
        ("Contain", "unknown class 'Contain'; did you mean 'Contains'"),
        ("Keyed:keys=1", "unknown option 'keys'"),
    ],
)
def test_what_is_no_provider_is_refused(name, error):
    with pytest.raises(UserError, match=error):
        load_model(f"{MODELS}:{name}")


@pytest.mark.parametrize(
    ("spec", "error"),
    [
        ("someone", "unknown judge 'someone'"),
        ("two words", "isn't a judge; write name"),
        ("absent.py:Name", "absent.py: no such file"),
        ("nowhere.at_all:Name", "No module named 'nowhere'"),
    ],
)
def test_what_is_not_there_is_said(spec, error):
    with pytest.raises(UserError, match=error):
        load_model(spec)


def test_the_key_is_shown_neither_in_the_name_nor_in_the_options():
    loaded = load_model(f"{MODELS}:Keyed:api_key={SECRET},mode=fine")
    assert loaded.options == {"api_key": "***", "mode": "fine"}
    assert SECRET not in repr(loaded)
    assert loaded.secrets == (SECRET,)


def test_the_key_is_not_in_the_error_of_a_model_that_can_not_be_made():
    with pytest.raises(UserError, match=r"ValueError: bad key \*\*\*"):
        load_model(f"{MODELS}:Keyed:api_key={SECRET},mode=unmade")
