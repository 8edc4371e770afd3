import asyncio
import json
import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.consolidators import TABLE
from rembench.consolidators.load import load_consolidator
from rembench.consolidators.recordings import LINE_BYTES
from rembench.harness.chain_names import ChainName, ChainNames
from rembench.harness.engine.failures import failure_of
from rembench.harness.errors import UserError
from rembench.harness.night import Consolidation, Usage
from tests.consolidators.nights import night

NAMES = ChainNames({
    "chain-1": ChainName("kiln", 0), "chain-2": ChainName("kiln", 1), "chain-3": ChainName("harbour", 0)
})  # fmt: skip
MEMORY = {"a.md": "- kept\n", "b/c.md": ""}


def line(**given):
    return json.dumps({"scenario": "kiln", "night": "c1", "memory": MEMORY} | given)


def journalled(consolidator, memory, failure=None, **chain):
    return json.dumps({
        "chain": {"consolidator": consolidator, "scenario": "kiln", "repeat": 0} | chain, "night": "c1",
        "memory": memory, "failure": failure, "usage": {"calls": 2, "usd": None}, "seconds": 1.5, "trace": [],
    })  # fmt: skip


@pytest.fixture
def file(tmp_path):
    def written(*lines):
        path = tmp_path / "memories.jsonl"
        path.write_text("\n".join(lines) + "\n")
        return path

    return written


def replayed(path, given=None, options=""):
    """What came of a night: a consolidation, or the type and the message of its failure."""
    made = load_consolidator(f"replay:path={path}{options}").make(NAMES)
    try:
        return asyncio.run(made.consolidate(given or night()))
    except Exception as error:  # noqa: BLE001 - every failure is looked at by the tests
        failure = failure_of(error)
        return failure.type, failure.message


def on(chain="chain-1", id_="c1"):
    return replace(night(), chain=chain, id=id_)


def test_replay_is_the_only_one_with_the_chains_names():
    assert [name for name, entry in TABLE.items() if entry.named] == ["replay"]


def test_replay_is_not_made_without_the_names(file):
    with pytest.raises(ValueError, match="chains' names"):
        load_consolidator(f"replay:path={file(line())}").make(None)


def test_names_are_no_option_and_not_handed_to_a_class_named_by_its_place():
    with pytest.raises(UserError, match="unknown option 'names'"):
        load_consolidator("replay:path=x,names=y")
    with pytest.raises(UserError, match="'names' is missing"):
        load_consolidator("rembench.consolidators.replay:Replay:path=x")


def test_memory_of_a_line_is_given_back_with_its_cost(file):
    path = file(line(usage={"usd": 0.5, "calls": 3}, seconds=9, x_by="hand"))
    assert replayed(path) == Consolidation(memory=MEMORY, usage=Usage(usd=0.5, calls=3))


def test_cost_that_is_not_said_is_unknown(file):
    assert replayed(file(line())).usage == Usage()


def test_every_night_and_repeat_has_its_line(file):
    path = file(
        line(),
        "",
        line(night="c2", memory={"a": "c2"}),
        line(repeat=1, memory={"a": "again"}),
        line(scenario="harbour", memory={"a": "harbour 窯"}),
        line(scenario="another", memory={"a": "another"}),
    )
    memories = [replayed(path, on(*at)).memory for at in (["chain-1", "c2"], ["chain-2"], ["chain-3"])]
    assert memories == [{"a": "c2"}, {"a": "again"}, {"a": "harbour 窯"}]


def test_last_line_may_end_without_a_line_break(tmp_path):
    (tmp_path / "m.jsonl").write_text(line())
    assert replayed(tmp_path / "m.jsonl").memory == MEMORY


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        (["chain-1", "c3"], '"scenario": "kiln", "night": "c3"; nights of it there: c1, c2'),
        (["chain-2", "c1"], '"scenario": "kiln", "repeat": 1, "night": "c1"; nights of it there: none'),
    ],
)
def test_memory_that_is_missing_is_a_failed_night_that_says_which_line_would_be_right(file, at, wanted):
    path = file(line(night="c2"), line())
    assert replayed(path, on(*at)) == ("invalid_output", f"{path}: no line with {wanted}")


