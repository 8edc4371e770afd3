"""The cue table held out, on two scenarios that share one cue and have one each."""

from dataclasses import replace

from rembench.harness.audit.agreement import Judged
from rembench.harness.audit.held_out import held_out
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import Value
from tests.harness.audit.made import judged
from tests.harness.scorer.builders import item, scenario


def read(name, memory, label):
    tea = item("Ada", "tea", (Value(text="Assam"),), id="i0", kind="fact")
    made = judged(("fact", "Assam", "held", label, None), name=name)
    labelled = replace(made.labelled, scenario=replace(scenario(tea), id=name), memory={"m.md": memory})
    return Judged(labelled=labelled, reading=ScenarioScorer(labelled.scenario).read(labelled.memory, "c1"))


SETS = [
    (
        "one",
        [
            read("a", "Ada's tea was formerly Assam.", "retired"),
            read("a", "Ada rejected Assam tea.", "retired"),
        ],
    ),
    ("two", [read("b", "Ada's tea was formerly Assam.", "retired"), read("b", "Ada's tea is Assam.", "held")]),
]


def test_a_cue_that_another_scenario_speaks_for_stays():
    found = held_out(SETS)
    assert found["cues"] == 2
    assert found["single"] == 1
    assert found["sets"]["two"] == {"n": 2, "kappa": 1.0, "accuracy": 1.0}


def test_a_cue_of_one_scenario_alone_isnt_used_in_it():
    found = held_out(SETS)
    assert found["sets"]["one"]["accuracy"] == 0.5  # "rejected" is withheld: Assam is read as held
