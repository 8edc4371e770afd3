import pytest

from rembench.testing import FakeService
from tests.harness.fake.clients import clear_environment


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    clear_environment(monkeypatch)


@pytest.fixture
def service():
    with FakeService() as made:
        yield made


@pytest.fixture
def keyed_service():
    with FakeService(keys={"right"}) as made:
        yield made
