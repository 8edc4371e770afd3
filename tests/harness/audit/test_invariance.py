from dataclasses import replace

from rembench.harness.audit.invariance import of
from rembench.harness.audit.restyle import FORMATS, LAYOUTS, MARKS
from tests.harness.audit.garden import GARDEN


def test_rewritten_memories_keep_their_verdicts():
    found = of([GARDEN])["transformations"]
    assert found["JSON"]["identical"] == 1.0
    assert found["white space"]["identical"] == 1.0
    # Nine items of twelve values at two checkpoints, and at c2 once more with what came before.
    assert found["table"]["verdicts"] == 3 * 12


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
