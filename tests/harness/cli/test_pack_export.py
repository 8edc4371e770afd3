"""`rembench pack export` as it is called."""

import pytest

from tests.harness.cli.calling import call
from tests.harness.engine.running import TINY

FILES = {"README.md", "data", "data/test-00000-of-00001.parquet"}


def files(folder):
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*")}


def test_export_prints_the_folder_that_it_made(monkeypatch, capsys, tmp_path):
    out = tmp_path / "new" / "out"
    code, said, errors = call(monkeypatch, capsys, "pack", "export", TINY, "-o", out)
    assert (code, said, errors) == (0, f"{out}\n", "")
    assert files(out) == FILES


def test_an_empty_folder_is_written_into(monkeypatch, capsys, tmp_path):
    assert call(monkeypatch, capsys, "pack", "export", TINY, "-o", tmp_path)[0] == 0
    assert files(tmp_path) == FILES


def test_a_folder_with_something_in_it_is_refused(monkeypatch, capsys, tmp_path):
    (tmp_path / "README.md").write_text("mine")
    code, said, error = call(monkeypatch, capsys, "pack", "export", TINY, "-o", tmp_path)
    assert (code, said) == (2, "")
    assert error == (
        f"rembench: error: {tmp_path}: the folder isn't empty: it has 'README.md'; "
        "give a new folder; nothing is overwritten\n"
    )
    assert files(tmp_path) == {"README.md"}
    assert (tmp_path / "README.md").read_text() == "mine"


def test_a_file_in_the_way_is_refused(monkeypatch, capsys, tmp_path):
    (tmp_path / "out").write_text("mine")
    code, _, error = call(monkeypatch, capsys, "pack", "export", TINY, "-o", tmp_path / "out")
    assert code == 2
    assert "a file is in the way of the folder" in error


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["nowhere"], "unknown pack 'nowhere'"),
        ([TINY, "--split", "all"], "'all' can't be a split's name"),
        ([TINY, TINY], "there are two packs named 'tiny'"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_exported_is_one_line_and_makes_no_folder(
    monkeypatch, capsys, tmp_path, arguments, what
):
    code, _, error = call(monkeypatch, capsys, "pack", "export", *arguments, "-o", tmp_path / "out")
    assert code == 2
    assert what in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()
