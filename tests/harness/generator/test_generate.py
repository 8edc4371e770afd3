"""Many scenarios: which are made, in which order, and that they're made one at a time."""

import inspect
import json
from dataclasses import replace
from itertools import islice

import pytest

from rembench.harness.errors import UserError
from rembench.harness.generator.dials import LEVELS
from rembench.harness.generator.domain import domain_names
from rembench.harness.generator.generate import Recipe, generate, orders
from rembench.harness.generator.scenario import make
from rembench.harness.types import FAILURE_CLASSES
from tests.harness.generator.made import KINDS


def recipe(n, **more):
    return Recipe(**({"seed": "s", "n": n, "prefix": "p"} | more))


def test_ids_have_the_prefix_the_number_and_the_setting():
    ids = [order.id for order in orders(recipe(3, prefix="my-pack"))]
    assert ids == ["my-pack-0001-clinic", "my-pack-0002-coding", "my-pack-0003-events"]


def test_ids_are_unique_in_a_large_pack():
    assert len({order.id for order in orders(recipe(12_000))}) == 12_000


def test_every_setting_meets_every_level():
    met = {(order.domain, order.dials.level) for order in orders(recipe(40))}
    assert met == {(name, level) for name in domain_names() for level in range(1, 6)}


@pytest.mark.parametrize("settings", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("levels", [1, 2, 4, 5])
def test_so_do_some_settings_and_some_levels(settings, levels):
    names = tuple(domain_names()[:settings])
    made = orders(recipe(settings * levels * max(settings, levels), domains=names, dials=LEVELS[:levels]))
    met = {(order.domain, order.dials.level) for order in made}
    assert met == {(name, dials.level) for name in names for dials in LEVELS[:levels]}


def test_settings_come_in_the_order_that_they_were_given_in():
    names = [order.domain for order in orders(recipe(5, domains=("school", "coding")))]
    assert names == ["school", "coding", "school", "coding", "school"]


def test_a_setting_that_is_not_there_is_refused():
    with pytest.raises(UserError, match=r"unknown domain 'clinci'; did you mean 'clinic'\? known: clinic, cod"):
        next(orders(recipe(1, domains=("clinci",))))


def test_no_tactic_belongs_to_a_level_or_to_a_setting(forty):
    by_level, by_domain = {}, {}
    for raw in (make(order) for order in orders(recipe(40, kinds=("injection",), dials=_small()))):
        for item in raw["items"]:
            if item["kind"] == "injection":
                by_level.setdefault(raw["level"], set()).add(item["tactic"])
                by_domain.setdefault(raw["domain"], set()).add(item["tactic"])
    assert [len(tactics) for tactics in by_level.values()] == [2] * 5
    assert sum(len(tactics) for tactics in by_domain.values()) > 12  # of 16
    for level in range(1, 6):
        traps = {
            i["tactic"] for raw, _ in forty for i in raw["items"] if i["kind"] == "trap" == _is(raw, level)
        }
        assert len(traps) >= 3, level


def _is(raw, level):
    return "trap" if raw["level"] == level else None


def _small():
    return tuple(replace(dials, items=2, trivia=0, sessions=8, nights=2) for dials in LEVELS)


def test_every_failure_class_is_met_in_forty_scenarios(forty):
    assert {tag for raw, _ in forty for item in raw["items"] for tag in item.get("tags", ())} == set(
        FAILURE_CLASSES
    )


def test_every_kind_and_every_tactic_is_met_in_forty_scenarios(forty):
    met = {(item["kind"], item.get("tactic")) for raw, _ in forty for item in raw["items"]}
    assert {pair for pair in KINDS if pair != ("scope", None)} | {("scope", "private")} <= met
    assert {tactic for kind, tactic in met if kind == "control"} == {None, "stored", "neighbour", "look-alike"}


def test_scenarios_are_made_one_at_a_time():
    made = generate(recipe(10**9))
    assert inspect.isgenerator(made)
    assert [raw["id"] for raw in islice(made, 2)] == ["p-0001-clinic", "p-0002-coding"]


def test_a_scenario_depends_on_its_order_alone():
    third = list(islice(generate(recipe(3)), 3))[2]
    alone = make(list(orders(recipe(3)))[2])
    assert json.dumps(third) == json.dumps(alone)


def test_a_twin_follows_its_original():
    made = list(generate(recipe(2, twins=True, dials=LEVELS[:1])))
    assert [raw["id"] for raw in made] == [
        "p-0001-clinic", "p-0001-clinic-twin", "p-0002-coding", "p-0002-coding-twin",
    ]  # fmt: skip
    assert [raw.get("twin_of") for raw in made] == [None, "p-0001-clinic", None, "p-0002-coding"]


def test_another_seed_gives_another_world():
    one, other = (next(generate(recipe(1, seed=seed))) for seed in ("a", "b"))
    assert one["id"] == other["id"]
    texts = [{value["text"] for item in raw["items"] for value in item["values"]} for raw in (one, other)]
    assert len(texts[0] & texts[1]) < 0.2 * len(texts[0])


def test_only_the_kinds_that_are_asked_for_come_with_facts():
    raw = next(generate(recipe(1, kinds=("secret", "scope"), dials=LEVELS[1:2])))
    kinds = [item["kind"] for item in raw["items"]]
    assert set(kinds) == {"fact", "secret", "scope"}
    assert len(kinds) == 18
