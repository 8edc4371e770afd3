"""What a consolidator or a judge's model is called on the command line, read into its parts.

    name                        one that's known: of a table or of an installed plugin
    package.module:Name         a class that can be imported
    path.py:Name                a class in a file
    ...:key=value,key=value     any of these with options

A value may hold colons, and commas that aren't followed by `key=`.
"""

import inspect
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from rembench.harness.errors import UserError, unknown_name

_FORMS = (
    re.compile(r"(?P<target>[^=]+?\.py:[^\W\d]\w*)(?::(?P<options>.*))?", re.DOTALL),
    re.compile(r"(?P<target>[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*)(?::(?P<options>.*))?", re.DOTALL),
    re.compile(r"(?P<target>[^:=,\s]+)(?::(?P<options>[^\W\d]\w*=.*))?", re.DOTALL),
)
_UNWRITABLE = re.compile(r"[\0\ud800-\udfff]")
_NEXT_OPTION = re.compile(r",(?=[^\W\d]\w*=)")
_RIGHT = "write name, package.module:Name or path.py:Name, then if need be :key=value,key=value"
_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


@dataclass(frozen=True, slots=True)
class Spec:
    """A spec in its parts: `target` is a name, or `where:Name`."""

    target: str
    options: Mapping[str, str]


def read_spec(text: str, what: str = "consolidator") -> Spec:
    """The parts of a spec of a `what`; UserError if it's none of the forms above."""
    if _UNWRITABLE.search(text):
        raise UserError(f"{text!r} has a character that can't be written")
    for form in _FORMS:
        found = form.fullmatch(text.strip())
        if found:
            return Spec(found["target"], _read_options(text, found["options"]))
    raise UserError(f"{text!r} isn't a {what}", right=_RIGHT)


def with_option(spec: str, key: str, value: str) -> str:
    """`spec` with one more option, unless it says that one itself."""
    parts = read_spec(spec)
    if key in parts.options:
        return spec
    return f"{spec},{key}={value}" if parts.options else f"{spec}:{key}={value}"


def _read_options(spec: str, text: str | None) -> Mapping[str, str]:
    options: dict[str, str] = {}
    for part in _NEXT_OPTION.split(text) if text is not None else []:
        key, equals, value = part.partition("=")
        if not equals or not key.isidentifier():
            raise UserError(f"{part!r} isn't an option", where=spec, right="write key=value")
        if key in options:
            raise UserError(f"option {key!r} is given twice", where=spec)
        options[key] = value
    return options


def arguments(
    made: type[Any], options: Mapping[str, str], *, where: str, withheld: frozenset[str]
) -> dict[str, object]:
    """`options` as keyword arguments for `made`, each converted to its parameter's annotation.

    `withheld` are parameters that aren't options. UserError for an option it doesn't take, a value of
    another type, or a parameter left without one.
    """
    parameters = _signature(made).parameters
    known = {
        p.name for p in parameters.values() if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)
    } - withheld
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for name in options:
        if name not in known and not takes_any:
            raise unknown_name("option", name, known, where=where)
    for name in sorted(known - options.keys()):
        if parameters[name].default is inspect.Parameter.empty:
            raise UserError(f"option {name!r} is missing", where=where, right=f"write :{name}=...")
    return {
        name: _convert(value, _kind(parameters, name), where=f"{where}: {name}={value}")
        for name, value in options.items()
    }


def _signature(made: type[Any]) -> inspect.Signature:
    try:
        return inspect.signature(made, eval_str=True)
    except (NameError, SyntaxError, AttributeError) as error:
        raise UserError(
            f"the annotations of {made.__name__}.__init__ can't be read ({error})",
            right="annotate with int, float, bool, str or a Literal",
        ) from error


def _kind(parameters: Mapping[str, inspect.Parameter], name: str) -> object:
    parameter = parameters.get(name)
    if parameter is None or parameter.annotation is inspect.Parameter.empty:
        return str
    kind: object = parameter.annotation
    return kind


def _convert(value: str, kind: object, *, where: str) -> object:
    if get_origin(kind) in (Union, types.UnionType):
        if type(None) in get_args(kind) and value.casefold() == "none":
            return None
        rest = [k for k in get_args(kind) if k is not type(None)]
        kind = rest[0] if len(rest) == 1 else str if str in rest else kind
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            known = ", ".join(map(str, get_args(kind)))
            raise UserError("no such choice", where=where, right=f"known: {known}")
        return value
    if kind is bool:
        if value.casefold() not in _TRUE | _FALSE:
            raise UserError("not true or false", where=where)
        return value.casefold() in _TRUE
    return _parse(value, kind, where)


def _parse(value: str, kind: object, where: str) -> object:
    if kind is int or kind is float:
        try:
            return kind(value)
        except ValueError as error:
            article = "a whole number" if kind is int else "a number"
            raise UserError(f"not {article}", where=where) from error
    if kind is str or kind is object:
        return value
    raise UserError(f"an option of type {kind} can't be given here", where=where)
