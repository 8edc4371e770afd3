"""Sessions: beats of many plots, small talk and tool output put together as conversations.

A session is blocks in order: an opening, blocks that matter and blocks that don't, a closing. What isn't
said alone may share a message with what else is said then. Blocks of small talk are dealt from a deck, so
that they come back only when all have been used.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rembench.harness.generator.draw import Deck, Draw
from rembench.harness.generator.grammar import small_talk
from rembench.harness.generator.plot import Beat, Turn
from rembench.harness.generator.world import World
from rembench.harness.tokens import count_tokens

_TYPO = re.compile(r"\b[a-z]{5,}\b")


@dataclass(slots=True)
class Block:
    """Turns that stand together, with the beats whose main turn is among them."""

    turns: list[Turn]
    beats: list[Beat]


@dataclass(slots=True)
class Told:
    """A finished session: its messages and, beat by beat, the number of its main message."""

    turns: list[Turn]
    places: list[tuple[Beat, int]]


@dataclass(frozen=True, slots=True)
class _Greetings:
    """What a session begins and ends with."""

    opening: str
    closing: str
    goodbye: str


class Chatter:
    """What's said that nobody needs to remember."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._draw = world.draw.stream("chatter")
        self._decks: dict[str, Deck[int]] = {}
        self._talk = [*world.domain.chatter, *small_talk()]

    def exchange(self, use: str, draw: Draw) -> Block:
        """The next exchange of small talk; `use` names the deck."""
        texts = self._talk[self._next(use, len(self._talk))]
        first, second = self._world.others(draw, 2)
        turns = []
        for n, text in enumerate(texts):
            made = self._world.words.fill(text, draw, P=first, Q=second)
            typo = n % 2 == 0 and draw.chance(0.12)
            turns.append(Turn("assistant" if n % 2 else "user", _mistyped(made, draw) if typo else made))
        return Block(turns, [])

    def tool(self, use: str, draw: Draw, rows: int) -> Block:
        """A look into a tool that shows nothing that matters."""
        tools = self._world.domain.tools
        tool = tools[self._next(f"tool {use}", len(tools))]
        first, second = self._world.others(draw, 2)

        def filled(text: str) -> str:
            return self._world.words.fill(text, draw, P=first, Q=second)

        def line(text: str) -> str:
            return self._world.words.line(text, draw, P=first, Q=second)

        lines = [line(tool.head), *(line(tool.row) for _ in range(rows)), line(tool.tail)]
        shown = "\n".join(line for line in lines if line)
        turns = [
            Turn("user", filled(tool.ask)),
            Turn("tool", shown, name=tool.name),
            Turn("assistant", filled(tool.reply)),
        ]
        return Block(turns, [])

    def _next(self, use: str, size: int) -> int:
        if use not in self._decks:
            self._decks[use] = Deck(self._draw.stream("deck", use), range(size))
        return self._decks[use].deal()


