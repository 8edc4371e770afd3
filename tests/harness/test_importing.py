"""What others wrote fails in one line that holds no secret."""

import pytest

from rembench.harness.errors import UserError
from rembench.harness.importing import foreign
from tests.harness.engine.odd import MuteError


def refuse(error):
    def action():
        raise error

    return action


def test_an_error_that_can_not_say_what_it_is_has_its_name():
    with pytest.raises(UserError, match=r"mine: MuteError:$"):
        foreign(refuse(MuteError()), "mine")


def test_a_secret_is_masked_before_the_line_is_cut():
    with pytest.raises(UserError) as caught:
        foreign(refuse(ValueError("x" * 570 + " key-0123456789")), "mine", ["key-0123456789"])
    assert "key" not in str(caught.value)
