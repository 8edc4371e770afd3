import asyncio
import json
import shlex
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.consolidators.command import Command, ProgramError, given_to_the_program, read_output
from rembench.consolidators.load import load_consolidator
from rembench.harness.engine.failures import failure_of
from rembench.harness.errors import UserError
from rembench.harness.night import (
    Capabilities,
    Consolidation,
    ConsolidatorError,
    Message,
    Provenance,
    Session,
    Usage,
)
from rembench.harness.processes.child import Output
from tests.consolidators.nights import night, session
from tests.harness.processes.programs import FAMILY, alive, family

ECHO = "import json, sys; night = json.load(sys.stdin); print(json.dumps({'memory': {'a.md': ascii(night)}}))"
MARKED = "sk-marked-2f1d8c0b7a"


KEYS = [
    "memory",
    "usage",
    "provenance",
    "trace",
    "error",
    "type",
    "message",
    "path",
    "start",
    "usd",
    "x_a",
    "a.md",
]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats(allow_nan=False)
    | st.sampled_from([*KEYS, "refusal"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)


@pytest.fixture
def program(tmp_path):
    """Writes a program and says how it's called."""

    def written(source, **options):
        path = tmp_path / "my program.py"
        path.write_text(source)
        said = "".join(f",{key}={value}" for key, value in options.items())
        return f"command:run={sys.executable} {shlex.quote(str(path))}{said}"

    return written


def prints(made, code=0, stderr=""):
    text = made if isinstance(made, str) else json.dumps(made)
    return f"import sys; sys.stdout.write({text!r}); sys.stderr.write({stderr!r}); sys.exit({code})"


def result(spec, given=None):
    """What came of a night: a consolidation, or the type and the message of its failure."""
    try:
        return asyncio.run(load_consolidator(spec).make().consolidate(given or night()))
    except Exception as error:  # noqa: BLE001 - every failure is looked at by the tests
        failure = failure_of(error)
        return failure.type, failure.message


def test_program_is_given_the_night_as_the_module_says(program):
    given = night(write_budget=40)
    read = eval(result(program(ECHO), given).memory["a.md"])
    assert read == given_to_the_program(given)
    assert read.keys() == {
        "schema", "chain", "night", "at", "memory", "sessions", "deletions", "instructions", "write_budget",
        "seed",
    }  # fmt: skip
    assert (read["schema"], read["night"], read["write_budget"], read["instructions"]) == (1, "c1", 40, None)
    assert read["sessions"][1]["messages"][0] == {
        "role": "user", "content": "The new shelf is 40 cm deep. Did you see it?", "name": None,
    }  # fmt: skip
    assert read["deletions"] == [
        {"id": "d1", "at": "2026-03-02T10:00:00Z", "request": "Forget my shelf.", "standing": False}
    ]


def test_what_no_utf8_can_hold_reaches_the_program_too(program):
    read = eval(result(program(ECHO), night(sessions=(session(1, "ok\0\ud800 窯"),))).memory["a.md"])
    assert read["sessions"][0]["messages"][0]["content"] == "ok\0\ud800 窯"


def test_all_that_a_program_gives_back_is_taken(program):
    piece = {"path": "a.md", "start": 0, "end": 3, "session": "s1", "message": 2}
    made = {
        "memory": {"a.md": "- x\n", "b/c.md": ""},
        "usage": {"input_tokens": 12, "calls": 1, "usd": 0.25, "output_tokens": None},
        "provenance": [piece],
        "trace": ["read 2 sessions"],
        "x_model": {"anything": 1},
    }
    assert result(program(prints(made))) == Consolidation(
        memory={"a.md": "- x\n", "b/c.md": ""},
        usage=Usage(input_tokens=12, calls=1, usd=0.25),
        provenance=(Provenance(**piece),),
        trace=("read 2 sessions",),
    )


def test_cost_that_is_not_given_is_unknown(program):
    assert result(program(prints({"memory": {}}))) == Consolidation(memory={}, usage=Usage())


@pytest.mark.parametrize("kind", ["provider", "refusal", "cut_off", "budget", "invalid_output"])
@pytest.mark.parametrize("code", [0, 4])
def test_error_that_a_program_names_has_that_type(program, kind, code):
    made = {"error": {"type": kind, "message": "so it\nis"}}
    assert result(program(prints(made, code))) == (kind, "so it is")


def test_cost_of_a_failed_night_is_kept(program):
    made = {"error": {"type": "provider", "message": "529"}, "usage": {"usd": 0.5}}
    with pytest.raises(Exception, match="529") as raised:
        asyncio.run(load_consolidator(program(prints(made))).make().consolidate(night()))
    assert raised.value.usage == Usage(usd=0.5)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        ("", "stdout: isn't JSON (Expecting value at line 1 column 1): it's empty"),
        ("Loading…\n{}", "stdout: isn't JSON (Expecting value at line 1 column 1): 'Loading…\\n{}'"),
        ('{"memory": {}} {}', "stdout: isn't JSON (Extra data at line 1 column 16): '{\"memory\": {}} {}'"),
        ("[" * 100_000, "stdout: isn't JSON that can be read: nested too deeply"),
        ('{"memory": {"a": 1' + "0" * 5000 + "}}", "stdout: isn't JSON that can be read: Exceeds the limit"),
        ('{"memory": {"a": "", "a": ""}}', "the key 'a' comes twice in an object"),
        ('{"memory": {}, "usage": {"usd": NaN}}', "NaN isn't a JSON number"),
        ([], "stdout: is a list, an object is needed"),
        ({}, "stdout: 'memory' is missing"),
        ({"memory": {}, "memry": 1}, "unknown key 'memry'; did you mean 'memory'? known: memory, usage, prov"),
        ({"memory": []}, "stdout: memory: is a list, an object is needed"),
        ({"memory": {"a.md": 3}}, "stdout: memory['a.md']: is a number, text is needed"),
        ({"memory": {}, "usage": []}, "stdout: usage: is a list, an object is needed"),
        ({"memory": {}, "usage": {"tokens": 1}}, "usage: unknown key 'tokens'"),
        ({"memory": {}, "usage": {"calls": True}}, "usage.calls: is true or false, a whole number is needed"),
        ({"memory": {}, "usage": {"calls": 1.5}}, "usage.calls: is a number, a whole number is needed"),
        ({"memory": {}, "usage": {"usd": -1}}, "usage.usd: isn't an amount from 0"),
        ({"memory": {}, "usage": {"usd": "1"}}, "usage.usd: is text, a number is needed"),
        ({"memory": {}, "trace": "x"}, "trace: is text, a list is needed"),
        ({"memory": {}, "trace": [1]}, "trace[0]: is a number, text is needed"),
        ({"memory": {}, "provenance": [{"path": "a"}]}, "provenance[0]: 'start' is missing"),
        ({"error": "no"}, "stdout: error: is text, an object is needed"),
        (
            {"error": {"type": "tired", "message": ""}},
            "error.type: unknown value 'tired'; known: provider, ref",
        ),
        ({"error": {"type": "provider", "message": ""}, "memory": {}}, "unknown key 'memory'"),
    ],
)
def test_what_is_not_of_the_shape_is_invalid_output_with_its_place(program, made, message):
    kind, said = result(program(prints(made)))
    assert kind == "invalid_output"
    assert message in said


