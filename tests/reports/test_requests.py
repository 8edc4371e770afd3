"""The message that asked for a deletion is found by when and what it says."""

from dataclasses import replace

import pytest

from rembench.harness.scenario.pack import load_pack
from rembench.harness.types import DeleteStep
from rembench.reports.requests import deletion_request
from tests.reports.conftest import TINY

PACKS = ("natural", "recorded", str(TINY))
DELETIONS = [
    (scenario, item, n)
    for name in PACKS
    for scenario in load_pack(name).scenarios
    for item in scenario.items
    if item.kind == "deletion"
    for n, value in enumerate(item.values)
    if "absent" in value.expect.values()
]


@pytest.mark.parametrize(("scenario", "item", "value"), DELETIONS, ids=lambda one: getattr(one, "id", one))
def test_every_deletion_of_the_packs_has_a_request_before_its_night(scenario, item, value):
    found = deletion_request(scenario, item, value)
    assert found is not None
    first = next(s for s in scenario.nights if item.values[value].expect.get(s.id) == "absent")
    assert found.at <= first.at


def _orchids():
    return next(s for s in load_pack(str(TINY)).scenarios if s.id == "orchid-house")


def _address(scenario):
    return next(item for item in scenario.items if item.id == "home-address")


def test_a_delete_step_is_certain():
    found = deletion_request(_orchids(), _address(_orchids()), 0)
    assert (found.source, found.message, found.probable) == ("d1", None, False)
    assert found.text.startswith("Please delete Maren's home address")


def test_without_a_step_the_message_that_asks_is_only_probable():
    scenario = _orchids()
    asked = "Please forget my home address, Lindholm Lane."
    steps = []
    for step in scenario.steps:
        if isinstance(step, DeleteStep):
            continue
        if step.id == "s2":
            step = replace(step, messages=(*step.messages, replace(step.messages[0], content=asked)))
        steps.append(step)
    found = deletion_request(replace(scenario, steps=tuple(steps)), _address(scenario), 0)
    assert (found.source, found.message, found.text, found.probable) == ("s2", 2, asked, True)


def test_where_nobody_asks_there_is_no_request():
    scenario = _orchids()
    steps = tuple(step for step in scenario.steps if not isinstance(step, DeleteStep))
    assert deletion_request(replace(scenario, steps=steps), _address(scenario), 0) is None
