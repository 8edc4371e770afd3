"""`rembench pack generate --rewrite-with`: the pack is right, its card names the model, no key is shown."""

import json
from pathlib import Path

import pytest

from rembench.harness.generator.rewrite import prompt_hashes
from tests.harness.cli.calling import call
from tests.harness.generator import rewriters
from tests.harness.generator.rewriters import messages

MODELS = Path(rewriters.__file__)
SECRET = "sk-marked"


@pytest.fixture
def generate(monkeypatch, capsys, tmp_path):
    """Generates a small pack with further options: exit code, stdout, stderr, and the folder."""

    def run(*options, name="made"):
        folder = tmp_path / name
        asked = ("-o", folder, "--seed", "s", "-n", 1, "--level", 1, "--twins", *options)
        return *call(monkeypatch, capsys, "pack", "generate", *asked), folder

    return run


def scenarios(folder):
    return [json.loads(line) for line in (folder / "scenarios.jsonl").read_text("utf-8").splitlines()]


def test_a_reworded_pack_is_valid_and_says_so_in_one_line(generate, monkeypatch, capsys):
    code, out, err, folder = generate("--rewrite-with", f"{MODELS}:Chatty:api_key={SECRET},tone=dry")
    assert (code, out) == (0, f"{folder}\n")
    assert err.count("\n") == 1
    assert err.endswith(" US dollars\n")
    code, out, _ = call(monkeypatch, capsys, "pack", "validate", folder)
    assert code == 0
    assert out.endswith(", valid, second solver agrees on 2\n")


def test_the_card_names_the_model_the_numbers_and_the_prompts_but_no_key(generate):
    _, _, err, folder = generate("--rewrite-with", f"{MODELS}:Chatty:api_key={SECRET},tone=dry")
    card = (folder / "README.md").read_text("utf-8")
    asked, kept = (err.split()[0], err.split(", ")[1].split()[0])
    assert f"| reworded with | {MODELS}:Chatty (api_key=***, tone=dry) |" in card
    assert "| model | chatty-1 |" in card
    assert f"| messages reworded | {kept} of {asked} put to it |" in card
    for name, digest in prompt_hashes().items():
        assert f"| prompt {name} | sha256 `{digest}` |" in card
    assert "The same settings give the same bytes" not in card
    for file in folder.iterdir():
        assert SECRET not in file.read_text("utf-8")


def test_only_the_words_differ_from_the_pack_without_a_model(generate):
    _, _, err, plain = generate(name="made")
    assert err == ""
    assert "The same settings give the same bytes" in (plain / "README.md").read_text("utf-8")
    before = scenarios(plain)
    for file in plain.iterdir():
        file.unlink()
    _, _, _, folder = generate("--rewrite-with", f"{MODELS}:Chatty")
    for old, new in zip(before, scenarios(folder), strict=True):
        assert messages(old, "tool") == messages(new, "tool")
        assert messages(old, "user") != messages(new, "user")
        for one in (old, new):
            del one["steps"]
        assert old == new


@pytest.mark.parametrize(
    ("spec", "error"),
    [
        ("nobody", "unknown rewriter 'nobody'"),
        ("", "'' isn't a rewriter; write name, package.module:Name or path.py:Name"),
        ("absent.py:Name", "absent.py: no such file"),
        (f"{MODELS}:Seen", "Seen isn't a rewriter's model; expected: class Name"),
        (f"{MODELS}:Chatty:size=3", "unknown option 'size'"),
    ],
)
def test_a_model_that_is_not_there_is_said_before_anything_is_written(generate, spec, error):
    code, out, err, folder = generate("--rewrite-with", spec)
    assert (code, out) == (2, "")
    assert err.startswith("rembench: error: ")
    assert err.count("\n") == 1
    assert error in err
    assert not folder.exists()


def test_what_the_user_has_to_mend_for_the_model_is_said_before_a_file_is_written(generate):
    code, _, err, folder = generate("--rewrite-with", f"{MODELS}:Keyless:api_key={SECRET}")
    assert (code, err) == (2, "rembench: error: the key *** isn't one; set CHATTY_KEY\n")
    assert list(folder.iterdir()) == []
    assert generate("--rewrite-with", f"{MODELS}:Chatty")[0] == 0