@settings(max_examples=300, deadline=None)
@given(made=ANYTHING, code=st.integers(0, 1))
def test_any_json_is_a_consolidation_or_a_typed_failure(made, code):
    output = Output(stdout=json.dumps(made).encode(), stderr=b"", too_long=False, returncode=code)
    came: object
    try:
        came = read_output(output)
    except (ValueError, ConsolidatorError, ProgramError) as error:
        came = str(error)
    assert isinstance(came, Consolidation | str)
    assert "\n" not in str(came)


def test_bytes_that_are_not_utf8_are_invalid_output(program):
    source = "import sys; sys.stdout.buffer.write(b'{\\xff}')"
    assert result(program(source)) == ("invalid_output", "stdout: byte 1 isn't valid UTF-8")


def test_program_that_ends_badly_is_shown_with_its_last_words(program):
    source = prints({"memory": {}}, 3, "Traceback\n  ...\nKeyError: 'shelf'\n\n")
    assert result(program(source)) == ("consolidator_bug", "ProgramError: exit status 3: KeyError: 'shelf'")


def test_program_without_last_words_is_shown_with_its_status(program):
    assert result(program("import os; os._exit(9)")) == ("consolidator_bug", "ProgramError: exit status 9")


def test_program_that_a_signal_ends_is_shown_with_it(program):
    source = "import os, signal; os.kill(os.getpid(), signal.SIGABRT)"
    assert result(program(source)) == ("consolidator_bug", "ProgramError: ended by SIGABRT")


def test_program_that_is_gone_by_night_is_said(tmp_path):
    path = tmp_path / "mine"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    made = load_consolidator(f"command:run={path}").make()
    path.unlink()
    with pytest.raises(Exception, match="mine can't be started: No such file or directory"):
        asyncio.run(made.consolidate(night()))


def test_too_much_output_is_invalid_output(program):
    spec = program("print('x' * 5000)", most_bytes=1000)
    assert result(spec) == ("invalid_output", "stdout: more than 1000 bytes")


def test_program_that_takes_too_long_is_a_timeout_and_ended_with_its_children(program, tmp_path):
    members = tmp_path / "members"
    members.mkdir()
    source = FAMILY.replace("sys.argv[1]", repr(str(members)))
    spec = program(source, timeout=1.5)
    assert result(spec) == ("timeout", f"{sys.executable} took longer than 1.5 s")
    assert alive(family(members)) == {}


def test_cancelled_night_ends_the_program_with_its_children(program, tmp_path):
    members = tmp_path / "members"
    members.mkdir()
    made = load_consolidator(program(FAMILY.replace("sys.argv[1]", repr(str(members))))).make()

    async def cancelled():
        task = asyncio.ensure_future(made.consolidate(night()))
        pids = await asyncio.to_thread(family, members)
        task.cancel()
        await asyncio.wait([task])
        return pids, task.cancelled()

    pids, was = asyncio.run(cancelled())
    assert was
    assert alive(pids) == {}


