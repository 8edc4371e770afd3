"""Reading one scenario: JSON text in, a checked `Scenario` out, or one line that says what to mend."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar, get_args

from rembench.harness.errors import UserError
from rembench.harness.memory import check_memory
from rembench.harness.night import Memory, Message, Role, Session
from rembench.harness.scenario.checks import Fault, faults
from rembench.harness.scenario.place import Place, parse
from rembench.harness.types import (
    FAILURE_CLASSES,
    STANCES,
    Condition,
    ConsolidateStep,
    DeleteStep,
    EvidenceRef,
    Groups,
    Instruction,
    Item,
    ItemKind,
    Origin,
    Scenario,
    Stance,
    Step,
    Value,
    ValueType,
)

SCHEMA = 1
"""The version of the scenario format that this reader knows."""

T = TypeVar("T")
S = TypeVar("S", bound=str)

_MOST_FAULTS = 1000

_INSTRUCTIONS: tuple[Instruction, ...] = get_args(Instruction)
_KINDS: tuple[ItemKind, ...] = get_args(ItemKind)
_ORIGINS: tuple[Origin, ...] = get_args(Origin)
_ROLES: tuple[Role, ...] = get_args(Role)
_TYPES: tuple[ValueType, ...] = get_args(ValueType)
_STEP_TYPES = ("session", "delete", "consolidate")
_SCENARIO = ("schema", "id", "title", "origin", "domain", "language", "store", "steps", "items")
_SCENARIO_TOO = ("level", "twin_of")
_ITEM = ("id", "kind", "subject", "attribute", "question", "values")
_ITEM_TOO = ("tactic", "subject_aliases", "attribute_aliases", "tags", "instruction")
_VALUE = ("text", "expect")
_VALUE_TOO = ("aliases", "type", "match", "match_any", "condition", "where", "gives_away", "evidence")


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of reading one scenario: `scenario` is None when its shape is wrong.

    `checked`: the further check had something to look at.
    """

    scenario: Scenario | None
    faults: tuple[UserError, ...]
    checked: bool = False


Check = Callable[[Mapping[str, Any], Scenario], Sequence[Fault] | None]
"""A further check of a scenario without faults, beside its JSON object; None where there's nothing to check."""


def read_scenario(text: str, *, where: str) -> Scenario:
    """The scenario in `text`; `where` is the file (and line) that errors begin with.

    UserError with the first fault: "pack.jsonl:12: items[3].values[0].evidence[1]: ...".
    """
    scenario = _scenario(parse(text, where))
    for fault in faults(scenario):
        raise _error(fault, where)
    return scenario


def examine_scenario(text: str, *, where: str, check: Check | None = None) -> Examined:
    """The scenario in `text` with all (at most 1,000) that's wrong with it, as far as it's readable.

    `check` is made only where nothing else is wrong.
    """
    try:
        top = parse(text, where)
        scenario = _scenario(top)
    except UserError as error:
        return Examined(None, (error,))
    found = list(islice(faults(scenario), _MOST_FAULTS))
    more = check(top.value, scenario) if check and not found else None
    found += (more or ())[:_MOST_FAULTS]
    return Examined(scenario, tuple(_error(fault, where) for fault in found), more is not None)


def scenario_of(made: Mapping[str, Any]) -> Scenario:
    """The scenario in a JSON object that a program has made; only its shape is checked."""
    return _scenario(Place(made, "scenario"))


def _error(fault: Fault, where: str) -> UserError:
    return UserError(f"{fault.path}: {fault.what}", where=where, right=fault.right)


def _scenario(top: Place) -> Scenario:
    top.mapping()
    if "schema" in top.value and (schema := top.to("schema")).number() != SCHEMA:
        raise schema.error("unknown version of the scenario format", f"{SCHEMA} is known")
    top.object(_SCENARIO, _SCENARIO_TOO)
    level, twin_of = top.given("level"), top.given("twin_of")
    return Scenario(
        id=top.to("id").identifier(),
        title=top.to("title").words(),
        origin=_one_of(top.to("origin"), _ORIGINS),
        domain=top.to("domain").words(),
        language=top.to("language").words(),
        store=_store(top.to("store")),
        steps=tuple(_step(step) for step in top.to("steps").each()),
        items=tuple(_item(item) for item in top.to("items").each()),
        level=level.count(1, 5) if level else None,
        twin_of=twin_of.identifier() if twin_of else None,
    )


def _one_of(place: Place, known: tuple[S, ...]) -> S:
    return known[known.index(place.choice(known))]


def _store(place: Place) -> Memory:
    place.mapping()
    try:
        return check_memory(place.value)
    except ValueError as error:
        raise place.error(str(error)) from None


