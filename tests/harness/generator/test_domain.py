"""The settings as data: enough of everything, nothing that can't be filled in, nothing said in two of them."""

import re
from collections import Counter

import pytest
from pydantic import ValidationError

from rembench.harness.generator.domain import FOLDER, Domain, domain, domain_names, read_yaml
from rembench.harness.generator.lexicon import lexicon
from rembench.harness.scorer.words import norms
from tests.harness.generator.clauses import asked, spoken

DOMAINS = domain_names()

# What a setting has → at least how many.
LEAST = {
    "titles": 6, "users": 3, "conditions": 10, "classes": 5, "polarities": 4, "composites": 3, "temporaries": 5,
    "patterns": 6, "deletables": 8, "secrets": 5, "injections": 5, "instructions": 3, "chatter": 60, "tools": 8,
    "fill": 6,
}  # fmt: skip
# What each of a part's lists has → at least how many.
LEAST_OF_A_SLOT = {"say": 5, "now": 4, "ask": 2, "log": 2, "aliases": 3}
LEAST_OF_OTHERS = {
    "polarities": {"say_yes": 3, "say_no": 3},
    "composites": {"say": 3, "partial": 3},
    "temporaries": {"say": 3},
    "patterns": {"instances": 6, "match_any": 1},
    "deletables": {"say": 3, "direct": 2, "category_request": 2, "description": 2},
    "secrets": {"say": 3},
    "injections": {"carrier": 2, "own": 1},
}


@pytest.fixture(params=DOMAINS)
def setting(request):
    return domain(request.param)


def slots(setting):
    return [slot for class_ in setting.classes for slot in class_.slots]


def test_there_are_eight_settings():
    assert DOMAINS == ["clinic", "coding", "events", "household", "operations", "personal", "school", "support"]


def test_a_setting_has_enough_of_everything(setting):
    assert setting.id in DOMAINS
    found = {part: len(getattr(setting, part)) for part in LEAST}
    assert {part: n for part, n in found.items() if n < LEAST[part]} == {}
    assert len(slots(setting)) >= 28
    assert len({one.category for one in setting.deletables}) >= 4
    assert {name: len(words) for name, words in setting.fill.items() if len(words) < 15} == {}


def test_each_part_of_a_setting_has_enough_sentences(setting):
    few = [
        (slot.id, part)
        for slot in slots(setting)
        for part, least in LEAST_OF_A_SLOT.items()
        if len(getattr(slot, part)) < least
    ]
    few += [
        (part, one.attribute, kind)
        for part, kinds in LEAST_OF_OTHERS.items()
        for one in getattr(setting, part)
        for kind, least in kinds.items()
        if len(getattr(one, kind)) < least
    ]
    assert few == []


def test_ids_and_attributes_are_unique(setting):
    for ids in (
        [c.id for c in setting.classes],
        [s.id for s in slots(setting)],
        [d.id for d in setting.deletables],
    ):
        assert len(set(ids)) == len(ids)
    attributes = Counter(" ".join(norms(one.attribute)) for one in asked(setting))
    assert [name for name, n in attributes.items() if n > 1] == []


def test_what_is_about_a_class_names_one_that_is_there(setting):
    parts = ("polarities", "composites", "temporaries", "patterns", "deletables", "secrets", "injections")
    named = {one.subject for part in parts for one in getattr(setting, part)} - {None}
    assert named <= {class_.id for class_ in setting.classes}


def test_names_are_many_enough(setting):
    for class_ in setting.classes:
        if class_.names != "person":
            assert len(class_.names[0]) >= 20, class_.id
            assert class_.short is None or 0 <= class_.short < len(class_.names), class_.id


def test_instructions_name_slots_and_leave_out_only_what_matters_little(setting):
    ids = {slot.id for slot in slots(setting)}
    low = {slot.id for slot in slots(setting) if slot.low}
    for one in setting.instructions:
        assert set(one.prioritise) <= ids
        assert one.ignore
        assert set(one.ignore) <= low


