"""Where an OpenAI-compatible server is, with which key it's asked, and the SDK's client for it."""

import os
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rembench.harness.errors import UserError
from rembench.harness.providers.address import checked, is_here, is_near, sent_along, times

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OWN = "https://api.openai.com/v1"
OWN_HOST = "api.openai.com"
URL_VARIABLE = "OPENAI_BASE_URL"
KEY_VARIABLE = "OPENAI_API_KEY"
HEADERS_VARIABLE = "OPENAI_CUSTOM_HEADERS"
NO_KEY = "EMPTY"
"""What's sent where the server needs no key: the SDK wants one."""
_SHORTEST = 8  # characters of a key that's one: less is what a server of one's own is given


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A server's address and key. `own`: it's OpenAI's, whose rules and prices are known."""

    url: str
    key: str = field(repr=False)
    own: bool = False

    @property
    def here(self) -> bool:
        """Whether it's on this machine: no proxy leads there."""
        return is_here(self.url)

    @property
    def near(self) -> bool:
        """Whether it's on this machine or in one's own network: what it does costs nothing by the token."""
        return is_near(self.url)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may be shown nowhere: the key, and what the user has the SDK send along."""
        keys = () if len(self.key) < _SHORTEST else (self.key,)
        return (*keys, *sent_along(HEADERS_VARIABLE))


def service(base_url: str | None, key_env: str = KEY_VARIABLE) -> Service:
    """The server at `base_url` (else that of OPENAI_BASE_URL, else OpenAI's), with the key in `key_env`.

    UserError for an address that isn't one, and where a key is missing: that of OpenAI's own, or one in a
    variable that the user names.
    """
    url = checked_url(base_url or os.environ.get(URL_VARIABLE) or OWN)
    key = os.environ.get(key_env, "").strip()
    own = f".{urlsplit(url).hostname}".endswith(f".{OWN_HOST}")  # eu.api.openai.com is, too
    found = Service(url=url, key=key or NO_KEY, own=own)
    if not key and (found.own or key_env != KEY_VARIABLE):
        right = f"set it, or base_url=http://... for a server elsewhere than {OWN_HOST}"
        raise UserError(f"no key: the environment variable {key_env} isn't set", right=right)
    if not (key.isascii() and key.isprintable()):
        raise UserError(f"the key in {key_env} has characters that no key has")
    return found


def checked_url(url: str) -> str:
    """`url` without a slash at its end; UserError if it isn't an address, or holds a password."""
    return checked(url, "write base_url=http://HOST:PORT/v1")


def connected(to: Service, timeout: float, *, strict: bool = False) -> "AsyncOpenAI":
    """The SDK's client, which tries nothing twice. It connects to nothing yet; UserError without the SDK.

    `strict`: the SDK checks all replies by its types.
    """
    if find_spec("openai") is None:
        raise UserError("the package openai isn't installed", right="pip install 'openai>=3.0,<4'")
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    waits = times(timeout)
    transport = DefaultAsyncHttpxClient(trust_env=not to.here, timeout=waits)
    return AsyncOpenAI(
        base_url=to.url,
        api_key=to.key,
        timeout=waits,
        max_retries=0,
        http_client=transport,
        _strict_response_validation=strict,
    )
