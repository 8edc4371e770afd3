"""For all tests: no network. A connection to anything but this machine is an error."""

import ipaddress
import os
import signal
import sys
import threading
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("rembench", deadline=None)  # a busy machine is no fault
settings.load_profile("rembench")
os.environ["HF_HUB_OFFLINE"] = "1"
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # before numpy is there
    os.environ.setdefault(_threads, "1")  # the tests fill all cores by themselves; idle threads spin

_HEARD = {signal.SIGINT: signal.default_int_handler, signal.SIGQUIT: signal.SIG_DFL}
for _signal, _handler in _HEARD.items():  # what a script runs in the background ignores both
    if signal.getsignal(_signal) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
        signal.signal(_signal, _handler)


class NetworkUsedError(AssertionError):
    """A test tried to reach another machine."""


def _is_here(host: object) -> bool:
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_here(host.decode() if isinstance(host, bytes) else host):
        raise NetworkUsedError(f"{event} to {host}: tests use no network")


sys.addaudithook(_refuse_network)


@pytest.fixture
def marked_key(monkeypatch):
    """No key and no address from outside, but one key that must be seen nowhere."""
    for name in list(os.environ):
        if name.upper().startswith(("ANTHROPIC_", "OPENAI_")):
            monkeypatch.delenv(name)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-marked-0123456789")
    return "sk-ant-marked-0123456789"
