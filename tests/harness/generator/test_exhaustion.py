"""More than a setting has is refused: nothing is tried for ever."""

import pytest

from rembench.harness.errors import UserError
from rembench.harness.generator.dials import Dials
from rembench.harness.generator.domain import domain
from rembench.harness.generator.draw import Draw
from rembench.harness.generator.scenario import Order, make
from rembench.harness.generator.values import NoneLeftError
from rembench.harness.generator.world import World

DIALS = Dials(sessions=20, nights=3, items=4)


def order(**counts: int) -> Order:
    return Order(id="t", domain="clinic", dials=DIALS, seed="t", number=0, counts={"fact": 1, **counts})


def test_more_of_a_kind_than_a_setting_has_is_one_line():
    with pytest.raises(UserError, match="no room for so many items of kind injection"):
        make(order(injection=300))


def test_names_of_firms_come_to_an_end(monkeypatch):
    world = World(domain("clinic"), DIALS, Draw("t"))
    monkeypatch.setattr(world.values, "take_name", lambda *_: False)
    with pytest.raises(NoneLeftError, match="no name left for another firm"):
        world.another_org()
