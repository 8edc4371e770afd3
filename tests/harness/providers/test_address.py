import pytest

from rembench.harness.errors import UserError
from rembench.harness.providers.address import checked, is_here, is_near, sent_along


@pytest.mark.parametrize(
    ("url", "here", "near"),
    [
        ("http://127.0.0.1:8000/v1", True, True),
        ("http://[::1]:8000", True, True),
        ("http://localhost:1", True, True),
        ("http://10.1.2.3:8000/v1", False, True),
        ("http://192.168.0.9", False, True),
        ("http://gpu01:8000/v1", False, True),
        ("http://gpu.lan:8000", False, True),
        ("https://models.example.com/v1", False, False),
        ("https://8.8.8.8/v1", False, False),
        ("https://local", False, True),
        ("https://notlocal.example", False, False),
    ],
)
def test_how_near_an_address_is_is_told_by_its_host(url, here, near):
    assert (is_here(url), is_near(url)) == (here, near)


def test_an_address_loses_the_slash_at_its_end():
    assert checked(" http://h:1/v1/ ", "x") == "http://h:1/v1"


@pytest.mark.parametrize("url", ["h:1", "ftp://h", "http://", "http://h:0", "http://u:p@h", "http://h?key=1"])
def test_what_is_no_address_or_more_is_said_without_showing_it(url):
    with pytest.raises(UserError, match="write it so") as caught:
        checked(url, "write it so")
    assert url not in str(caught.value)


def test_values_of_headers_are_secrets_unless_they_are_short(monkeypatch):
    monkeypatch.setenv("SOME_HEADERS", "X-Key: marked-0123456789\nX-Team: a\nnothing")
    assert sent_along("SOME_HEADERS") == ("marked-0123456789",)
