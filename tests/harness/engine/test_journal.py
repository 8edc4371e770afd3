"""The journal: whole lines, one writer, and nothing lost when the disk is full."""

import errno
import json
import resource
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.engine.journal import Journal, mend, read_journal
from rembench.harness.errors import UserError
from rembench.harness.night import FREE
from rembench.harness.types import ChainKey, Failure, NightRecord


def record(night="c1", text="kept", failure=None):
    return NightRecord(
        chain=ChainKey(consolidator="it", scenario="s", repeat=0), night=night,
        memory=None if failure else {"a.md": text}, failure=failure, usage=FREE, seconds=0.5,
    )  # fmt: skip


def write(folder, *records):
    journal = Journal(folder)
    for one in records:
        journal.append(one).result(timeout=5)
    journal.close()
    return folder / "nights.jsonl"


def test_what_was_written_is_read(tmp_path):
    nights = [record(), record("c2", failure=Failure(type="timeout", message="slow"))]
    assert read_journal(write(tmp_path, *nights)) == nights


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_survives(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("run")
    assert read_journal(write(folder, record(text=text)))[0].memory == {"a.md": text}


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_cut_last_line_is_left_out_and_mended(tmp_path, cut):
    path = write(tmp_path, record(), record("c2"))
    path.write_bytes(path.read_bytes()[:-cut])
    assert [n.night for n in read_journal(path)] == ["c1"]
    mend(path)
    assert path.read_bytes().endswith(b"}\n")
    assert [n.night for n in read_journal(write(tmp_path, record("c2")))] == ["c1", "c2"]


def put(*path, to):
    def change(night):
        for step in path[:-1]:
            night = night[step]
        night[path[-1]] = to

    return change


# What is changed in a right line → the words that the error must have.
DAMAGE = [
    (lambda n: n.pop("usage"), "'usage' is missing"),
    (put("more", to=1), "unknown key 'more'"),
    (put("chain", to=3), "chain: is a number; an object is needed"),
    (put("chain", to=[]), "chain: is a list"),
    (put("chain", "repeat", to="0"), "chain.repeat: is text"),
    (put("chain", "repeat", to=-1), "chain.repeat: isn't from 0"),
    (put("chain", "consolidator", to=None), "chain.consolidator: is null"),
    (put("night", to=["c1"]), "night: is a list"),
    (put("memory", to=None), "either a memory or a failure"),
    (put("failure", to={"type": "timeout", "message": "slow"}), "either a memory or a failure"),
    (lambda n: n.update(memory=None, failure={"type": "tired", "message": ""}),
     "failure.type: unknown value 'tired'"),
    (lambda n: n.update(memory=None, failure={"type": "timeout"}), "failure: 'message' is missing"),
    (lambda n: n.update(memory=None, failure="timeout"), "failure: is text"),
    (put("memory", to=["a.md"]), "memory: is a list"),
    (put("memory", "a.md", to=3), "memory: file 'a.md'"),
    (put("memory", "../a.md", to="x"), "memory: invalid path '../a.md'"),
    (put("memory", "/etc/a", to="x"), "memory: invalid path '/etc/a'"),
    (put("memory", "a.md", to="\ud800"), "memory: file 'a.md': lone surrogate"),
    (put("memory", "a.md", to="x" * (9 * 2**20)), "memory: file 'a.md'"),
    (put("seconds", to=float("nan")), "NaN isn't a JSON number"),
    (put("seconds", to=float("inf")), "Infinity isn't a JSON number"),
    (put("seconds", to=-1), "seconds: isn't from 0"),
    (put("seconds", to=1e300), "seconds: isn't from 0"),
    (put("seconds", to=True), "seconds: is true or false"),
    (put("usage", to=None), "usage: is null"),
    (put("usage", "usd", to="1"), "usage.usd: is text"),
    (put("usage", "calls", to=1.5), "usage.calls: is a number; a whole number is needed"),
    (put("trace", to="x"), "trace: is text"),
    (put("trace", to=[1]), "trace[0]: is a number"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), DAMAGE)
def test_a_damaged_line_is_named(tmp_path, change, words):
    path = write(tmp_path, record())
    night = json.loads(path.read_text())
    change(night)
    path.write_text(path.read_text() + json.dumps(night) + "\n" + path.read_text())
    with pytest.raises(UserError) as raised:
        read_journal(path)
    assert str(raised.value).startswith(f"{path}:2: ")
    assert words in str(raised.value)
    assert "the journal is damaged" in str(raised.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"not json", "malformed JSON"),
        (b"", "malformed JSON"),
        (b"[]", "is a list"),
        (b"{}", "is missing"),
        (b"\xff", "byte 0 isn't valid UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"x" * (65 * 2**20), "longer than"),
    ],
    ids=["words", "empty", "list", "object", "bytes", "deep", "long"],
)
def test_a_line_that_is_no_night_is_named(tmp_path, line, words):
    path = write(tmp_path, record())
    path.write_bytes(path.read_bytes() + line + b"\n" + path.read_bytes())
    with pytest.raises(UserError) as raised:
        read_journal(path)
    assert str(raised.value).startswith(f"{path}:2: ")
    assert words in str(raised.value)


