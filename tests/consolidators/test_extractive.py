import pytest

from rembench.consolidators.extractive import Extractive
from rembench.consolidators.sentences import SESSIONS_PATH
from rembench.harness.errors import UserError
from tests.consolidators.nights import SESSIONS, STORE, consolidated, night, session

FILLER = "Sure, that sounds good to me. Let me know how it goes then. I'm glad to hear about that."


def test_under_budget_everything_is_kept_in_its_place():
    memory = consolidated("extractive", night()).memory
    assert {path: memory[path] for path in STORE} == STORE
    assert memory[SESSIONS_PATH].startswith("## 2026-03-01\n- Firing moves to Mondays from April.\n")


def test_particulars_outrank_filler():
    talk = session(1, f"{FILLER} The kiln at Lipka's holds 120 litres.", FILLER)
    memory = consolidated("extractive:budget=25", night(memory={}, sessions=(talk,))).memory
    assert "120 litres" in memory[SESSIONS_PATH]


def test_near_repetition_gives_way_to_something_else():
    said = "Clay comes from Lipka in Pecs. Clay comes from Lipka, in Pecs! Glaze comes from Orban in Vac."
    one_each = consolidated("extractive:budget=26", night(memory={}, sessions=(session(1, said),)))
    text = one_each.memory[SESSIONS_PATH]
    assert "Glaze" in text
    assert text.count("Clay") == 1


def test_refeed_of_what_is_held_changes_nothing():
    first = consolidated("extractive", night()).memory
    assert consolidated("extractive", night(memory=first, sessions=SESSIONS)).memory == first


def test_store_competes_with_the_sessions():
    store = {"a.md": "- Imre Vasarhelyi fires Kiln 7 in Pecs on Mondays at 06:30\n- so it goes\n"}
    memory = consolidated("extractive:budget=34", night(memory=store)).memory
    assert "Kiln 7" in memory["a.md"]
    assert "so it goes" not in memory["a.md"]


def test_negative_budget_is_refused():
    with pytest.raises(UserError, match="0 tokens or more"):
        Extractive(budget=-1)