@pytest.mark.parametrize(
    ("memory", "message"),
    [
        ({"../a": "x"}, "memories.jsonl:1: invalid path '../a': '.' and '..' aren't allowed in it"),
        ({"a": 3}, "file 'a': its content must be text, this is int"),
        ({"a": "", "a/b": ""}, "'a' is both a file and the folder of 'a/b'"),
        ({"a": "\ud800"}, "lone surrogate"),
        ({"a": "x" * (2**23 + 1)}, "a memory has at most"),
    ],
)
def test_line_whose_memory_is_none_is_a_failed_night(file, memory, message):
    kind, said = replayed(file(line(memory=memory)))
    assert kind == "invalid_output"
    assert message in said


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([""], r"memories\.jsonl: has no line; one JSON object a line"),
        ([line(), "{"], r"memories\.jsonl:2: isn't JSON"),
        (["[]"], r":1: is a list, an object is needed"),
        ([line(memory=None)], ":1: memory: is null, an object is needed"),
        (['{"scenario": "kiln", "night": "c1"}'], ":1: 'memory' is missing"),
        ([line(repeat=-1)], "repeat: is below 0"),
        ([line(repeat="0")], "repeat: is text, a whole number is needed"),
        ([line(usage={"dollars": 1})], "usage: unknown key 'dollars'"),
        ([line(memry={})], "unknown key 'memry'; did you mean 'memory'"),
        ([line(), line()], ":2: this night is there already, in line 1; one line a night"),
        ([line(), journalled("it", MEMORY)], ":2: lines of a run's journal and others aren't mixed"),
        ([line(scenario="other")], "no scenario of the pack is in it; the pack's .* harbour, kiln; .* other$"),
    ],
)
def test_faulty_file_is_said_before_anything_runs_with_its_line(file, lines, error):
    with pytest.raises(UserError, match=error):
        replayed(file(*lines))


def test_line_without_end_is_refused(tmp_path):
    path = tmp_path / "sparse.jsonl"
    with path.open("wb") as out:
        out.truncate(LINE_BYTES + 10)
    with pytest.raises(UserError, match=r"sparse\.jsonl:1: longer than"):
        replayed(path)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda path: None, "No such file or directory; replay:path=FOLDER or replay:path=FILE.jsonl"),
        (os.mkfifo, "isn't a plain file; a folder, or a file of JSON Lines"),
        (lambda path: path.mkdir(), "no scenario of the pack is in it; .*; there are none"),
    ],
)
def test_place_that_holds_no_memories_is_said_before_anything_runs(tmp_path, make, error):
    make(tmp_path / "place")
    with pytest.raises(UserError, match=error):
        replayed(tmp_path / "place")


def test_file_is_read_once_however_often_it_is_opened(file, monkeypatch):
    from rembench.consolidators import recordings

    path = file(line())
    replayed(path)
    monkeypatch.setattr(recordings, "_read_lines", None)
    assert replayed(path).memory == MEMORY


def test_file_that_is_changed_while_it_runs_is_a_failed_night(file):
    path = file(line(), line(night="c2"))
    made = load_consolidator(f"replay:path={path}").make(NAMES)
    path.write_text("\n".join([line(night="c2"), line()]))
    with pytest.raises(Exception, match=r":1: another night stands there since the run was begun"):
        asyncio.run(made.consolidate(night()))


@pytest.mark.parametrize("name", ["one", "two:budget=9", "two"])
def test_one_consolidator_of_a_runs_journal_is_chosen_by_name(file, name):
    path = file(journalled("one", {"a": "one"}), journalled("two:budget=9", {"a": "two"}))
    assert replayed(path, options=f",consolidator={name}").memory == {"a": name[:3]}


def test_journal_of_one_consolidator_needs_no_choice_and_its_last_line_counts(file):
    path = file(journalled("one", {"a": "first"}), journalled("one", {"a": "retried"}))
    assert replayed(path) == Consolidation(memory={"a": "retried"}, usage=Usage(calls=2))


def test_folder_of_a_run_stands_for_its_journal(tmp_path):
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "nights.jsonl").write_text(journalled("one", MEMORY) + "\n")
    assert replayed(tmp_path).memory == MEMORY


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ("", "has nights of 2 consolidators; choose with consolidator=NAME: one:a=1, one:a=2"),
        (",consolidator=on", "unknown consolidator 'on'; .*known: one:a=1, one:a=2"),
        (",consolidator=one", "unknown consolidator 'one'; .*known: one:a=1, one:a=2"),
    ],
)
def test_journal_of_several_consolidators_needs_a_choice(file, options, error):
    path = file(journalled("one:a=1", MEMORY), journalled("one:a=2", MEMORY))
    with pytest.raises(UserError, match=error):
        replayed(path, options=options)


def test_choice_of_a_consolidator_where_there_is_none_is_refused(file, tmp_path):
    with pytest.raises(UserError, match="its lines name no consolidator"):
        replayed(file(line()), options=",consolidator=one")
    (tmp_path / "kiln").mkdir()
    with pytest.raises(UserError, match=r"consolidator= is for a run's nights.jsonl"):
        replayed(tmp_path, options=",consolidator=one")


@pytest.mark.parametrize(
    ("kind", "found"),
    [("refusal", ("refusal", "no")), ("timeout", ("invalid_output", "the night had failed (timeout): no"))],
)
def test_failure_that_a_run_has_noted_stays_one(file, kind, found):
    assert replayed(file(journalled("one", None, {"type": kind, "message": "no"}))) == found