@pytest.mark.parametrize("night", ["c2", "c9"])
def test_a_night_that_is_not_of_the_run_is_named(tmp_path, night):
    path = write(tmp_path, record(), record(night))
    chain = record().chain
    assert len(read_journal(path, {chain: {"c1", night}})) == 2
    with pytest.raises(UserError, match=r"nights\.jsonl:2: not a night of this run"):
        read_journal(path, {chain: {"c1"}})
    with pytest.raises(UserError, match=r"nights\.jsonl:1: not a night of this run"):
        read_journal(path, {})


def test_a_journal_is_mended_by_the_one_who_goes_on_with_it(tmp_path):
    path = write(tmp_path, record(), record("c2"))
    path.write_bytes(path.read_bytes()[:-20])
    assert [n.night for n in read_journal(write(tmp_path, record("c3")))] == ["c1", "c3"]


def test_the_last_record_of_a_night_counts(tmp_path):
    path = write(tmp_path, record(text="old"), record(text="new"))
    assert [n.memory for n in read_journal(path)] == [{"a.md": "new"}]


def test_a_second_writer_is_refused(tmp_path):
    journal = Journal(tmp_path)
    with pytest.raises(UserError, match="another rembench is writing"):
        Journal(tmp_path)
    journal.close()
    write(tmp_path, record())


class FullDisk:
    """Takes `room` bytes, then says that there's no more."""

    def __init__(self, path, room):
        self._file, self._room = path.open("ab", buffering=0), room

    def write(self, data):
        if not self._room:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = data[: self._room]
        self._room -= len(taken)
        return self._file.write(taken)

    def flush(self):
        self._file.flush()

    def fileno(self):
        return self._file.fileno()

    def truncate(self, size):
        return self._file.truncate(size)

    def close(self):
        self._file.close()


def test_a_full_disk_is_one_line_and_leaves_whole_lines_only(tmp_path):
    path = write(tmp_path, record())
    size = path.stat().st_size
    journal = Journal(tmp_path, FullDisk(path, size + 30))
    journal.append(record("c2")).result(timeout=5)
    with pytest.raises(UserError, match="the disk is full; the nights finished before are safe") as raised:
        journal.append(record("c3")).result(timeout=5)
    assert "\n" not in str(raised.value)
    journal.close()
    assert [n.night for n in read_journal(path)] == ["c1", "c2"]
    assert path.read_bytes().endswith(b"}\n")


def test_a_file_size_limit_ends_a_run_with_exit_2_and_loses_no_night(tmp_path):
    code = textwrap.dedent(f"""
        import resource, signal, sys
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
        sys.argv = ["rembench", "run", "-p", {str(TINY)!r}, "-o", {str(tmp_path / "r")!r}, "--quiet"]
        from rembench.harness.cli import main
        main()
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert "the disk is full" in done.stderr
    assert "--resume" in done.stderr
    assert read_journal(tmp_path / "r" / "nights.jsonl")
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 20000


TINY = Path(__file__).parents[2] / "packs" / "tiny"
