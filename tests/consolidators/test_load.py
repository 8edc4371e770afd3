import asyncio
import re
import tomllib
from pathlib import Path

import pytest

from rembench.consolidators.load import known_consolidators, load_consolidator
from rembench.harness.errors import UserError
from rembench.harness.night import Capabilities
from tests.consolidators.nights import night, session

EXAMPLES = Path(__file__).parents[2] / "examples"
GOOD = """
from dataclasses import dataclass
from rembench import Capabilities, Consolidation

@dataclass
class Mine:
    text: str = "x"
    capabilities = Capabilities(instructions=True)
    async def consolidate(self, night):
        return Consolidation(memory={"a.md": self.text})

class Late:
    def __init__(self):
        self.capabilities = Capabilities(network=True)
    async def consolidate(self, night): ...

class Bare:
    async def consolidate(self, night): ...

class Sync:
    capabilities = Capabilities()
    def consolidate(self, night): ...

class Nightless:
    capabilities = Capabilities()
    async def consolidate(self): ...

class Angry:
    def __init__(self):
        raise KeyError("token")
    async def consolidate(self, night): ...

class Shy:
    @property
    def capabilities(self):
        raise OSError("not now")
    async def consolidate(self, night): ...

class Vague:
    capabilities = Capabilities(transcript="some")
    async def consolidate(self, night): ...

class MuteError(Exception):
    def __str__(self):
        raise ValueError

class Mute:
    def __init__(self):
        raise MuteError
    async def consolidate(self, night): ...

a_function = lambda: None
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(GOOD)
    return path


def memory_of(spec, given=None):
    return asyncio.run(load_consolidator(spec).make(None).consolidate(given or night())).memory


def test_name_is_loaded_from_the_table():
    loaded = load_consolidator("extractive:budget=9")
    assert (loaded.name, loaded.spec) == ("extractive:budget=9", "extractive:budget=9")
    assert loaded.options == {"budget": "9"}
    assert not loaded.control
    assert not loaded.answers


def test_class_in_a_file_is_loaded_with_its_options(file):
    assert memory_of(f"{file}:Mine:text=kept") == {"a.md": "kept"}
    assert load_consolidator(f"{file}:Mine").capabilities == Capabilities(instructions=True)


def test_importable_class_is_loaded():
    assert memory_of("rembench.consolidators.nothing:Nothing") == {}


def test_capabilities_set_by_the_constructor_are_found(file):
    assert load_consolidator(f"{file}:Late").capabilities == Capabilities(network=True)


def test_changed_file_is_loaded_anew(file):
    memory_of(f"{file}:Mine")
    file.write_text(GOOD.replace('"x"', '"changed"'))
    assert memory_of(f"{file}:Mine") == {"a.md": "changed"}


def test_two_files_of_one_name_do_not_meet(file, tmp_path):
    other = tmp_path / "other" / "mine.py"
    other.parent.mkdir()
    other.write_text(GOOD.replace('"x"', '"other"'))
    assert memory_of(f"{file}:Mine") == {"a.md": "x"}
    assert memory_of(f"{other}:Mine") == {"a.md": "other"}


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("Bare", "declares no capabilities; expected: class Name with `capabilities"),
        ("Sync", "Sync isn't a consolidator; expected: .*async def consolidate"),
        ("Nightless", "doesn't take a night"),
        ("Angry", "KeyError: 'token'"),
        ("Shy", r"mine\.py:Shy: OSError: not now"),
        ("Vague", "capabilities aren't valid; transcript is one of full, wrapped, none"),
        ("Mute", "MuteError:$"),
        ("a_function", "isn't a consolidator"),
        ("Min", "unknown class 'Min'; did you mean 'Mine'"),
        ("Mine:txt=1", "unknown option 'txt'"),
    ],
)
def test_class_that_is_no_consolidator_is_refused(file, name, error):
    with pytest.raises(UserError, match=error):
        load_consolidator(f"{file}:{name}")


def test_known_classes_are_those_of_the_file_that_look_like_consolidators(file):
    with pytest.raises(UserError, match=r"known: Angry, Bare, Late, Mine, Mute, Nightless, Shy, Sync, Vague$"):
        load_consolidator(f"{file}:Nobody")


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("x = 1\ny = x / 0\n", r"mine\.py:2: ZeroDivisionError: division by zero"),
        ("import nowhere_to_be_found", r"mine\.py:1: ModuleNotFoundError"),
        ("def broken(:", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_file_that_fails_to_import_gets_one_line_with_its_place(file, source, error):
    file.write_text(source)
    with pytest.raises(UserError, match=error):
        load_consolidator(f"{file}:Mine")


@pytest.mark.parametrize(
    ("spec", "error"),
    [
        ("extractiv", "unknown consolidator 'extractiv'; did you mean 'extractive'"),
        ("nowhere.at_all:Name", "ModuleNotFoundError: No module named 'nowhere'"),
        ("absent.py:Name", "absent.py: no such file"),
        ("absent.py", "write absent.py:Name"),
        ("extractive:budget", "'budget' isn't an option; write key=value"),
    ],
)
def test_what_is_not_there_is_said(spec, error):
    with pytest.raises(UserError, match=error):
        load_consolidator(spec)


def install(folder, point, value="rembench.consolidators.identity:Identity", name="some-plugin"):
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[rembench.consolidators]\n{point} = {value}\n")


def test_installed_plugin_is_found_by_its_name(tmp_path, monkeypatch):
    install(tmp_path, "plugged")
    monkeypatch.syspath_prepend(tmp_path)
    assert known_consolidators()["plugged"].summary == "plugin: some-plugin"
    assert memory_of("plugged", night(memory={"a": "b"})) == {"a": "b"}
    assert not load_consolidator("plugged").control


def test_two_of_one_name_are_an_error(tmp_path, monkeypatch):
    install(tmp_path, "extractive")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UserError, match=r"plugin some-plugin: two .* 'extractive'"):
        load_consolidator("extractive")


def test_the_readmes_own_consolidator_takes_the_readmes_option(tmp_path):
    readme = (EXAMPLES.parent / "README.md").read_text("utf-8")
    source, option = re.search(r"```python\n(.*?)```.*`-c mine\.py:Mine(:[^`]*)`", readme, re.DOTALL).groups()
    (tmp_path / "mine.py").write_text(source, "utf-8")
    talk = session(1, "I prefer wood ash.", "Noted.", "And " + "more " * 300)
    for said, words in (("", 100), (option, int(option.rpartition("=")[2]))):
        memory = memory_of(f"{tmp_path / 'mine.py'}:Mine{said}", night(memory={"a": "b"}, sessions=(talk,)))
        assert memory.pop("a") == "b"
        assert [len(text.split()) for text in memory.values()] == [words]


def test_example_file_keeps_preferences():
    talk = session(1, "I prefer wood ash. The bus was late.", "I prefer tea.", "Never call at noon!")
    memory = memory_of(f"{EXAMPLES}/keep_preferences.py:KeepPreferences", night(memory={}, sessions=(talk,)))
    assert memory == {
        "user/preferences.md": "- 2026-03-01: I prefer wood ash.\n- 2026-03-01: Never call at noon!\n"
    }


def test_example_plugin_declares_a_consolidator():
    declared = tomllib.loads((EXAMPLES / "plugin/pyproject.toml").read_text())["project"]
    module, _, name = declared["entry-points"]["rembench.consolidators"]["last-session"].partition(":")
    memory = memory_of(f"{EXAMPLES}/plugin/{module}/__init__.py:{name}")
    assert memory == {"last-session.md": "# 2026-03-02\n\nThe new shelf is 40 cm deep. Did you see it?\n"}


@pytest.mark.parametrize("option", ["api_key", "token", "my_secret", "password"])
def test_key_as_an_option_is_refused_and_not_repeated(option):
    with pytest.raises(UserError, match="environment") as raised:
        load_consolidator(f"extractive:{option}=sk-marked-0123456789")
    assert "sk-marked" not in str(raised.value)


@pytest.mark.parametrize("spec", ["claude:model={}", "extractive:lines={}", "{}", "command:run=curl {}"])
def test_key_of_the_environment_in_a_spec_is_refused_and_not_repeated(spec, monkeypatch):
    monkeypatch.setenv("ODD_API_KEY", "sk-marked-0123456789")
    with pytest.raises(UserError, match="ODD_API_KEY") as raised:
        load_consolidator(spec.format("sk-marked-0123456789"))
    assert "sk-marked" not in str(raised.value)