def environment_of(spec):
    return eval(result(spec).memory["a.md"])


ENVIRONMENT = "import json, os; print(json.dumps({'memory': {'a.md': ascii(dict(os.environ))}}))"


def test_program_gets_no_secret_but_those_named(program, monkeypatch):
    for name in ("ODD_API_KEY", "ODD_TOKEN", "OTHER_SECRET"):
        monkeypatch.setenv(name, MARKED)
    monkeypatch.setenv("ODD_SETTING", "plain")
    seen = environment_of(program(ENVIRONMENT))
    assert not {"ODD_API_KEY", "ODD_TOKEN", "OTHER_SECRET"} & seen.keys()
    assert (seen["ODD_SETTING"], MARKED in str(seen)) == ("plain", False)
    seen = environment_of(program(ENVIRONMENT, pass_env="ODD_API_KEY|OTHER_SECRET"))
    assert [seen.get(name) for name in ("ODD_API_KEY", "ODD_TOKEN", "OTHER_SECRET")] == [MARKED, None, MARKED]


@pytest.mark.parametrize(
    "source",
    [
        "sys.exit('bad key ' + key)",
        "sys.exit('x' * 290 + key)",
        "print(key)",
        "print('x' * 50 + key)",
        "print(json.dumps({key: 1, 'memory': {}}))",
        "print(json.dumps({'memory': {'x' * 50 + key: 1}}))",
        "print(json.dumps({'error': {'type': 'provider', 'message': 'x' * 290 + key}}))",
        "print(json.dumps({'error': {'type': key, 'message': ''}}))",
        "print('{\"' + key + '\": 1, \"' + key + '\": 1}')",
    ],
)
def test_secret_is_in_no_failure_not_even_a_part_of_it(program, monkeypatch, source):
    monkeypatch.setenv("ODD_API_KEY", MARKED)
    before = "import json, os, sys; key = os.environ['ODD_API_KEY']; "
    kind, message = result(program(before + source, pass_env="ODD_API_KEY"))
    assert kind in ("invalid_output", "consolidator_bug", "provider")
    assert MARKED[:6] not in message


def test_program_runs_where_rembench_was_started(program, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = "import json, os; print(json.dumps({'memory': {'a.md': os.getcwd()}}))"
    assert result(program(source)).memory == {"a.md": str(tmp_path.resolve())}


def test_no_shell_reads_the_command():
    source = "import json, sys; print(json.dumps(dict(memory=dict(a=sys.argv[1]))))"
    spec = f"command:run=python3 -c '{source}' '$HOME;|x'"
    assert result(spec).memory == {"a": "$HOME;|x"}


def test_abilities_are_declared_by_an_option(program):
    made = load_consolidator(program(ECHO, can="instructions|write_budget|network", timeout=50))
    assert made.capabilities == Capabilities(
        network=True, instructions=True, write_budget=True, patience=made.capabilities.patience
    )
    assert made.capabilities.patience > 50


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ("run=", "run is empty; command:run=python3 my.py"),
        ("run='x", "No closing quotation; write it as for a shell"),
        ("run=no-such-program -x", "there's no program 'no-such-program' that can be run"),
        ("run=true,timeout=0", "timeout=0; seconds, above 0"),
        ("run=true,timeout=nan", "timeout=nan"),
        ("run=true,most_bytes=0", "most_bytes=0; from 1"),
        ("run=true,pass_env=NOT_THERE_KEY", "NOT_THERE_KEY isn't in the environment; set NOT_THERE_KEY"),
        ("run=true,can=instruction", "unknown ability 'instruction'; did you mean 'instructions'"),
        ("timeout=3", "option 'run' is missing; write :run="),
    ],
)
def test_faulty_options_are_said_before_anything_runs(options, error):
    with pytest.raises(UserError, match=error.replace("(", r"\(")):
        load_consolidator(f"command:{options}")


def test_sessions_keep_all_their_fields():
    one = Session(
        id="s9", at="2026-03-01T09:00:00Z", agent="a", user="u", outcome="done",
        messages=(Message(role="tool", content="x", name="t"),),
    )  # fmt: skip
    assert given_to_the_program(night(sessions=(one,)))["sessions"] == [
        {
            "id": "s9", "at": "2026-03-01T09:00:00Z", "agent": "a", "user": "u", "outcome": "done",
            "messages": [{"role": "tool", "content": "x", "name": "t"}],
        }
    ]  # fmt: skip


def test_a_thousand_sessions_reach_the_program(program):
    many = tuple(session(1 + n % 28, "clay " * 1000) for n in range(1000))
    source = "import json, sys; n = json.load(sys.stdin)['sessions']; "
    source += "print(json.dumps({'memory': {'n': str(len(n))}}))"
    assert result(program(source), night(sessions=many)).memory == {"n": "1000"}


def test_class_is_made_without_starting_anything(tmp_path):
    path = tmp_path / "mine"
    path.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    path.chmod(0o755)
    Command(run=str(path))
    assert not (tmp_path / "started").exists()
