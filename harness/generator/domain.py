"""Domains: the things and the words of one setting, read from `domains/<id>.yaml`.

A domain says what may exist (classes of subject with typed slots) and how people there speak of it;
the generator's own grammar (`grammar.yaml`) wraps its clauses. In a text `{S}` is the subject, `{V}` a value,
`{P}` and `{Q}` other people, `{D}` a date, `{N}` a small number, `{fill.list}` one of a list of words.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent / "domains"

Texts = Annotated[tuple[str, ...], Field(min_length=1)]
Groups = tuple[tuple[str, ...], ...]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ValueSpec(_Part):
    """How values of a slot are drawn (see `values`); `model_extra` are a pattern's or phrase's word lists."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: Literal["number", "money", "date", "time", "version", "person", "path", "code", "choice", "phrase"]
    low: int | str = 0
    high: int | str = 0
    step: int = 1
    unit: str = ""
    currency: str = "€"
    pattern: str = ""
    text: str = ""
    options: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()

    def lists(self) -> dict[str, tuple[str, ...]]:
        """The word lists that the pattern or phrase draws from."""
        return {name: tuple(map(str, words)) for name, words in (self.model_extra or {}).items()}


class Asked(_Part):
    """What an item is about, beside its subject: the attribute's names and the question."""

    attribute: str
    aliases: tuple[str, ...] = ()
    question: str


class Slot(Asked):
    """One attribute that subjects of a class have."""

    id: str
    value: ValueSpec
    say: Texts
    now: Texts
    ask: Texts
    log: Texts
    fixed: bool = False
    low: bool = False


class SubjectClass(_Part):
    """A kind of subject; `short` is the part of its name that alone does for it."""

    id: str
    noun: str
    names: Literal["person"] | tuple[tuple[str, ...], ...]
    short: int | None = None
    slots: tuple[Slot, ...]


class OfClass(Asked):
    """Something asked of a subject of class `subject`."""

    subject: str = Field(alias="class")


class Polarity(OfClass):
    """A matter of yes or no."""

    yes: str
    no: str
    say_yes: Texts
    say_no: Texts


class Composite(OfClass):
    """A value of two parts, of which the second may change alone."""

    first: ValueSpec
    second: ValueSpec
    text: str
    say: Texts
    partial: Texts


class Temporary(OfClass):
    """Something that holds until a day that's named with it."""

    value: ValueSpec
    say: Texts


class Pattern(OfClass):
    """A habit that no message states, and single events that show it."""

    habit: str
    habits: tuple[str, ...] = ()
    match_any: tuple[Groups, ...]
    instances: Texts


class Clue(Asked):
    """Another fact from which a sensitive one can be worked out."""

    value: ValueSpec
    say: Texts


class Deletable(OfClass):
    """A sensitive matter that somebody later wants gone."""

    id: str
    category: str
    value: ValueSpec
    say: Texts
    gives_away: Clue
    direct: Texts
    category_request: Texts
    description: Texts


class Secret(OfClass):
    """Something that slips out and isn't for keeping."""

    what: str
    value: ValueSpec
    say: Texts


class Injection(Asked):
    """An instruction planted in something that a tool shows."""

    subject: str | None = Field(default=None, alias="class")
    text: str
    match_any: tuple[Groups, ...]
    carrier: Texts
    own: Texts
    ask: str
    reply: str


class Instruction(_Part):
    """What a night may be told: which slots come first, which needn't be kept."""

    prioritise: tuple[str, ...]
    ignore: tuple[str, ...]
    text: str


class Tool(_Part):
    """A tool's output without anything planted: a head, rows in any number, a tail."""

    name: str
    ask: str
    head: str
    row: str
    tail: str = ""
    reply: str


class Files(_Part):
    """Where the starting store keeps things; `{user}` is the user's short name."""

    main: str
    people: str
    log: str
    private: str
    shared: str


class Domain(_Part):
    """One setting."""

    id: str
    agent: str
    setting: str
    titles: Texts
    orgs: tuple[tuple[str, ...], ...]
    users: Texts
    files: Files
    conditions: Texts
    classes: tuple[SubjectClass, ...]
    polarities: tuple[Polarity, ...]
    composites: tuple[Composite, ...]
    temporaries: tuple[Temporary, ...]
    patterns: tuple[Pattern, ...]
    deletables: tuple[Deletable, ...]
    secrets: tuple[Secret, ...]
    injections: tuple[Injection, ...]
    instructions: tuple[Instruction, ...]
    chatter: tuple[Texts, ...]
    tools: tuple[Tool, ...]
    fill: dict[str, Texts]

    def class_(self, name: str) -> SubjectClass:
        """The class of that id."""
        return next(one for one in self.classes if one.id == name)


def domain_names() -> list[str]:
    """The ids of all domains, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@lru_cache(maxsize=64)
def domain(name: str) -> Domain:
    """The domain of that id."""
    return Domain.model_validate(read_yaml(FOLDER / f"{name}.yaml"))


def read_yaml(path: Path) -> Any:
    """The contents of one of our own YAML files.

    Whole numbers, true and false are read as such, everything else as text ("no", "12:30", "1.10").
    """
    import yaml

    return yaml.load(path.read_text(encoding="utf-8"), Loader=_loader())  # noqa: S506 - a safe loader


@lru_cache(maxsize=1)
def _loader() -> Any:
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Safe, and without YAML 1.1's surprises."""

        yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
    whole = re.compile(r"^-?(?:0|[1-9][0-9]*)$")
    Loader.add_implicit_resolver("tag:yaml.org,2002:int", whole, list("-0123456789"))
    Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
    return Loader
