import anthropic
import pytest

from tests.harness.fake.clients import claude, gpt


def test_anthropic_list_is_read_over_several_pages(service):
    with claude(service) as client:
        ids = [model.id for model in client.models.list()]
    assert ids == list(service.families[0].models)
    assert service.asked.paths == ("GET /v1/models", "GET /v1/models")


def test_the_same_path_is_openais_for_its_client(service):
    with gpt(service) as client:
        (model,) = client.models.list()
    assert (model.id, model.model_extra["max_model_len"]) == ("fake-model", 32_768)


def test_unknown_model_is_not_found(service):
    with claude(service) as client, pytest.raises(anthropic.NotFoundError) as caught:
        client.models.retrieve("no-such")
    assert (caught.value.type, caught.value.request_id) == ("not_found_error", "req_0001")
