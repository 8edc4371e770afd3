import pytest

from rembench.testing import FakeService
from tests.harness.providers.claude.asking import come_here


@pytest.fixture
def fake(monkeypatch):
    """Starts a fake service with these families and options, and has the environment lead there."""
    started = []

    def start(*families, **options) -> FakeService:
        service = FakeService(*families, **options)
        service.__enter__()
        started.append(service)
        come_here(monkeypatch, service)
        return service

    yield start
    for service in started:
        service.__exit__(None, None, None)
