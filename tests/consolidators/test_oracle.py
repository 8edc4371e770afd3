import pytest

from rembench.consolidators import TABLE
from rembench.consolidators.load import load_consolidator
from rembench.harness.errors import UserError
from tests.consolidators.nights import KEY, consolidated, night


def test_memory_is_copied_from_the_key():
    assert consolidated("oracle", night()).memory == KEY.memory("chain-1", "c1")


def test_oracle_is_the_only_one_with_answers():
    assert [name for name, entry in TABLE.items() if entry.answers] == ["oracle"]


def test_oracle_is_not_made_without_the_key():
    with pytest.raises(ValueError, match="answer key"):
        load_consolidator("oracle").make(None)


def test_key_is_no_option():
    with pytest.raises(UserError, match="unknown option 'answers'"):
        load_consolidator("oracle:answers=x")


def test_key_is_not_handed_to_a_class_named_by_its_place():
    with pytest.raises(UserError, match="'answers' is missing"):
        load_consolidator("rembench.consolidators.oracle:Oracle")
