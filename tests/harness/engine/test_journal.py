"""The journal: whole lines, one writer, and nothing lost when the disk is full."""

import errno
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


@given(st.text(st.characters(exclude_categories=["Cs"])))
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


@pytest.mark.parametrize("line", ["not json", "{}", "[]", '{"chain": 3}'])
def test_a_damaged_line_is_named(tmp_path, line):
    path = write(tmp_path, record())
    path.write_text(path.read_text() + f"{line}\n" + path.read_text())
    with pytest.raises(UserError, match=r"nights\.jsonl:2: not a journalled night"):
        read_journal(path)


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
