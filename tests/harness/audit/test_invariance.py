from dataclasses import replace

from rembench.harness.audit.invariance import _compare, _Count, of
from rembench.harness.audit.restyle import FORMATS, LAYOUTS, MARKS
from rembench.harness.types import Finding, Reading, Verdict
from tests.harness.audit.garden import GARDEN
from tests.harness.audit.made import judged


def test_rewritten_memories_keep_their_verdicts():
    found = of([GARDEN])["transformations"]
    assert found["JSON"]["identical"] == 1.0
    assert found["white space"]["identical"] == 1.0
    # Nine items of twelve values at two checkpoints: as it is, with what's wrong, c2 also with what was before.
    assert (found["table"]["verdicts"], found["table"]["memories"]) == (5 * 12, 5)


def test_transformations_that_change_nothing_are_left_out():
    found = of([replace(GARDEN, store={})])["transformations"]
    assert "currency" in found
    assert "numbers unmarked" not in found
    assert set(found) <= {*LAYOUTS, *MARKS, *FORMATS}


def test_a_changed_verdict_is_counted_and_shown(monkeypatch):
    monkeypatch.setitem(LAYOUTS, "table", lambda entries: {"a.md": ""})
    found = of([GARDEN])
    assert not found["met"]
    table = found["transformations"]["table"]
    assert table["changed"] > 0
    assert table["examples"][0]["before"] == "held"
    assert table["examples"][0]["after"] == "absent"


def test_labelled_memories_are_rewritten_too():
    (one,) = [
        j.labelled for j in [judged(("fact", "Assam", "held", "held", "held"), memory="- Ada's tea: Assam")]
    ]
    found = of([], [one])["transformations"]
    assert found["upper case"]["verdicts"] == 1
    assert "table" not in found


VERDICT = Verdict(
    checkpoint="c1", item="i", value=0, expected="absent", observed="held", rule="r", leak_level="L5"
)
READ = Reading(checkpoint="c1", verdicts=(VERDICT,))
FOUND = Finding(checkpoint="c1", type="unsupported", rule="r", path="p", start=0, end=1, quote="1987")


def compared(after):
    count = _Count(1.0)
    _compare(count, READ, after, "s")
    return count.to_json()


def test_another_leak_level_is_another_verdict():
    found = compared(replace(READ, verdicts=(replace(VERDICT, leak_level="L3"),)))
    assert (found["changed"], found["identical"], found["met"]) == (1, 0.0, False)
    assert (found["examples"][0]["before"], found["examples"][0]["after"]) == ("held at L5", "held at L3")


def test_a_new_finding_is_a_change_and_its_wording_is_not():
    found = compared(replace(READ, findings=(FOUND,)))
    assert (found["changed"], found["changed_findings"], found["met"]) == (0, 1, False)
    assert found["examples"][0]["quote"] == "1987"
    count = _Count(1.0)
    _compare(count, replace(READ, findings=(FOUND,)), replace(READ, findings=(replace(FOUND, quote="x"),)), "s")
    assert count.to_json()["met"]
