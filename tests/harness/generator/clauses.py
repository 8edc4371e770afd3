"""What's said in a setting: every clause, with the words that the generator fills it in with."""

from collections.abc import Iterator

ANYBODY = frozenset({"P", "Q", "N"})
_ABOUT = ANYBODY | {"S", "attribute"}
WORDS = {
    "titles": frozenset({"org", "N"}),
    "conditions": frozenset(),
    "chatter": ANYBODY,
    "say": ANYBODY | {"S", "V"},
    "ask": _ABOUT | {"V"},
    "log": _ABOUT | {"V"},
    "polarity": ANYBODY | {"S"},
    "composite": ANYBODY | {"S", "A", "B"},
    "temporary": ANYBODY | {"S", "V", "D"},
    "instances": _ABOUT,
    "request": ANYBODY | {"S"},
    "secret": _ABOUT | {"V"},
    "carrier": _ABOUT | {"text", "org2"},
    "injection": _ABOUT | {"org2"},
    "planted": frozenset({"S", "org2"}),
    "instruction": frozenset(),
    "tool": ANYBODY,
    "question": frozenset({"S"}),
}
"""Kind of clause → the placeholders that it may have, beside `{fill.list}`."""


def asked(setting):
    """Everything in a setting that an item can be about."""
    clues = [one.gives_away for one in setting.deletables]
    own = [slot for class_ in setting.classes for slot in class_.slots]
    others = (setting.polarities, setting.composites, setting.temporaries, setting.patterns)
    lures = (setting.deletables, clues, setting.secrets, setting.injections)
    return [*own, *(one for part in (*others, *lures) for one in part)]


def spoken(setting) -> Iterator[tuple[str, frozenset[str], str]]:
    """Every text of a setting that's said, with where it's from and what may stand in braces there."""
    for where, kind, texts in _texts(setting):
        for text in texts:
            yield where, WORDS[kind], text


def _texts(setting):
    yield "titles", "titles", setting.titles
    yield "conditions", "conditions", setting.conditions
    for exchange in setting.chatter:
        yield "chatter", "chatter", exchange
    for class_ in setting.classes:
        for slot in class_.slots:
            yield slot.id, "say", (*slot.say, *slot.now)
            yield slot.id, "ask", slot.ask
            yield slot.id, "log", slot.log
    for one in setting.polarities:
        yield one.attribute, "polarity", (*one.say_yes, *one.say_no)
    for one in setting.composites:
        yield one.attribute, "composite", (*one.say, *one.partial)
    for one in setting.temporaries:
        yield one.attribute, "temporary", one.say
    for one in setting.patterns:
        yield one.attribute, "instances", one.instances
    yield from _unwanted(setting)
    yield "instructions", "instruction", [one.text for one in setting.instructions]
    for tool in setting.tools:
        yield tool.name, "tool", (tool.ask, tool.head, tool.row, tool.tail, tool.reply)


def _unwanted(setting):
    for one in setting.deletables:
        yield one.id, "say", (*one.say, *one.gives_away.say)
        yield one.id, "request", (*one.direct, *one.category_request, *one.description)
    for one in setting.secrets:
        yield one.what, "secret", one.say
    for one in setting.injections:
        yield one.attribute, "carrier", (*one.carrier, *one.own)
        yield one.attribute, "injection", (one.ask, one.reply)
        yield one.attribute, "planted", (one.text,)
