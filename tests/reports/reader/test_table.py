"""answers.parquet: a row for every question, with its answer and whether it's right."""

import pandas as pd
import pytest

from rembench.reports.reader.table import COLUMNS
from tests.reports.reader.conftest import reader


@pytest.fixture(scope="module")
def rows(asked, asked_folder):
    return pd.read_parquet(asked_folder / "answers.parquet")


def test_it_has_a_row_for_every_question_at_every_night(rows):
    assert list(rows.columns) == list(COLUMNS)
    one = rows[(rows.reader == reader("Perfect")) & (rows.consolidator == "oracle")]
    assert len(one) == 26
    assert one.something_to_tell.sum() == 17
    assert one.right.all()


def test_the_raw_sessions_stand_there_once(rows):
    sessions = rows[(rows.reader == reader("Perfect")) & (rows.source == "sessions")]
    assert len(sessions) == 26
    assert sessions.consolidator.isna().all()


def test_what_has_no_verdict_has_a_reason(rows):
    one = rows[rows.reader == reader("Abstains")]
    assert one.right.isna().all()
    answered = one[one.consolidator == "oracle"]
    assert set(answered.reason) == {"not answered"}
    assert answered.answer.isna().all()


def test_it_says_what_was_conveyed(rows):
    one = rows[(rows.reader == reader("Perfect")) & (rows.consolidator == "oracle") & (rows.checkpoint == "c2")]
    (found,) = one[one.item == "watering-day"].itertuples()
    assert (found.answer, found.conveyed) == ("Thursday", "Tuesday: retired > absent; Thursday: held > held")


def test_scoring_again_makes_the_same_bytes(asked, asked_folder):
    from rembench.harness.cli.score import score_run
    from tests.reports.conftest import TINY

    names = ("answers.parquet", "summary.json")
    before = {name: (asked_folder / name).read_bytes() for name in names}
    score_run(asked_folder, [str(TINY)])
    assert {name: (asked_folder / name).read_bytes() for name in names} == before