def tell(world: World, beats: Sequence[Beat], *, twin: bool) -> list[Told]:
    """All sessions of the story; a `twin` has small talk in the place of what's sensitive."""
    chatter = Chatter(world)
    by_session: list[list[Beat]] = [[] for _ in range(world.dials.sessions)]
    for beat in beats:
        if not beat.written:
            by_session[int(beat.at)].append(beat)
    told = []
    length = world.dials.length // world.dials.sessions
    for number, own in enumerate(by_session):
        draw = world.draw.stream("session", number)
        blocks = _blocks(world, chatter, own, draw)
        if length:
            blocks[len(blocks) // 2 : len(blocks) // 2] = _padding(chatter, blocks, length, draw)
        told.append(_session(chatter, blocks, _greetings(world, number, draw), draw, twin=twin))
    return told


def _blocks(world: World, chatter: Chatter, beats: Sequence[Beat], draw: Draw) -> list[Block]:
    """The blocks of a session between opening and closing."""
    blocks = list(_merged(world, _mixed(beats, draw), draw))
    extra = round(world.dials.noise * (len(blocks) or 1) * 0.8) + draw.below(2)
    for _ in range(extra):
        showing = draw.chance(0.25)
        made = chatter.tool("talk", draw, draw.between(3, 7)) if showing else chatter.exchange("talk", draw)
        blocks.insert(draw.below(len(blocks) + 1), made)
    return blocks


def _mixed(beats: Sequence[Beat], draw: Draw) -> list[Beat]:
    """The beats in random order; those of one item stay in theirs."""
    order = draw.shuffled(range(len(beats)))
    own: dict[str, list[int]] = {}
    for n, beat in enumerate(beats):
        own.setdefault(_item(beat), []).append(n)
    queues = {name: iter(numbers) for name, numbers in own.items()}
    return [beats[next(queues[_item(beats[n])])] for n in order]


def _item(beat: Beat) -> str:
    return str(beat.events[0].get("item", beat.events[0].get("targets")))


def _merged(world: World, beats: Sequence[Beat], draw: Draw) -> Iterator[Block]:
    """Beats as blocks: up to three that aren't said alone share a message."""
    most = 1 + round(2 * world.dials.paraphrase)
    waiting: list[Beat] = []
    for beat in beats:
        if beat.alone:
            yield Block(list(beat.turns), [beat])
            continue
        waiting.append(beat)
        if len(waiting) >= draw.between(1, most):
            yield _together(world, waiting, draw)
            waiting = []
    if waiting:
        yield _together(world, waiting, draw)


def _together(world: World, beats: list[Beat], draw: Draw) -> Block:
    parts = [beat.turns[0].text for beat in beats]
    if draw.chance(0.35 * min(1.0, world.dials.noise)):
        first, second = world.others(draw, 2)
        parts.insert(draw.below(len(parts) + 1), world.words.say("digressions", draw, P=first, Q=second))
    between = "\n\n" if len(parts) > 1 and draw.chance(0.2) else " "
    reply = beats[-1].turns[1].text
    text = between.join([*map(_ended, parts[:-1]), parts[-1]])
    return Block([Turn("user", text, main=True), Turn("assistant", reply)], beats)


def _padding(chatter: Chatter, blocks: Sequence[Block], length: int, draw: Draw) -> list[Block]:
    """Tool output until the session is about `length` tokens long."""
    size = sum(count_tokens(turn.text) for block in blocks for turn in block.turns)
    made: list[Block] = []
    while size < length:
        block = chatter.tool("padding", draw, draw.between(40, 120))
        size += sum(count_tokens(turn.text) for turn in block.turns)
        made.append(block)
    return made


def _greetings(world: World, session: int, draw: Draw) -> _Greetings:
    """What a session begins and ends with; `{me}` is who speaks in it."""
    first, second = world.others(draw, 2)
    names = {"P": first, "Q": second, "me": world.speaker(session)}
    return _Greetings(
        *(world.words.say(act, draw, **names) for act in ("openings", "closings", "closing_replies"))
    )


def _session(
    chatter: Chatter, blocks: Sequence[Block], greetings: _Greetings, draw: Draw, *, twin: bool
) -> Told:
    turns: list[Turn] = []
    places: list[tuple[Beat, int]] = []
    for block in blocks:
        if twin and any(beat.sensitive for beat in block.beats):
            block = chatter.exchange("twin", draw.stream("twin", len(turns)))
        main = next((n for n, turn in enumerate(block.turns) if turn.main), 0)
        places += [(beat, len(turns) + main) for beat in block.beats]
        turns += block.turns
    if turns:
        turns[0] = Turn("user", f"{_ended(greetings.opening)} {turns[0].text}", turns[0].main)
        closing = greetings.closing
    else:
        closing = f"{_ended(greetings.opening)} {greetings.closing}"
    return Told([*turns, Turn("user", closing), Turn("assistant", greetings.goodbye)], places)


def _ended(text: str) -> str:
    """The text with a full stop, if it has no end: something follows it."""
    return text if text[-1:] in ".?!…:\"'" else f"{text}."


def _mistyped(text: str, draw: Draw) -> str:
    """The text with two letters of one word in the wrong order."""
    found = list(_TYPO.finditer(text))
    if not found:
        return text
    word = draw.one(found)
    at = word.start() + draw.between(1, len(word[0]) - 3)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
