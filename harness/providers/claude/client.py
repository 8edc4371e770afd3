"""Where Anthropic's Messages are asked for, with which key, and the SDK's client for it."""

import os
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rembench.harness.errors import UserError
from rembench.harness.providers.address import checked, is_here, sent_along, times

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

URL_VARIABLE = "ANTHROPIC_BASE_URL"
KEY_VARIABLE = "ANTHROPIC_API_KEY"
TOKEN_VARIABLE = "ANTHROPIC_AUTH_TOKEN"  # noqa: S105 - the name of a variable
HEADERS_VARIABLE = "ANTHROPIC_CUSTOM_HEADERS"
_SHORTEST = 8  # characters of a key that's one: less is what a server of one's own is given
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError)
"""What the SDK's code raises over a reply that isn't of the shape that's documented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A way to the service: `url` None is Anthropic's own; either a key or a token."""

    url: str | None
    key: str | None = field(repr=False)
    token: str | None = field(repr=False)

    @property
    def here(self) -> bool:
        """Whether it's on this machine: no proxy leads there."""
        return is_here(self.url or "")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may be shown nowhere: the key, and what the user has the SDK send along."""
        keys = (text for text in (self.key, self.token) if text and len(text) >= _SHORTEST)
        return (*keys, *sent_along(HEADERS_VARIABLE))


def access(base_url: str | None, key: str = "") -> Access:
    """The service at `base_url` (else that of ANTHROPIC_BASE_URL, else Anthropic's), with the key for it.

    That's `key`, else the environment's ANTHROPIC_API_KEY, else ANTHROPIC_AUTH_TOKEN. UserError for an
    address that isn't one, a key that's missing, and where the SDK isn't installed.
    """
    if find_spec("anthropic") is None:
        raise UserError("the package anthropic isn't installed", right="pip install 'anthropic>=2.0,<3'")
    url = base_url or os.environ.get(URL_VARIABLE, "").strip()
    token = ""
    if not key:
        key, token = (os.environ.get(name, "").strip() for name in (KEY_VARIABLE, TOKEN_VARIABLE))
    if not key and not token:
        right = f"set {KEY_VARIABLE}; a server of your own that wants none takes any"
        raise UserError(f"no key: neither {KEY_VARIABLE} nor {TOKEN_VARIABLE} is set", right=right)
    if not (f"{key}{token}".isascii() and f"{key}{token}".isprintable()):
        raise UserError(f"the key in {KEY_VARIABLE if key else TOKEN_VARIABLE} has characters that no key has")
    return Access(url=_checked(url) if url else None, key=key or None, token=None if key else token)


def _checked(url: str) -> str:
    """`url`, if it's an address as the SDK wants it."""
    right = "write base_url=http://HOST:PORT, without /v1"
    found = checked(url, right)
    if urlsplit(found).path.endswith("/v1"):
        raise UserError("base_url ends in /v1", right=right)
    return found


def connected(to: Access, timeout: float, *, strict: bool = False) -> "AsyncAnthropic":
    """The SDK's client, which tries nothing twice. It connects to nothing yet.

    `timeout`: seconds without a word from the service. `strict`: the SDK checks all replies by its types.
    """
    from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient

    waits = times(timeout)
    return AsyncAnthropic(
        api_key=to.key,
        auth_token=to.token,
        base_url=to.url,
        timeout=waits,
        max_retries=0,
        http_client=DefaultAsyncHttpxClient(trust_env=not to.here, timeout=waits),
        _strict_response_validation=strict,
    )
