"""Calls the command line in this process."""

import sys

import pytest

from rembench.harness.cli import main


def call(monkeypatch, capsys, *arguments) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `rembench` with these arguments."""
    monkeypatch.setattr(sys, "argv", ["rembench", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err
