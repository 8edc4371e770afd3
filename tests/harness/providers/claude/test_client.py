"""What's wrong with the key, the address or the options is said before anything is sent."""

import pytest

from rembench.harness.errors import UserError
from rembench.harness.providers.claude import client
from rembench.harness.providers.claude.client import access, connected
from rembench.harness.providers.claude.messages import ClaudeMessages
from rembench.harness.providers.load import load_model
from rembench.testing import FakeService
from tests.harness.providers.claude.asking import KEY, MODEL, come_here


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    with FakeService(only=True) as service:
        come_here(monkeypatch, service)
    monkeypatch.delenv("ANTHROPIC_BASE_URL")


def test_without_a_key_both_variables_are_named(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", " ")
    with pytest.raises(
        UserError, match=r"neither ANTHROPIC_API_KEY nor ANTHROPIC_AUTH_TOKEN is set; set ANTHR"
    ):
        ClaudeMessages(model=MODEL)


def test_the_key_goes_before_the_token(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "another-marked-token")
    found = access(None)
    assert (found.key, found.token) == (KEY, None)
    assert KEY not in repr(found)


def test_a_key_that_can_be_none_is_refused_without_being_shown(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", f"{KEY}\n§")
    with pytest.raises(UserError, match="has characters that no key has") as caught:
        ClaudeMessages(model=MODEL)
    assert KEY not in str(caught.value)


def test_without_the_package_the_line_to_install_it_is_said(monkeypatch):
    monkeypatch.setattr(client, "find_spec", lambda _: None)
    with pytest.raises(UserError, match=r"anthropic isn't installed; pip install 'anthropic>=2"):
        ClaudeMessages(model=MODEL)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("127.0.0.1:8000", "base_url isn't an address; write base_url=http://HOST:PORT"),
        ("ftp://127.0.0.1", "isn't an address"),
        ("http://", "isn't an address"),
        ("http://127.0.0.1:99999", "isn't an address"),
        ("http://kim:sk-secret@127.0.0.1", "has more in it than an address"),
        ("http://127.0.0.1/?key=sk-secret", "has more in it than an address"),
        ("http://127.0.0.1:8000/v1/", "base_url ends in /v1; write base_url=http://HOST:PORT, without /v1"),
    ],
)
def test_what_is_no_address_is_refused_without_what_may_be_secret(url, error):
    with pytest.raises(UserError, match=error) as caught:
        ClaudeMessages(model=MODEL, base_url=url)
    assert "sk-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ("model=", "model is empty; write model=NAME"),
        ("effort=low", "option 'model' is missing"),
        ("model=m,effort=much", "no such choice; known: low, medium, high, xhigh, max"),
        ("model=m,timeout=0", "timeout is a number of seconds above 0"),
        ("model=m,timeout=nan", "timeout is a number of seconds above 0"),
        ("model=m,tries=0", "tries is a whole number from 1"),
        ("model=m,in_flight=0", "in_flight is a whole number from 1"),
        ("model=m,requests_per_minute=0", "requests_per_minute is a whole number from 1"),
        ("model=m,tokens_per_minute=-1", "tokens_per_minute is a whole number from 1"),
        ("model=m,api_key=x", "unknown option 'api_key'"),
    ],
)
def test_an_option_that_can_not_be_is_refused(options, error):
    with pytest.raises(UserError, match=error):
        load_model(f"anthropic:{options}")


@pytest.mark.parametrize(
    ("url", "here"),
    [("http://127.0.0.1:8000", True), ("http://[::1]:8000", True), ("http://localhost", True),
     ("https://example.org", False), (None, False)],
)  # fmt: skip
def test_no_proxy_leads_to_this_machine(url, here):
    assert access(url).here == here


def test_a_client_tries_nothing_twice_and_waits_a_short_time_for_a_connection():
    client = connected(access("https://example.org"), 600)
    assert client.max_retries == 0
    assert (client.timeout.connect, client.timeout.read) == (10, 600)
    assert client.api_key == KEY
