"""Drawn values: how each type is written, that no two are alike, and what looks nearly like another."""

import re
from datetime import date

import pytest

from rembench.harness.generator.domain import ValueSpec
from rembench.harness.generator.draw import Draw
from rembench.harness.generator.lexicon import lexicon
from rembench.harness.generator.values import (
    Drawn,
    NoneLeftError,
    Values,
    day_of,
    in_words,
    joined,
    person,
)

START = date(2026, 3, 1)


def values(*names):
    return Values(Draw("values", *names), START)


def drawn(near=None, **spec):
    return values().draw(ValueSpec(**spec), near)


# A spec with one possible value → its text and the other ways of writing it.
ONLY = [
    ({"type": "number", "low": 1340, "high": 1340, "unit": "rolls"}, "1,340 rolls", ("1340 rolls",)),
    ({"type": "number", "low": 236, "high": 236, "unit": "rolls"},
     "236 rolls", ("two hundred and thirty-six rolls",)),
    ({"type": "number", "low": 12, "high": 12}, "12", ()),
    ({"type": "money", "low": 1340, "high": 1340}, "€1,340", ("1340 euros",)),
    ({"type": "money", "low": 45, "high": 45, "currency": "$"}, "$45", ("45 dollars", "forty-five dollars")),
    ({"type": "money", "low": 100, "high": 100, "currency": "£"}, "£100", ("100 pounds", "a hundred pounds")),
    ({"type": "time", "low": "14:35", "high": "14:35"}, "14:35", ("2:35 pm", "14h35")),
    ({"type": "time", "low": "00:05", "high": "00:05"}, "00:05", ("12:05 am", "0h05")),
    ({"type": "time", "low": "12:00", "high": "12:00"}, "12:00", ("12:00 pm", "12h00")),
    ({"type": "path", "pattern": "{a}/{b}.yaml", "a": ["etc"], "b": ["gate"]}, "etc/gate.yaml", ()),
    ({"type": "code", "pattern": "KX-7"}, "KX-7", ()),
    ({"type": "choice", "options": ["the red gate"]}, "the red gate", ()),
    ({"type": "choice", "parts": [["red"], ["gate"]]}, "red gate", ()),
    ({"type": "phrase", "text": "{x} by the {y}", "x": ["tea"], "y": ["door"]}, "tea by the door", ()),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "text", "aliases"), ONLY)
def test_a_value_is_written_in_these_ways(spec, text, aliases):
    assert drawn(**spec) == Drawn(text, aliases, spec["type"])


def test_a_number_is_one_of_the_steps_between_low_and_high():
    maker = values()
    spec = ValueSpec(type="number", low=10, high=20, step=5, unit="kg")
    assert {maker.draw(spec).text for _ in range(3)} == {"10 kg", "15 kg", "20 kg"}


def test_a_time_is_one_of_the_steps_between_low_and_high():
    maker = values()
    spec = ValueSpec(type="time", low="06:50", high="07:20", step=15)
    assert {maker.draw(spec).text for _ in range(3)} == {"06:50", "07:05", "07:20"}


_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd", 21: "21st", 22: "22nd", 23: "23rd", 31: "31st"}


def test_a_date_is_a_day_of_the_months_to_come_and_written_in_four_ways():
    maker = values()
    for _ in range(200):
        made = maker.draw(ValueSpec(type="date"))
        day, month = made.text.split()
        ordinal = _ORDINALS.get(int(day), f"{day}th")
        assert made.aliases == (f"{month} {day}", f"the {ordinal} of {month}", f"{day} {month[:3]}")
        assert made.type == "date"
    assert day_of(date(2026, 8, 3)) == "3 August"


def test_a_version_has_three_parts():
    made = drawn(type="version")
    assert re.fullmatch(r"[1-9]\d?\.\d{1,2}\.[1-9]\d?", made.text)
    assert made.aliases == (f"v{made.text}", f"version {made.text}")


def test_a_person_is_a_name_of_the_lexicon():
    made = drawn(type="person")
    given, family = made.text.split(" ", 1)
    assert given in lexicon().given
    assert family in lexicon().family
    assert (made.aliases, made.type) == ((), "name")


def test_a_code_has_digits_and_letters_where_its_pattern_says():
    for seed in range(30):
        text = values(seed).draw(ValueSpec(type="code", pattern="X-##/@@.&&")).text
        assert re.fullmatch(r"X-\d\d/[A-HJ-NP-Z]{2}\.[a-hjkmnp-z2-9]{2}", text), text


WORDS = [
    (0, "zero"), (7, "seven"), (13, "thirteen"), (20, "twenty"), (42, "forty-two"), (99, "ninety-nine"),
    (100, "a hundred"), (101, "a hundred and one"), (200, "two hundred"), (340, "three hundred and forty"),
    (999, "nine hundred and ninety-nine"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "words"), WORDS)
def test_a_number_in_words(number, words):
    assert in_words(number) == words


def test_no_two_of_a_thousand_numbers_in_words_are_the_same():
    assert len({in_words(n) for n in range(1000)}) == 1000


