"""Oracle integrity: what it counts, and that a wrong scenario would be noticed."""

import pytest

from rembench.harness.audit import integrity
from rembench.harness.generator import scenario as generator


def test_generated_scenarios_have_no_fault():
    found = integrity.of("test", 3)
    assert found["met"]
    assert found["scenarios"] == 6
    assert found["expectations"] > 500
    assert found["faults"] == {"valid": 0, "solver": 0, "oracle": 0, "nothing": 0}


def flipped(made):
    """The first expectation of being held, turned into one of being gone."""
    value = next(v for item in made["items"] for v in item["values"] if "held" in v["expect"].values())
    night = next(night for night, stance in value["expect"].items() if stance == "held")
    value["expect"][night] = "absent"
    return made


def test_a_wrong_expectation_is_noticed_by_the_second_solver(monkeypatch):
    monkeypatch.setattr(integrity, "make", lambda order, *, twin: flipped(generator.make(order, twin=twin)))
    found = integrity.of("test", 1)
    assert not found["met"]
    assert found["faults"]["solver"] == 2
    assert "solver: items[" in found["examples"][0]


@pytest.mark.parametrize("check", ["valid", "oracle"])
def test_other_faults_are_counted(monkeypatch, check):
    def spoiled(order, *, twin):
        made = generator.make(order, twin=twin)
        if check == "valid":
            made["items"][1]["id"] = made["items"][0]["id"]
        else:
            item = next(i for i in made["items"] if i.get("tactic") == "explicit")
            item["values"][0]["text"] = item["values"][1]["text"]
        return made

    monkeypatch.setattr(integrity, "make", spoiled)
    assert integrity.of("test", 1)["faults"][check] > 0
