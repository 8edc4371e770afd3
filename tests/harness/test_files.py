"""A file is there whole or not at all."""

import errno
import os

import pytest

from rembench.harness.engine.record import write_atomically
from rembench.harness.errors import UserError
from rembench.harness.files import whole


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    def full(number):
        raise OSError(errno.ENOSPC, "No space left on device")

    write_atomically(tmp_path / "a.json", "old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "a.json", "new")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.json", "old")]


def test_text_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        write_atomically(tmp_path / "a.json", "\ud800")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing(tmp_path):
    def interrupted():
        with whole(tmp_path / "a.parquet") as partial:
            partial.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_plain_file_is_never_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "link", "folder"):
        with pytest.raises(UserError, match="isn't a plain file"):
            write_atomically(tmp_path / name, "new")
    assert (tmp_path / "pipe").is_fifo()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "link", "pipe"]


def test_a_link_in_the_way_is_not_followed(tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "a.json.partial").symlink_to(tmp_path / "mine")
    write_atomically(tmp_path / "a.json", "new")
    assert sorted((p.name, p.read_text()) for p in tmp_path.iterdir()) == [("a.json", "new"), ("mine", "mine")]