def folders(root, files):
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def test_memory_in_a_folder_is_read_as_it_is(tmp_path):
    root = folders(tmp_path, {"kiln/c1/b/é.md": "- é\r\n", "kiln/c1/a.md": "", "kiln/c2/x": "x"})
    assert replayed(root) == Consolidation(memory={"a.md": "", "b/é.md": "- é\r\n"}, usage=Usage())


def test_folders_may_be_divided_by_repeats(tmp_path):
    root = folders(tmp_path, {"kiln/0/c1/a": "first", "kiln/1/c1/a": "second", "harbour/c1/a": "flat"})
    found = [replayed(root, on(chain)).memory["a"] for chain in ("chain-1", "chain-2", "chain-3")]
    assert found == ["first", "second", "flat"]


def test_empty_folder_is_an_empty_memory(tmp_path):
    (tmp_path / "kiln/c1").mkdir(parents=True)
    assert replayed(tmp_path).memory == {}


@pytest.mark.parametrize(
    ("at", "message"),
    [
        (["chain-1", "c2"], "no folder {0}/kiln/c2 or {0}/kiln/0/c2 (links aren't followed)"),
        (["chain-2", "c1"], "no folder {0}/kiln/1/c1 (links aren't followed)"),
        (["chain-3", "c1"], "no folder {0}/harbour/c1 or {0}/harbour/0/c1 (links aren't followed)"),
    ],
)
def test_folder_that_is_missing_is_a_failed_night_that_says_which_would_be_right(tmp_path, at, message):
    root = folders(tmp_path / "m", {"kiln/c1/a": "x"})
    kind, said = replayed(root, on(*at))
    assert (kind, said) == ("invalid_output", message.format(root))


def test_two_folders_for_one_night_are_a_failed_night(tmp_path):
    root = folders(tmp_path / "m", {"kiln/c1/a": "x", "kiln/0/c1/a": "x"})
    assert replayed(root) == ("invalid_output", f"both {root}/kiln/c1 and {root}/kiln/0/c1 are there")


def test_what_a_memory_can_not_be_is_a_failed_night_that_says_which_file(tmp_path):
    outside = folders(tmp_path / "outside", {"secret": "x"})
    (tmp_path / "m/kiln").mkdir(parents=True)
    for n, (make, message) in enumerate([
        (lambda at: (at / "l").symlink_to(outside / "secret"), "kiln/{n}/l: isn't a plain file"),
        (lambda at: (at / "d").symlink_to(outside), "kiln/{n}/d: isn't a plain file"),
        (lambda at: os.mkfifo(at / "pipe"), "kiln/{n}/pipe: isn't a plain file"),
        (lambda at: folders(at, {"b/x.bin": b"ab\xff"}), "kiln/{n}/b/x.bin: byte 2 isn't valid UTF-8"),
        (lambda at: folders(at, {"a\\b": "x"}), "folders are separated by '/', not by a backslash"),
        (lambda at: folders(at, {"a": "x\0"}), "file 'a': NUL at character 1"),
        (lambda at: folders(at, {"a": "x" * 2**22, "b": "y" * (2**22 + 1)}), "at most 8388608 bytes"),
    ]):  # fmt: skip
        night_folder = tmp_path / f"m/kiln/{n}"
        night_folder.mkdir()
        make(night_folder)
        kind, said = replayed(tmp_path / "m", on(id_=str(n)))
        assert kind == "invalid_output"
        assert message.format(n=n) in said


def test_link_in_place_of_a_nights_folder_is_not_followed(tmp_path):
    outside = folders(tmp_path / "outside", {"secret": "x"})
    root = folders(tmp_path / "m", {"kiln/c2/a": "x"})
    (root / "kiln/c1").symlink_to(outside)
    kind, said = replayed(root)
    assert kind == "invalid_output"
    assert "links aren't followed" in said


def test_too_many_files_are_a_failed_night(tmp_path, monkeypatch):
    monkeypatch.setattr("rembench.consolidators.recordings.MEMORY_FILES", 3)
    root = folders(tmp_path / "m", {f"kiln/c1/{n}": "" for n in range(4)})
    assert replayed(root) == ("invalid_output", f"{root}/kiln/c1: more than 3 files and folders")


KEYS = ["scenario", "night", "memory", "repeat", "usage", "chain", "failure", "type", "message", "consolidator"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 1) | st.sampled_from(KEYS),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(made=ANYTHING)
def test_any_line_is_a_memory_or_faulty_in_one_line(made):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m.jsonl"
        path.write_text(json.dumps(made))
        try:
            came = replayed(path)
        except UserError as wrong:
            came = str(wrong)
    assert "\n" not in str(came)
