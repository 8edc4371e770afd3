"""How a plot's beats are told: frames and clauses put together, with events and evidence."""

from rembench.harness.generator.domain import Asked, Slot
from rembench.harness.generator.draw import Draw
from rembench.harness.generator.plot import Beat, Event, Plot, PlotValue, Turn
from rembench.harness.generator.values import Drawn
from rembench.harness.generator.world import IN_STORE, Subject, World, slug
from rembench.harness.types import ItemKind

_STORED = 0.25
_LOOKED_UP = 0.15


class Telling:
    """One plot in the making: an item of one subject, told beat by beat."""

    def __init__(self, world: World, plot: Plot, subject: Subject) -> None:
        self.world, self.plot, self.subject = world, plot, subject
        self._beats = 0

    def draw(self) -> Draw:
        """The stream of the next beat."""
        return self.world.draw.stream("beat", self.plot.id, self._beats)

    def value(self, drawn: Drawn) -> int:
        """Add a value to the item; its number."""
        self.plot.values.append(PlotValue(text=drawn.text, aliases=drawn.aliases, type=drawn.type))
        return len(self.plot.values) - 1

    def event(self, act: str, **details: object) -> Event:
        """An event of this item for the log."""
        return {"act": act, "item": self.plot.id, **details}

    def words(self, draw: Draw, **words: str) -> dict[str, str]:
        """The words that frames are filled in with: the subject, the attribute, some people."""
        first, second = self.world.others(draw, 2)
        known = {
            "S": self.world.name(self.subject, draw),
            "attribute": self.plot.attribute,
            "P": first,
            "Q": second,
        }
        return known | words

    def said(self, number: int, draw: Draw) -> str:
        """A value as it's written this time."""
        value = self.plot.values[number]
        depth = self.world.dials.paraphrase
        return draw.one(value.aliases) if value.aliases and draw.chance(depth) else value.text

    def clause(self, forms: tuple[str, ...], draw: Draw, **words: str) -> str:
        """One of a slot's clauses."""
        form = self.world.form(self.plot.attribute, forms)
        first, second = self.world.others(draw, 2)
        known = {"S": self.world.name(self.subject, draw), "P": first, "Q": second}
        return self.world.words.clause(form, draw, **(known | words))

    def beat(
        self,
        at: float,
        text: str,
        reply: str,
        events: list[Event],
        evidence: tuple[int, ...] = (),
        **flags: bool,
    ) -> Beat:
        """A message of the user with the assistant's answer, added to the plot."""
        turns = (Turn("user", text, main=True), Turn("assistant", reply))
        return self.turns(at, turns, events, evidence, **flags)

    def turns(
        self,
        at: float,
        turns: tuple[Turn, ...],
        events: list[Event],
        evidence: tuple[int, ...] = (),
        **flags: bool,
    ) -> Beat:
        """Messages of a beat, added to the plot."""
        made = Beat(
            at=at, turns=turns, events=events, evidence=[(self.plot.id, n) for n in evidence],
            sensitive=flags.get("sensitive", self.plot.sensitive), alone=flags.get("alone", False),
            written=flags.get("written", False),
        )  # fmt: skip
        self.plot.beats.append(made)
        self._beats += 1
        return made

    def state(self, at: float, number: int, forms: tuple[str, ...], **flags: bool) -> None:
        """The user tells a value: it holds."""
        draw = self.draw()
        said = self.said(number, draw)
        clause = self.clause(forms, draw, V=said)
        act = "aside" if draw.chance(self.world.dials.paraphrase) else "state"
        text = self.world.words.say(act, draw, **self.words(draw, c=clause, V=said))
        speaker = self.world.speaker(at)
        self.beat(
            at,
            text,
            self.ack(draw, said, flags),
            [self.event("says", value=number, by=speaker)],
            (number,),
            **flags,
        )

    def ack(self, draw: Draw, said: str, flags: dict[str, bool] | None = None) -> str:
        """The assistant's answer to a plain statement: now and then it says the value again."""
        quiet = self.plot.sensitive or (flags or {}).get("sensitive", False)
        if not quiet and draw.chance(0.25):
            return self.world.words.say("echo", draw, **self.words(draw, V=said))
        return self.world.words.say("ack", draw, **self.words(draw))

    def store(self, number: int, path: str, draw: Draw) -> None:
        """The starting store says the value."""
        line = self.world.words.say(
            "storelines", draw, **self.words(draw, V=self.plot.values[number].text, S=self.subject.name)
        )
        self.plot.stored.append((path, line, self.event("stored", value=number, path=path)))

    def begin(self, at: float, number: int, slot: Slot, *, may_store: bool = True) -> float:
        """The value's first appearance: in the store, looked up with a tool, or told. The place of it."""
        draw = self.world.draw.stream("begin", self.plot.id)
        if may_store and draw.chance(_STORED):
            self.store(number, self.path(), draw)
            return IN_STORE
        if draw.chance(_LOOKED_UP):
            self.look_up(at, number, slot)
        else:
            self.state(at, number, slot.say)
        return at

    def look_up(self, at: float, number: int, slot: Slot) -> None:
        """The user asks, a tool shows the value, the assistant says it."""
        draw = self.draw()
        world = self.world
        value = self.plot.values[number].text
        words = self.words(draw, V=value, S=self.subject.name)
        turns = (
            Turn("user", world.words.sentence(world.form(slot.id, slot.ask), draw, **words).replace("?.", "?")),
            Turn("assistant", world.words.say("lookup", draw, **words)),
            Turn(
                "tool",
                world.words.line(world.form(slot.id, slot.log), draw, **words),
                main=True,
                name=_tool(slot),
            ),
            Turn("assistant", world.words.say("looked_up", draw, **words)),
        )
        self.turns(at, turns, [self.event("says", value=number, by="tool")], (number,), alone=True)

    def path(self) -> str:
        """The store's file for the subject."""
        files = self.world.domain.files
        return files.people if self.subject.class_.names == "person" else files.main

    def holds(self, number: int, since: float) -> None:
        """From there on a right memory holds the value."""
        self.plot.values[number].stances.append((since, "held"))

    def over(self, number: int, since: float) -> None:
        """From there on it's past, or was never so."""
        self.plot.values[number].stances.append((since, "retired"))


def _tool(slot: Slot) -> str:
    return slot.id.split("-")[0]


def plot(world: World, kind: tuple[ItemKind, str | None], subject: Subject, asked: Asked) -> Telling:
    """A new item of a kind and tactic about an attribute of a subject."""
    made = Plot(
        id=f"{slug(asked.attribute, 30)}-{slug(subject.name)}",
        kind=kind[0],
        tactic=kind[1],
        subject=subject.name,
        subject_aliases=subject.aliases,
        attribute=asked.attribute,
        attribute_aliases=asked.aliases,
        question=asked.question.replace("{S}", subject.name),
        values=[],
    )
    return Telling(world, made, subject)
