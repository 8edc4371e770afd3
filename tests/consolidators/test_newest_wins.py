from rembench.consolidators.sentences import SESSIONS_PATH
from tests.consolidators.nights import consolidated, night, session


def written(store, *sessions, spec="newest-wins"):
    return consolidated(spec, night(memory=store, sessions=sessions)).memory


def test_newer_sentence_on_a_topic_replaces_the_store_line():
    store = {"a.md": "- Imre fires the big kiln on Fridays\n- Imre lives in Pecs\n"}
    memory = written(store, session(1, "Imre fires the big kiln on Mondays."))
    assert memory == {
        "a.md": "- Imre lives in Pecs\n",
        SESSIONS_PATH: "## 2026-03-01\n- Imre fires the big kiln on Mondays.\n",
    }


def test_same_key_before_a_colon_is_the_same_topic():
    memory = written({"a.md": "Colour: red\nShape: round\n"}, session(1, "colour: a dark green"))
    assert memory["a.md"] == "Shape: round\n"


def test_value_that_came_back_is_the_newest():
    days = [session(n, f"The big kiln fires on {day}.") for n, day in ((1, "Friday"), (2, "Monday"))]
    memory = written({}, *days, session(3, "The big kiln fires on Friday."))
    assert memory == {SESSIONS_PATH: "## 2026-03-03\n- The big kiln fires on Friday.\n"}


def test_what_is_said_again_word_for_word_stays_where_it_is():
    store = {"a.md": "- Imre lives in Pecs.\n"}
    memory = written(store, session(1, "Imre lives in Pecs. Clay is bought at Lipka."))
    assert memory["a.md"] == store["a.md"]
    assert memory[SESSIONS_PATH] == "## 2026-03-01\n- Clay is bought at Lipka.\n"


def test_newest_is_kept_when_the_budget_is_short():
    talk = (session(1, "Clay is bought at Lipka."), session(2, "Glaze stands at Orsi's."))
    memory = written({}, *talk, spec="newest-wins:budget=16")
    assert memory == {SESSIONS_PATH: "## 2026-03-02\n- Glaze stands at Orsi's.\n"}
