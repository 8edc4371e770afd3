"""The general lexicon as data."""

import re

from rembench.harness.generator.lexicon import lexicon

LISTS = (
    "food weather animal object town film weekday month sport plant colour tool foreign abroad"
).split()  # fmt: skip
_WORDS_THAT_ARE_NO_NAMES = "may april june rose hope mark will price hall".split()


def test_there_are_names_enough_to_make_forty_thousand_people():
    assert len(lexicon().given) >= 160
    assert len(lexicon().family) >= 260


def test_no_name_is_there_twice_nor_both_given_and_family():
    names = [name.casefold() for name in (*lexicon().given, *lexicon().family)]
    assert len(set(names)) == len(names)


def test_a_name_is_one_word_of_letters_and_no_other_word():
    for name in (*lexicon().given, *lexicon().family):
        assert re.fullmatch(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", name), name
        assert name[0].isupper()
        assert name.casefold() not in _WORDS_THAT_ARE_NO_NAMES


def test_the_lists_of_words_are_these_and_long_enough():
    assert sorted(lexicon().fill) == sorted(LISTS)
    short = {name: len(words) for name, words in lexicon().fill.items() if len(words) < 30}
    assert short == {"weekday": 7, "month": 12}
    assert all(len(set(words)) == len(words) for words in lexicon().fill.values())