MANY = [
    ValueSpec(type="number", low=2, high=2000, unit="rolls"),
    ValueSpec(type="number", low=2, high=2000, unit="trays"),
    ValueSpec(type="money", low=2, high=2000),
    ValueSpec(type="date"),
    ValueSpec(type="time", low="03:00", high="22:00"),
    ValueSpec(type="version"),
    ValueSpec(type="person"),
    ValueSpec(type="code", pattern="K-###"),
]


def test_no_two_of_three_hundred_values_are_alike():
    maker = values("many")
    texts = [maker.draw(MANY[n % len(MANY)]).text for n in range(300)]
    assert len({text.casefold() for text in texts}) == 300
    alone = [
        re.sub(r",", "", m[1]) for t in texts if (m := re.fullmatch(r"\D*?([\d,]+)\D*", t)) and not _day(t)
    ]
    assert len({number.lstrip("0") for number in alone}) == len(alone) > 100


def _day(text):
    return re.fullmatch(r"\d+ [A-Z][a-z]+", text)


def test_a_number_that_is_taken_is_taken_in_every_unit():
    maker = values()
    assert maker.take("€1,340")
    assert not maker.take("1340 rolls")
    assert not maker.take("K-01340")
    assert maker.take("1340 rolls in 12 trays")  # two numbers: no single one is its own
    assert not maker.take("1340 ROLLS in 12 trays!")


def test_when_every_value_is_taken_it_says_so():
    maker = values()
    spec = ValueSpec(type="choice", options=["tea", "coffee"])
    assert {maker.draw(spec).text for _ in range(2)} == {"tea", "coffee"}
    with pytest.raises(NoneLeftError, match="coffee"):
        maker.draw(spec)


LIKE = [
    ({"type": "number", "low": 24, "high": 4800, "unit": "rolls"}, "1,340 rolls"),
    ({"type": "money", "low": 24, "high": 4800}, "€785"),
    ({"type": "version"}, "10.12.3"),
    ({"type": "code", "pattern": "KX-####"}, "KX-0417"),
]


@pytest.mark.parametrize(("spec", "near"), LIKE)
def test_a_look_alike_differs_in_one_digit_or_two(spec, near):
    for seed in range(60):
        text = values(seed).draw(ValueSpec(**spec), near).text
        different = [n for n, (a, b) in enumerate(zip(near, text, strict=True)) if a != b]
        assert 1 <= len(different) <= 2
        assert all(text[n].isdigit() and near[n].isdigit() for n in different)
        assert spec["type"] == "code" or not re.search(r"(?<![\d,])0\d", text), text


@pytest.mark.parametrize(
    ("spec", "near"),
    [({"type": "date"}, "14 March"), ({"type": "time", "low": "06:00", "high": "20:00"}, "14:35"),
     ({"type": "person"}, "Ilse Brandvold"), ({"type": "choice", "options": ["tea", "coffee"]}, "tea"),
     ({"type": "number", "low": 2, "high": 9}, "5")],
)  # fmt: skip
def test_what_has_no_look_alike_is_drawn_as_ever(spec, near):
    assert drawn(near, **spec) == drawn(**spec)


def test_a_value_made_of_two_is_written_in_every_way_of_both():
    first = Drawn("on Mondays", (), "choice")
    second = Drawn("14:35", ("2:35 pm", "14h35"), "time")
    made = joined("{A} at {B}", first, second)
    assert made == Drawn("on Mondays at 14:35", ("on Mondays at 2:35 pm", "on Mondays at 14h35"), "phrase")


def test_a_value_is_said_in_another_way_as_often_as_asked():
    made = Drawn("14:35", ("2:35 pm", "14h35"), "time")
    assert {made.said(Draw(n), 0.0) for n in range(20)} == {"14:35"}
    assert {made.said(Draw(n), 1.0) for n in range(20)} == {"2:35 pm", "14h35"}
    assert Drawn("tea", (), "choice").said(Draw(), 1.0) == "tea"


def test_what_is_somebodys_own_is_in_no_other_name():
    maker = values()
    assert maker.take_name("Ilse Brandvold", ["Ilse", "Brandvold"])
    assert not maker.take_name("Ilse Okon")
    assert not maker.take_name("Marit Brandvold", ["Marit", "Brandvold"])
    assert not maker.take_name("Café Ilse", [])
    assert maker.take_name("Marit Okon")
    assert not maker.take_name("Marit Lind", ["Marit", "Lind"])  # Marit Okon has it too
    assert not maker.take_name("Marit Okon")
    assert maker.take_name("Marit Solberg")


def test_a_short_name_is_no_part_of_another_name_nor_a_value():
    maker = values()
    assert maker.take_name("Old Mill Hotel", ["Old Mill"])
    assert not maker.take_name("The Old Mill")
    assert maker.take_name("Old Hotel")
    assert not maker.take_name("Old Barn", ["Old"])  # the hotel has it too
    assert not maker.take("old mill")
    assert maker.take("tea")
    assert not maker.take_name("Tea Room", ["Tea"])


def test_people_are_drawn_from_all_names():
    assert len({person(Draw(n)) for n in range(200)}) > 190
