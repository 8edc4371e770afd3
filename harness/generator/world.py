"""The world of one scenario: who and what there is, what's known of them, and when something can happen."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rembench.harness.generator.calendar import Calendar, calendar
from rembench.harness.generator.dials import Dials
from rembench.harness.generator.domain import Domain, OfClass, Slot, SubjectClass, ValueSpec
from rembench.harness.generator.draw import Deck, Draw
from rembench.harness.generator.grammar import Phrasebook
from rembench.harness.generator.lexicon import lexicon
from rembench.harness.generator.values import Drawn, NoneLeftError, Values

IN_STORE = -1.0
_TRIES = 200
_NAMES = 5000  # tries; the same stream is drawn from the beginning every time


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody or something that items are about; `short` is a name that's its alone, if it has one."""

    name: str
    class_: SubjectClass
    short: str | None

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its other names."""
        return (self.short,) if self.short else ()


@dataclass(frozen=True, slots=True)
class Open:
    """An attribute of a subject that no item has yet."""

    subject: Subject
    slot: Slot


class World:
    """Everything that a scenario's plots draw from."""

    def __init__(self, domain: Domain, dials: Dials, draw: Draw) -> None:
        self.domain, self.dials, self.draw = domain, dials, draw
        self.calendar: Calendar = calendar(dials, draw.stream("calendar"))
        self.values = Values(draw.stream("values"), self.calendar.sessions[0].date())
        self.words = Phrasebook(domain, draw.stream("words"))
        self.org = self._org()
        self.users = [self._person() for _ in range(2 if dials.sessions < 12 else 3)]
        self.cast = [self._person() for _ in range(6)]
        self._speakers = [self._speaker(i) for i in range(dials.sessions)]
        self._subjects: dict[str, list[Subject]] = {}
        self._used: set[tuple[str, str]] = set()
        self.exhausted: set[str] = set()  # slots of which every value is taken
        self.instructions: str | None = None  # what every night is told
        self._last: dict[str, str] = {}
        self._forms: dict[tuple[str, str], Deck[str]] = {}

    def speaker(self, at: float) -> str:
        """Who talks to the agent at that place."""
        return self._speakers[max(0, int(at))]

    def others(self, draw: Draw, n: int, besides: str = "") -> list[str]:
        """`n` people of the cast, none of them `besides`."""
        return draw.some([p for p in self.cast if p != besides], n)

    def another_org(self) -> str:
        """A firm of another name."""
        return self._org()

    def open(self, draw: Draw, wanted: Callable[[SubjectClass, Slot], bool]) -> Open:
        """An attribute that isn't taken; often one that a subject of a like name has too."""

        def left(class_: SubjectClass) -> list[Slot]:
            return [s for s in class_.slots if wanted(class_, s) and s.id not in self.exhausted]

        classes = [c for c in self.domain.classes if left(c)]
        for _ in range(_TRIES if classes else 0):
            class_ = draw.one(classes)
            slots = left(class_)
            told = [
                s for s in slots if any((x.name, s.id) in self._used for x in self._subjects.get(class_.id, ()))
            ]
            slot = draw.one(told) if told and draw.chance(self.dials.lookalikes) else draw.one(slots)
            subject = self.subject(class_, draw, slot.id)
            if self.claim(subject, slot.id):
                return Open(subject, slot)
        raise NoneLeftError(f"{self.domain.id}: no attribute left for another item")

    def claim(self, subject: Subject, attribute: str) -> bool:
        """Take an attribute of a subject; False if it's taken."""
        if (subject.name, attribute) in self._used:
            return False
        self._used.add((subject.name, attribute))
        return True

    def is_free(self, subject: Subject, attribute: str) -> bool:
        """Whether no item has that attribute of the subject."""
        return (subject.name, attribute) not in self._used

    def subject(self, class_: SubjectClass, draw: Draw, attribute: str) -> Subject:
        """One of the class that has nothing of that attribute yet: one that's there, or a new one."""
        there = [s for s in self._subjects.get(class_.id, []) if self.is_free(s, attribute)]
        if there and draw.chance(0.6):
            return draw.one(there)
        made = self._new(class_, draw)
        if made is None:
            return draw.one(there) if there else self._subjects[class_.id][0]
        return made

    def like(self, subject: Subject, draw: Draw, attribute: str) -> Subject:
        """Another of the same class."""
        there = [s for s in self._subjects[subject.class_.id] if s != subject and self.is_free(s, attribute)]
        made = None if there and draw.chance(0.5) else self._new(subject.class_, draw)
        if not made and not there:
            raise NoneLeftError(f"{self.domain.id}: nobody left who is like {subject.name!r}")
        return made or draw.one(there)

    def of(self, class_: str) -> list[Subject]:
        """The subjects of a class that there are so far."""
        return self._subjects.get(class_, [])

    def value(self, spec: ValueSpec, draw: Draw, near: str | None = None) -> Drawn:
        """A value like no other; often one that looks like `near`."""
        return self.values.draw(spec, near if near and draw.chance(self.dials.lookalikes) else None)

    def last_value(self, slot: str) -> str | None:
        """The value that was last given to that attribute of anybody."""
        return self._last.get(slot)

    def remember_value(self, slot: str, text: str) -> None:
        """Take note of the value last given to an attribute."""
        self._last[slot] = text

    def asked_subject(self, asked: OfClass, draw: Draw) -> Subject:
        """A subject of the class that has nothing of the attribute yet, which is then taken."""
        class_ = self.domain.class_(asked.subject)
        for _ in range(_TRIES):
            subject = self.subject(class_, draw, asked.attribute)
            if self.claim(subject, asked.attribute):
                return subject
        raise NoneLeftError(f"{self.domain.id}: nobody left for {asked.attribute!r}")

    def form(self, key: str, forms: Sequence[str]) -> str:
        """The next of a slot's clauses, dealt from a deck."""
        if (key, forms[0]) not in self._forms:
            self._forms[key, forms[0]] = Deck(self.draw.stream("forms", key, forms[0]), forms)
        return self._forms[key, forms[0]].deal()

    def name(self, subject: Subject, draw: Draw) -> str:
        """How a subject is called this time."""
        return subject.short if subject.short and draw.chance(self.dials.paraphrase) else subject.name

    def places(self, draw: Draw, n: int, *, first: int = 0, last: int | None = None) -> list[float]:
        """`n` sessions in order, with the dial's gap between them where the story is long enough."""
        end = self.dials.sessions - 1 if last is None else last
        gap = min(self.dials.gap, max(0, end - first) // max(1, n - 1)) if n > 1 else 0
        gap = max(gap, 1) if end - first >= n - 1 else gap
        slack = max(0, end - first - gap * (n - 1))
        cuts = sorted(draw.between(0, slack) for _ in range(n))
        return [float(first + cut + gap * k) for k, cut in enumerate(cuts)]

    def _new(self, class_: SubjectClass, draw: Draw) -> Subject | None:
        there = self._subjects.setdefault(class_.id, [])
        family = draw.chance(self.dials.lookalikes)
        for _ in range(_TRIES):
            parts = self._parts(class_, draw)
            relatives = [s for s in there if s.short is None]
            if family and relatives:
                parts = self._related(class_, parts, draw.one(relatives), draw)
            name = " ".join(parts) if class_.names == "person" or not _is_code(parts) else "-".join(parts)
            short = None if family else _short(class_, parts)
            own = parts if short and class_.names == "person" else [short] if short else []
            if self.values.take_name(name, own):
                there.append(Subject(name, class_, short))
                return there[-1]
        return None

    def _parts(self, class_: SubjectClass, draw: Draw) -> list[str]:
        if class_.names == "person":
            return [draw.one(lexicon().given), draw.one(lexicon().family)]
        parts = [draw.one(part) for part in class_.names]
        if len(parts) > 1 and draw.chance(self.dials.foreign):
            lower = parts[0].islower()
            parts[0] = draw.one(lexicon().fill["foreign" if lower else "abroad"])
        return parts

    def _related(self, class_: SubjectClass, parts: list[str], to: Subject, draw: Draw) -> list[str]:
        """A name that shares a part with another's."""
        theirs = re.split("[ -]", to.name) if _is_code(parts) and class_.names != "person" else to.name.split()
        if len(theirs) != len(parts) or len(parts) < 2:
            return parts
        k = draw.below(len(parts))
        return [theirs[n] if n == k else part for n, part in enumerate(parts)]

    def _person(self) -> str:
        draw = self.draw.stream("people")
        for _ in range(_NAMES):
            parts = draw.one(lexicon().given), draw.one(lexicon().family)
            if self.values.take_name(" ".join(parts), parts):
                return " ".join(parts)
        raise NoneLeftError("no name left for another person")

    def _org(self) -> str:
        draw = self.draw.stream("orgs")
        for _ in range(_NAMES):
            name = " ".join(draw.one(part) for part in self.domain.orgs)
            if self.values.take_name(name):
                return name
        raise NoneLeftError(f"{self.domain.id}: no name left for another firm")

    def _speaker(self, session: int) -> str:
        draw = self.draw.stream("speaker", session)
        return self.users[0] if draw.chance(0.7) else draw.one(self.users)


def _short(class_: SubjectClass, parts: Sequence[str]) -> str | None:
    """The part of a name that alone does for it, if there's one in that class."""
    if class_.names == "person":
        return parts[0]
    return None if class_.short is None else parts[class_.short]


def _is_code(parts: Sequence[str]) -> bool:
    """Whether the parts make an identifier ("heron" "ingest" is heron-ingest) and not a name."""
    return all(part.islower() for part in parts) and len(parts) > 1


def slug(text: str, most: int = 40) -> str:
    """A text as lower-case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:most].strip("-")
