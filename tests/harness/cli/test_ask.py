"""`rembench ask` and `run --reader`: journalled, resumable, nothing is paid twice, no key is written down."""

import json
import signal

import pytest

from rembench.harness.reader import question
from rembench.harness.reader.journal import read_answers
from tests.harness.cli.calling import call
from tests.harness.engine.running import ODD, TINY
from tests.harness.reader import models
from tests.warm import rembench

MODELS = models.__file__
SCENARIO = "bakery-counter"  # the first of the pack; its nights: c1, c2


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run of one scenario, and the journal that it had."""
    folder = tmp_path_factory.mktemp("asked") / "r"
    rembench("run", "-p", TINY, "-c", "append-all", "-o", folder, "-q", "--limit", "1")
    return folder


@pytest.fixture
def folder(made):
    """The run, unread."""
    (made / "answers.jsonl").unlink(missing_ok=True)
    return made


@pytest.fixture
def ask(monkeypatch, capsys, folder):
    def run(name, *more):
        return call(monkeypatch, capsys, "ask", folder, "--reader", f"{MODELS}:{name}", "-q", *more)

    return run


def logged(path):
    return path.read_text().splitlines() if path.exists() else []


def answered(folder):
    return {name: len(calls) for name, calls in read_answers(folder).calls.items()}


def test_asking_twice_calls_the_model_once(ask, folder, tmp_path):
    log = tmp_path / "calls"
    code, said, line = ask(f"Perfect:log={log}")
    assert (code, line) == (0, "")
    assert said.splitlines()[-1] == str(folder)
    calls = logged(log)
    assert sum("all that the agent was told" in one for one in calls) == 2
    assert ask(f"Perfect:log={log}")[0] == 0
    assert logged(log) == calls


def test_a_reader_that_is_killed_goes_on_and_pays_for_no_reply_twice(folder, tmp_path):
    """Calls one at a time; the fourth kills the process before its reply is there."""
    log = tmp_path / "calls"
    spec = f"{MODELS}:Perfect:log={log},die=4"
    asked = ["ask", folder, "-q", "--concurrency", "1", "--reader"]
    rembench(*asked, spec, code=-signal.SIGKILL)
    assert list(answered(folder).values()) == [3]
    whole = tmp_path / "whole"
    rembench(*asked, f"{MODELS}:Perfect:log={whole}")
    log.rename(tmp_path / "first")
    calls = len(logged(whole))
    for _ in range(calls):  # every try dies at its own fourth call
        if rembench(*asked, spec, code=None).returncode == 0:
            break
        log.unlink()
    assert answered(folder)[spec] == calls
    assert logged(tmp_path / "first")[:3] == logged(whole)[:3]


def test_again_asks_everything_anew(ask, folder, tmp_path):
    log = tmp_path / "calls"
    ask(f"Perfect:log={log}")
    calls = len(logged(log))
    assert ask(f"Perfect:log={log}", "--again")[0] == 0
    assert len(logged(log)) == 2 * calls
    assert list(answered(folder).values()) == [calls]


def test_two_readers_stand_beside_each_other(ask, folder):
    ask("Perfect")
    ask("Silent")
    assert list(answered(folder)) == [f"{MODELS}:Perfect", f"{MODELS}:Silent"]


def test_other_prompts_are_not_mixed_with_the_old(ask, folder):
    ask("Perfect")
    journal = folder / "answers.jsonl"
    (digest,) = {question.prompt_hashes()["system.txt"]}
    journal.write_text(journal.read_text().replace(digest, "0" * 64))
    code, _, line = ask("Perfect")
    assert code == 2
    assert "has begun with other prompts" in line
    assert "--again" in line
    assert ask("Perfect", "--again")[0] == 0


def test_calls_that_fail_are_said_in_one_line_and_made_again(ask, folder, tmp_path):
    log = tmp_path / "calls"
    code, _, line = ask(f"Flaky:log={log}")
    assert code == 0
    assert line.count("\n") == 1
    assert "calls failed (" in line
    assert "bug); first: provider bug: ConnectionError: the line is dead" in line
    failed = len(read_answers(folder).calls[f"{MODELS}:Flaky:log={log}"])
    for _ in range(8):
        _, _, line = ask(f"Flaky:log={log}")
    assert line == ""
    assert len(read_answers(folder).calls[f"{MODELS}:Flaky:log={log}"]) > failed


def test_a_reader_of_which_every_call_fails_is_exit_2(ask):
    code, _, line = ask("Sleepy")
    assert code == 2
    assert "unknown class 'Sleepy'" in line
    code, _, line = ask("Broken")
    assert code == 2
    assert "calls failed" in line


def test_the_budget_is_kept_over_all_tries(ask, folder):
    for _ in range(2):
        code, _, line = ask("Perfect", "--budget", "0.035", "--concurrency", "1")
        assert code == 0
        assert "calls weren't made, the budget is spent" in line
        assert list(answered(folder).values()) == [4]
    assert ask("Perfect", "--budget", "9")[2] == ""


def test_a_key_that_is_an_option_is_written_nowhere(ask, folder, tmp_path):
    code, said, line = ask("Keyed:api_key=sk-marked-0123456789")
    assert code == 0, line
    written = b"".join(path.read_bytes() for path in folder.iterdir())
    assert "sk-marked" not in said + line
    assert b"sk-marked" not in written
    assert list(answered(folder)) == [f"{MODELS}:Keyed:api_key=***"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask"], ["Missing", "see rembench ask --help"]),
        (["ask", "nowhere", "--reader", f"{MODELS}:Perfect"], ["nowhere: not a run folder"]),
        (["ask", "FOLDER"], ["--reader", "see rembench ask --help"]),
        (["ask", "FOLDER", "--reader", "gpt"], ["unknown reader 'gpt'", "known: anthropic, openai, vllm"]),
        (["ask", "FOLDER", "--reader", f"{MODELS}:Seen"], ["Seen isn't a reader's model"]),
        (["ask", "FOLDER", "--reader", f"{MODELS}:Perfect", "--budget", "0"], ["--budget 0.0"]),
        (["ask", "FOLDER", "--reader", f"{MODELS}:Perfect", "--concurrency", "0"], ["--concurrency"]),
    ],
)
def test_what_is_wrong_is_one_line(monkeypatch, capsys, folder, arguments, words):
    given = [folder if one == "FOLDER" else one for one in arguments]
    code, _, line = call(monkeypatch, capsys, *given)
    assert code == 2
    assert line.count("\n") == 1
    assert all(word in line for word in words), line
    assert not (folder / "answers.jsonl").exists()


def test_a_damaged_journal_of_readers_stops_every_command_that_needs_it(monkeypatch, capsys, ask, folder):
    ask("Perfect")
    journal = folder / "answers.jsonl"
    journal.write_text(journal.read_text() + "{}\n")
    for command in (("ask", folder, "--reader", f"{MODELS}:Perfect"), ("score", folder), ("report", folder)):
        code, _, line = call(monkeypatch, capsys, *command)
        assert code == 2
        assert line.count("\n") == 1
        assert "the readers' journal is damaged" in line


def test_what_is_answered_right_is_printed_beside_the_raw_sessions(ask, folder):
    code, said, _ = ask("Perfect")
    lines = said.splitlines()
    assert code == 0
    assert f"reader {MODELS}:Perfect: " in said
    (sessions,) = [line.split() for line in lines if line.startswith("(raw sessions)")]
    oracle = [line.split() for line in lines if line.startswith("oracle *")][-1]
    assert (sessions[2], oracle[2], oracle[3]) == ("1.00", "1.00", "0.00")


def test_a_run_with_a_reader_is_read_when_its_nights_are_over(monkeypatch, capsys, tmp_path):
    folder, log = tmp_path / "r", tmp_path / "calls"
    options = ["-p", TINY, "-c", "append-all", "--limit", "1", "--reader", f"{MODELS}:Perfect:log={log}"]
    code, said, line = call(monkeypatch, capsys, "run", *options, "-o", folder, "-q")
    assert (code, said.splitlines()[-1], line) == (0, str(folder), "")
    calls = logged(log)
    assert list(answered(folder).values()) == [len(calls)]
    journal = folder / "answers.jsonl"
    journal.write_text("".join(journal.read_text().splitlines(keepends=True)[:3]))
    assert call(monkeypatch, capsys, "run", "--resume", "-o", folder, "-q")[0] == 0
    assert list(answered(folder).values()) == [len(calls)]
    assert len(logged(log)) == 2 * len(calls) - 2


def test_the_budget_of_a_run_is_for_its_nights_and_its_reader(monkeypatch, capsys, tmp_path):
    folder = tmp_path / "r"
    options = [
        "-p",
        TINY,
        "-c",
        f"{ODD}:Pays",
        "--limit",
        "1",
        "--reader",
        f"{MODELS}:Perfect",
        "--budget",
        "1.215",
    ]
    _, _, line = call(monkeypatch, capsys, "run", *options, "-o", folder, "-q", "--concurrency", "1")
    assert "calls weren't made, the budget is spent" in line
    assert list(answered(folder).values()) == [2]


def test_an_unknown_reader_is_said_before_anything_is_run(monkeypatch, capsys, tmp_path):
    folder = tmp_path / "r"
    code, _, line = call(monkeypatch, capsys, "run", "-p", TINY, "-o", folder, "--reader", "gpt")
    assert code == 2
    assert "unknown reader 'gpt'" in line
    assert not folder.exists()


def test_a_reader_whose_key_was_an_option_is_to_be_given_again(monkeypatch, capsys, tmp_path):
    folder = tmp_path / "r"
    reader = ["--reader", f"{MODELS}:Keyed:api_key=sk-marked-0123456789"]
    assert call(monkeypatch, capsys, "run", "-p", TINY, "--limit", "1", "-o", folder, "-q", *reader)[0] == 0
    code, _, line = call(monkeypatch, capsys, "run", "--resume", "-o", folder, "-q")
    assert code == 2
    assert "was given a secret as an option" in line
    assert call(monkeypatch, capsys, "run", "--resume", "-o", folder, "-q", *reader)[0] == 0


def test_who_recalls_is_asked_through_its_own_recall(monkeypatch, capsys, tmp_path):
    folder = tmp_path / "r"
    options = ["-p", TINY, "-c", "pull", "--limit", "1", "--reader", f"{MODELS}:Perfect"]
    assert call(monkeypatch, capsys, "run", *options, "-o", folder, "-q")[0] == 0
    calls = read_answers(folder).calls[f"{MODELS}:Perfect"]
    recalled = [one for one in calls if one.subject.source == "recall"]
    assert {len(one.items) for one in recalled} == {1}
    assert any("6:30" in (one.recalled or "") for one in recalled)
    record = json.loads((folder / "run.json").read_text())
    (pull,) = [one for one in record["consolidators"] if one["name"] == "pull"]
    assert pull["capabilities"]["recall"] is True
