import os

import pytest


@pytest.fixture
def marked_key(monkeypatch):
    """No key and no address from outside, but one key that must be seen nowhere."""
    for name in list(os.environ):
        if name.upper().startswith(("ANTHROPIC_", "OPENAI_")):
            monkeypatch.delenv(name)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-marked-0123456789")
