"""Where an OpenAI-compatible server is, with which key it's asked, and the SDK's client for it."""

import ipaddress
import os
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rembench.harness.errors import UserError

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OWN = "https://api.openai.com/v1"
OWN_HOST = "api.openai.com"
URL_VARIABLE = "OPENAI_BASE_URL"
KEY_VARIABLE = "OPENAI_API_KEY"
HEADERS_VARIABLE = "OPENAI_CUSTOM_HEADERS"
NO_KEY = "EMPTY"
"""What's sent where the server needs no key: the SDK wants one."""
_CONNECT = 10.0  # seconds
_SHORTEST = 8  # characters of a secret in a header


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A server's address and key. `own`: it's OpenAI's, whose rules and prices are known."""

    url: str
    key: str = field(repr=False)
    own: bool = False

    @property
    def here(self) -> bool:
        """Whether it's on this machine: no proxy leads there."""
        host = urlsplit(self.url).hostname or ""
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may be shown nowhere: the key, and what the user has the SDK send along."""
        lines = os.environ.get(HEADERS_VARIABLE, "").split("\n")
        sent = [line.partition(":")[2].strip() for line in lines]
        keys = [] if self.key == NO_KEY else [self.key]
        return (*keys, *(text for text in sent if len(text) >= _SHORTEST))


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
    right = "write base_url=http://HOST:PORT/v1"
    try:
        parts = urlsplit(url.strip())
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        raise UserError("base_url isn't an address", right=right)
    if parts.username is not None or parts.query or parts.fragment:
        raise UserError(
            "base_url has more in it than an address", right=f"{right}; keys are in the environment"
        )
    return url.strip().rstrip("/")


def connected(to: Service, timeout: float, *, strict: bool = False) -> "AsyncOpenAI":
    """The SDK's client, which tries nothing twice. It connects to nothing yet; UserError without the SDK.

    `strict`: the SDK checks all replies by its types.
    """
    if find_spec("openai") is None:
        raise UserError("the package openai isn't installed", right="pip install 'openai>=3.0,<4'")
    import httpx2
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    times = httpx2.Timeout(timeout, connect=min(timeout, _CONNECT))
    transport = DefaultAsyncHttpxClient(trust_env=not to.here, timeout=times)
    return AsyncOpenAI(
        base_url=to.url,
        api_key=to.key,
        timeout=times,
        max_retries=0,
        http_client=transport,
        _strict_response_validation=strict,
    )