def test_an_exchange_has_two_or_four_turns(setting):
    assert {len(exchange) for exchange in setting.chatter} <= {2, 4}


def test_no_turn_of_small_talk_is_there_twice(setting):
    turns = Counter(text for exchange in setting.chatter for text in exchange)
    assert [text for text, n in turns.items() if n > 1] == []


def test_every_placeholder_is_one_that_is_filled_in(setting):
    wrong = [
        (where, hole, text)
        for where, allowed, text in spoken(setting)
        for hole in re.findall(r"\{(\w+)\}", text)
        if hole not in allowed
    ]
    assert wrong == []


def test_every_list_of_words_that_is_asked_for_exists(setting):
    lists = {*setting.fill, *lexicon().fill}
    text = (FOLDER / f"{setting.id}.yaml").read_text("utf-8")
    asked_for = re.findall(r"\{fill\.(\w+)\}", text)
    assert set(asked_for) - lists == set()
    assert text.count("{fill") == len(asked_for)


def test_a_value_draws_from_lists_that_it_has(setting):
    for where, spec in _specs(setting):
        if spec.type in {"path", "phrase"}:
            template = spec.pattern if spec.type == "path" else spec.text
            holes = re.findall(r"\{(\w+)\}", template)
            assert holes, where
            assert set(holes) == set(spec.lists()), where
        elif spec.type == "choice":
            assert bool(spec.options) != bool(spec.parts), where
        elif spec.type == "code":
            assert re.search(r"[#@&]", spec.pattern), where


def _specs(setting):
    for one in asked(setting):
        for name in ("value", "first", "second"):
            if spec := getattr(one, name, None):
                yield f"{one.attribute}: {name}", spec


# The placeholder without which a sentence says nothing.
NEEDED = [
    ("slots", "say", "V"), ("slots", "now", "V"), ("slots", "log", "V"),
    ("composites", "say", "B"), ("composites", "partial", "B"),
    ("temporaries", "say", "V"), ("temporaries", "say", "D"),
    ("deletables", "say", "V"), ("secrets", "say", "V"),
    ("injections", "carrier", "text"), ("injections", "own", "text"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "kind", "hole"), NEEDED)
def test_a_sentence_has_the_value_that_it_is_there_to_say(setting, part, kind, hole):
    those = slots(setting) if part == "slots" else getattr(setting, part)
    assert [t for one in those for t in getattr(one, kind) if f"{{{hole}}}" not in t] == []


def test_a_statement_names_its_subject(setting):
    those = [*slots(setting), *setting.deletables, *setting.temporaries, *setting.composites]
    assert [t for one in those for t in one.say if "{S}" not in t] == []


_SHORT = 7  # words: what's this short ("{S}'s speciality is {V}") is anybody's


def test_no_sentence_is_shared_by_two_settings():
    seen = {}
    for name in DOMAINS:
        for where, _, text in spoken(domain(name)):
            if where != "conditions" and len(text.split()) > _SHORT:
                seen.setdefault(text.casefold().strip(".!? "), set()).add(name)
    assert {text: names for text, names in seen.items() if len(names) > 1} == {}


def test_a_setting_with_a_part_that_nobody_knows_is_refused():
    raw = read_yaml(FOLDER / "clinic.yaml")
    raw["polarity"] = []
    with pytest.raises(ValidationError, match="polarity"):
        Domain.model_validate(raw)


def test_the_class_of_an_id_is_found(setting):
    assert [setting.class_(one.id) for one in setting.classes] == list(setting.classes)


def test_what_looks_like_a_number_or_a_yes_stays_text(tmp_path):
    path = tmp_path / "made.yaml"
    path.write_text("a: [no, 12:30, '5', 5, 1.10, on, 2026-03-01, true, null, -3]\n", encoding="utf-8")
    assert read_yaml(path) == {"a": ["no", "12:30", "5", 5, "1.10", "on", "2026-03-01", True, None, -3]}
