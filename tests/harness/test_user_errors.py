"""What an error says: one line of parts, and a hint about a name only for what's near."""

import pytest

from rembench.harness.errors import UserError, nearest, unknown_name
from rembench.harness.scenario.place import near_and_known


@pytest.mark.parametrize(("name", "known"), [("nope", "bookkeeper-pocket-twine"), ("a", "append-all")])
def test_what_is_far_off_is_not_suggested(name, known):
    assert nearest(name, [known]) is None
    assert "did you mean" not in str(unknown_name("scenario", name, [known]))
    assert near_and_known(name, [known]) == f"known: {known}"


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("extractiv", "extractive"),
        ("recrod", "recorded"),
        ("delete", "deletion"),
        ("txt", "text"),
        ("bakery", "bakery-counter"),
    ],
)
def test_a_slip_of_the_pen_is(name, known):
    assert nearest(name, ["nothing", known]) == known
    assert near_and_known(name, ["nothing", known]).startswith(f"did you mean '{known}'? known: nothing, ")


def test_what_is_wrong_and_what_would_be_right_are_told_apart():
    error = UserError("7 is too many; really", where="a.json", right="at most 5")
    assert str(error) == "a.json: 7 is too many; really; at most 5"
    assert (error.what, error.right) == ("7 is too many; really", "at most 5")
