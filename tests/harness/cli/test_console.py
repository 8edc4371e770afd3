"""What's said while a run goes on."""

import pytest

from rembench.harness.cli import console as module
from rembench.harness.cli.console import console, cost
from rembench.harness.engine.purse import RunPurse
from rembench.harness.night import FREE
from rembench.harness.types import ChainKey, Failure, NightRecord


def night(failure=None):
    chain = ChainKey(consolidator="it", scenario="s", repeat=0)
    memory = None if failure else {}
    return NightRecord(chain=chain, night="c1", memory=memory, failure=failure, usage=FREE, seconds=0.0)


FAILED = night(Failure(type="timeout", message="longer than 1 s"))


@pytest.fixture
def at_once(monkeypatch):
    """A plain line for every event, not one every few seconds."""
    monkeypatch.setattr(module, "_EVERY", 0.0)


def test_plain_lines_where_stderr_is_no_terminal(capsys, at_once):
    with console(4, 1, quiet=False) as shown:
        shown.night(night(), RunPurse())
        shown.night(FAILED, RunPurse(usd=0.25))
        shown.scored(1, 2)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "nights 2 of 4",
        "nights 3 of 4, 1 failed, 0.25 USD",
        "scored 1 of 2 scenarios",
    ]


def test_plain_lines_come_every_few_seconds_only(capsys):
    with console(100, 0, quiet=False) as shown:
        for _ in range(100):
            shown.night(night(), RunPurse())
    assert capsys.readouterr().err == ""


def test_quiet_says_nothing(capsys, at_once):
    with console(2, 0, quiet=True) as shown:
        shown.night(night(), RunPurse())
        shown.scored(1, 1)
    said = capsys.readouterr()
    assert said.out + said.err == ""


def test_a_bar_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with console(2, 0, quiet=False) as shown:
        shown.night(night(), RunPurse())
        shown.night(FAILED, RunPurse(usd=0.25))
        shown.scored(1, 1)
    said = capsys.readouterr()
    assert said.out == ""
    assert "2/2" in said.err
    assert "1 failed, 0.25 USD" in said.err


@pytest.mark.parametrize(
    ("spending", "text"),
    [
        (RunPurse(), ""),
        (RunPurse(usd=0.123), ", 0.12 USD"),
        (RunPurse(usd=1.5, unknown=2), ", 1.50 USD and 2 nights of unknown cost"),
        (RunPurse(unknown=1), ", 0.00 USD and 1 nights of unknown cost"),
    ],
)
def test_cost_says_what_is_unknown(spending, text):
    assert cost(spending) == text
