"""Secrets are replaced, settings aren't."""

from rembench.harness.masking import is_secret, masked


def test_variables_called_like_a_secret_are_masked(monkeypatch):
    monkeypatch.setenv("ODD_API_KEY", "sk-marked-0123456789")
    monkeypatch.setenv("ODD_TOKEN_LIMIT", "4096")
    assert masked("sk-marked-0123456789 and 4096") == "*** and 4096"


def test_what_is_named_beside_is_masked_whatever_its_length():
    assert masked("key abc, nothing else", also=["abc", ""]) == "key ***, nothing else"


def test_a_secret_that_holds_another_is_masked_whole():
    assert masked("abcdef", also=["abc", "abcdef"]) == "***"


def test_options_are_told_by_their_names():
    assert [name for name in ("api_key", "key", "max_tokens", "monkey", "Password") if is_secret(name)] == [
        "api_key", "key", "Password",
    ]  # fmt: skip
