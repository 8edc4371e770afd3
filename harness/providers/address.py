"""Where a service is: an address without anything secret in it, how near it is, and what's sent along."""

import ipaddress
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rembench.harness.errors import UserError

if TYPE_CHECKING:
    from httpx2 import Timeout

_CONNECT = 10.0  # seconds
_SHORTEST = 8  # characters of a secret in a header
_OWN = (".local", ".internal", ".lan", ".home.arpa")  # how names end that are known in one's own network only


def checked(url: str, right: str) -> str:
    """`url` without a slash at its end; UserError with what's `right` if it isn't an address, or is more."""
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


def is_here(url: str) -> bool:
    """Whether it's on this machine: no proxy leads there."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_near(url: str) -> bool:
    """Whether it's on this machine or in one's own network: whoever asks there sends no bill by the token."""
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_OWN)


def sent_along(variable: str) -> tuple[str, ...]:
    """What the user has the SDK send along in headers of its own (a variable of lines "Name: value")."""
    values = (line.partition(":")[2].strip() for line in os.environ.get(variable, "").split("\n"))
    return tuple(value for value in values if len(value) >= _SHORTEST)


def times(timeout: float) -> "Timeout":
    """So many seconds without a word, fewer for the connection."""
    import httpx2

    return httpx2.Timeout(timeout, connect=min(timeout, _CONNECT))
