"""Where pages lie, whatever they're of."""

import re

from hypothesis import given
from hypothesis import strategies as st

from rembench.reports.leaderboard.site.place import places, slugs


def test_a_name_becomes_letters_digits_and_dashes():
    made = slugs(["claude:model=opus-5", "Ärzte/../x", "<script>alert(1)</script>"])
    assert list(made.values()) == ["claude-model-opus-5", "arzte-x", "script-alert-1-script"]


def test_two_alike_are_numbered():
    assert list(slugs(["a b", "a-b", "A:B"]).values()) == ["a-b", "a-b-2", "a-b-3"]


def test_the_list_of_scenarios_keeps_its_name():
    assert places([], ["index"]).scenarios == {"index": "scenarios/index-2.html"}


def test_nothing_that_can_be_written_is_unnamed():
    assert list(slugs(["…", "日本"]).values()) == ["unnamed", "unnamed-2"]


def test_a_long_name_is_cut_and_still_its_own():
    made = list(slugs(["x" * 300, "x" * 300 + "y"]).values())
    assert made == ["x" * 60, "x" * 58 + "-2"]


@given(st.lists(st.text(), unique=True, max_size=30))
def test_every_name_has_a_file_of_its_own_that_leads_nowhere_else(names):
    made = slugs(names)
    assert list(made) == names
    assert len(set(made.values())) == len(names)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", slug) for slug in made.values())
