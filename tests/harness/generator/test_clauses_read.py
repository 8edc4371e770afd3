"""Whether the scorer understands what's said in the settings: a right memory may use the very words."""

from datetime import date

import pytest

from rembench.harness.generator.domain import domain, domain_names
from rembench.harness.generator.draw import Draw
from rembench.harness.generator.grammar import Phrasebook
from rembench.harness.generator.values import Values, person
from rembench.harness.night import Message, Session
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import ConsolidateStep, Item, Scenario, Value

_STEPS = (
    Session(id="s1", at="2026-03-01T10:00:00Z", messages=(Message(role="user", content="hello"),)),
    ConsolidateStep(id="c1", at="2026-03-02T02:00:00Z"),
)


@pytest.fixture(params=domain_names(), scope="module")
def clauses(request):
    """Every clause of every slot of a setting with the stance that it conveys: (slot, form, text, stance)."""
    setting = domain(request.param)
    words = Phrasebook(setting, Draw("clauses", "words"))
    found = []
    for class_ in setting.classes:
        for slot in class_.slots:
            draw = Draw("clauses", setting.id, slot.id)
            subject = person(draw) if class_.names == "person" else " ".join(draw.one(p) for p in class_.names)
            value = Values(draw, date(2026, 3, 1)).draw(slot.value)
            made = _scenario("fact", subject, slot, _value(value.text, value.aliases, type=value.type))
            scorer = ScenarioScorer(made)
            others = {"P": person(draw), "Q": person(draw)}
            texts = [("oracle", next(iter(oracle_memory(made, "c1").values())))]
            for form in ("say", "now", "log"):
                for clause in getattr(slot, form):
                    said = words.line if form == "log" else words.sentence
                    texts.append((form, said(clause, draw, S=subject, V=value.text, **others)))
            for form, text in texts:
                (verdict,) = scorer.read({"memory/notes.md": text}, "c1").verdicts
                found.append((slot.id, form, text, verdict.observed))
    return found


def _value(text, aliases=(), **more):
    return Value(text=text, aliases=aliases, expect={"c1": "held"}, **more)


def _scenario(kind, subject, asked, *values):
    item = Item(
        id="item", kind=kind, subject=subject, attribute=asked.attribute, attribute_aliases=asked.aliases,
        question=asked.question, values=values,
    )  # fmt: skip
    return Scenario(
        id="one", title="one", origin="synthetic", domain="any", language="en", store={}, steps=_STEPS,
        items=(item,),
    )  # fmt: skip


def _stances(scorer, text):
    return [verdict.observed for verdict in scorer.read({"memory/notes.md": text}, "c1").verdicts]


def test_the_plain_line_is_read_as_held(clauses):
    assert [c for c in clauses if c[1] == "oracle" and c[3] != "held"] == []


def test_nine_of_ten_statements_are_read_as_held(clauses):
    for form in ("say", "now"):
        stances = [stance for _, one, _, stance in clauses if one == form]
        assert stances.count("held") >= 0.9 * len(stances) > 0, [c for c in clauses if c[3] != "held"]


def test_every_value_is_found_wherever_it_is_said(clauses):
    assert [c for c in clauses if c[3] == "absent"] == []


@pytest.fixture(params=domain_names(), scope="module")
def setting(request):
    return domain(request.param)


def _subject(setting, one, draw):
    class_ = setting.class_(one.subject)
    return person(draw) if class_.names == "person" else " ".join(draw.one(part) for part in class_.names)


def test_yes_is_told_from_no(setting):
    words, wrong, told = Phrasebook(setting, Draw("words")), [], 0
    for one in setting.polarities:
        subject = _subject(setting, one, Draw("polarity", one.attribute))
        scorer = ScenarioScorer(_scenario("update", subject, one, _value(one.yes), _value(one.no)))
        for number, texts in enumerate((one.say_yes, one.say_no)):
            for text in texts:
                said = words.sentence(text, Draw("said", text), S=subject, P="Ada Okon", Q="Bo Lind")
                found = _stances(scorer, said)
                told += 1
                assert found[number] != "absent", said
                if found[number] != "held" or found[1 - number] == "held":
                    wrong.append((said, found))
    assert len(wrong) <= 0.1 * told, wrong


def test_a_habit_is_read_and_a_single_event_is_no_habit(setting):
    words = Phrasebook(setting, Draw("words"))
    for one in setting.patterns:
        subject = _subject(setting, one, Draw("pattern", one.attribute))
        habit = _value(one.habit, one.habits, type="phrase", match_any=one.match_any)
        scorer = ScenarioScorer(_scenario("pattern", subject, one, habit))
        for text in (f"{subject} {one.habit}.", *(f"{subject}: {other}." for other in one.habits)):
            assert _stances(scorer, text) == ["held"], text
        for text in one.instances:
            said = words.sentence(text, Draw("said", text), S=subject, P="Ada Okon", Q="Bo Lind")
            assert _stances(scorer, said) != ["held"], said