def _step(place: Place) -> Step:
    place.mapping()
    if "type" not in place.value:
        raise place.error("'type' is missing", f"one of {', '.join(_STEP_TYPES)}")
    match place.to("type").choice(_STEP_TYPES):
        case "session":
            return _session(place)
        case "delete":
            place.object(("type", "id", "at", "request"))
            request = place.to("request").words()
            return DeleteStep(id=place.to("id").identifier(), at=place.to("at").words(), request=request)
        case _:
            return _night(place)


def _session(place: Place) -> Session:
    place.object(("type", "id", "at", "messages"), ("agent", "user", "outcome"))
    return Session(
        id=place.to("id").identifier(),
        at=place.to("at").words(),
        messages=tuple(_message(message) for message in place.to("messages").each()),
        agent=_words(place, "agent"),
        user=_words(place, "user"),
        outcome=_words(place, "outcome"),
    )


def _message(place: Place) -> Message:
    place.object(("role", "content"), ("name",))
    role = _one_of(place.to("role"), _ROLES)
    return Message(role=role, content=place.to("content").text(), name=_words(place, "name"))


def _night(place: Place) -> ConsolidateStep:
    place.object(("type", "id", "at"), ("instructions", "sessions", "write_budget"))
    sessions = place.given("sessions")
    budget = place.given("write_budget")
    if budget and budget.number() < 1:
        raise budget.error("is less than 1", "a number of tokens, or leave it out for no limit")
    return ConsolidateStep(
        id=place.to("id").identifier(),
        at=place.to("at").words(),
        instructions=_words(place, "instructions"),
        sessions=tuple(one.identifier() for one in sessions.each()) if sessions else None,
        write_budget=budget.number() if budget else None,
    )


def _item(place: Place) -> Item:
    place.object(_ITEM, _ITEM_TOO)
    tags, instruction = place.given("tags"), place.given("instruction")
    return Item(
        id=place.to("id").identifier(),
        kind=_one_of(place.to("kind"), _KINDS),
        tactic=_words(place, "tactic"),
        subject=place.to("subject").words(),
        subject_aliases=_texts(place, "subject_aliases"),
        attribute=place.to("attribute").words(),
        attribute_aliases=_texts(place, "attribute_aliases"),
        question=place.to("question").words(),
        values=tuple(_value(value) for value in place.to("values").each()),
        tags=tuple(_one_of(one, FAILURE_CLASSES) for one in tags.each()) if tags else (),
        instruction=_one_of(instruction, _INSTRUCTIONS) if instruction else None,
    )


def _value(place: Place) -> Value:
    place.object(_VALUE, _VALUE_TOO)
    type_ = place.given("type")
    match = place.given("match")
    match_any = place.given("match_any")
    condition = place.given("condition")
    gives_away = place.given("gives_away")
    evidence = place.given("evidence")
    if match and match_any:
        raise match_any.error("stands beside 'match'", "give one of the two")
    return Value(
        text=place.to("text").words(),
        aliases=_texts(place, "aliases"),
        type=_one_of(type_, _TYPES) if type_ else None,
        match=_groups(match) if match else None,
        match_any=_alternatives(match_any) if match_any else None,
        condition=_condition(condition) if condition else None,
        where=_words(place, "where"),
        gives_away=gives_away.flag() if gives_away else False,
        evidence=tuple(_evidence(one) for one in evidence.each()) if evidence else (),
        expect=_expect(place.to("expect")),
    )


def _condition(place: Place) -> Condition:
    place.object(("text",), ("aliases",))
    return Condition(text=place.to("text").words(), aliases=_texts(place, "aliases"))


def _evidence(place: Place) -> EvidenceRef:
    session, _, message = place.text().rpartition("#")
    if not session or not message.isascii() or not message.isdigit() or len(message) > 9:
        raise place.error("isn't session#message", "as 's1#2' for the third message of s1")
    return EvidenceRef(session=session, message=int(message))


def _expect(place: Place) -> dict[str, Stance | None]:
    return {
        night: None if place.value[night] is None else _one_of(place.to(night), STANCES)
        for night in place.mapping()
    }


def _alternatives(place: Place) -> tuple[Groups, ...]:
    return _filled(place, tuple(_groups(one) for one in place.each()))


def _groups(place: Place) -> Groups:
    return _filled(place, tuple(_filled(one, _patterns(one)) for one in place.each()))


def _patterns(place: Place) -> tuple[str, ...]:
    for one in place.each():
        if "*" in one.words().removesuffix("*") or one.value.strip() == "*":
            raise one.error("'*' stands elsewhere than after a word", "it matches any ending: 'deliver*'")
    return place.texts()


def _filled(place: Place, found: tuple[T, ...]) -> tuple[T, ...]:
    if not found:
        raise place.error("is an empty list", "at least one is needed")
    return found


def _texts(place: Place, key: str) -> tuple[str, ...]:
    found = place.given(key)
    return found.texts() if found else ()


def _words(place: Place, key: str) -> str | None:
    found = place.given(key)
    return found.words() if found else None
