"""The cue table, `cues.txt`: what the words around a mention make of it. Category, scope, reach, triggers.

After NegEx (Chapman et al. 2001) and ConText (Harkema et al. 2009): a trigger bears on mentions
`after` it, `before` it, `before` it if it closes the clause (`closing`), or on the whole `segment`, as
far as `reach` words and never past a terminator. Categories:

    negated       denied                         → retired
    past          was so, isn't now              → retired
    was           past tense alone: counts only beside another value of the same item
    rejected      proposed and not taken, a joke, a mistake, somebody's wish
    hypothetical  if, would, could               → retired
    unsettled     not decided, disputed          → open
    hearsay       somebody says so: open where two values of one item stand side by side, else held
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

Category = Literal["negated", "past", "was", "rejected", "hypothetical", "hearsay", "unsettled"]
Scope = Literal["after", "before", "closing", "segment"]


@dataclass(frozen=True, slots=True)
class Cue:
    """One trigger phrase; `reach` is in words, from the trigger to the mention."""

    phrase: str
    category: Category
    scope: Scope
    reach: int

    @property
    def rule(self) -> str:
        """The name by which verdicts cite this cue."""
        return f"{self.category}: “{self.phrase}”"


def _rows(text: str) -> Iterator[list[str]]:
    for row in re.sub(r"\n[ \t]+", " ", text).splitlines():
        if row and not row.startswith("#"):
            yield row.split(None, 2)


def _cues(rows: Iterable[list[str]]) -> Iterator[Cue]:
    for category, scope, rest in rows:
        if category != "title":
            reach, triggers = rest.split(None, 1)
            for phrase in triggers.split("|"):
                yield Cue(phrase.strip(), cast("Category", category), cast("Scope", scope), int(reach))


_TABLE = tuple(_rows(Path(__file__).with_name("cues.txt").read_text("utf-8")))

CUES: tuple[Cue, ...] = tuple(_cues(_TABLE))

TITLES: Mapping[str, Literal["retired", "open"]] = {
    title.strip(): cast("Literal['retired', 'open']", force)
    for category, force, titles in _TABLE
    if category == "title"
    for title in titles.split("|")
}
"""What headings, keys and file names say of everything under them."""

NOT_CUES: dict[str, tuple[str, ...]] = {
    "would": ("like", "prefer", "rather", "love", "want", "need"),
    "no more": ("than",),
    "whatever": ("is", "was", "are", "gets", "comes", "they", "she", "he", "it", "you", "happens"),
    "unknown": ("to",),
    "so until": ("then",),
    "away from": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "stood in": ("front", "line"),
    "is off": ("on", "by", "to"),
    "off": ("on", "by", "to"),
}
"""Cue → the words that, coming next, make it something else: "would like", "no more than"."""

NOT_AFTER: dict[str, tuple[str, ...]] = {
    "if": ("as", "what", "even"),
    "believed": ("is", "are"),
    "before": ("h", "hour", "hours", "min", "minutes", "day", "days", "week", "weeks", "month", "months", "as"),
}
"""Cue → the words that, coming before, make it something else: "as if", "two hours before"."""

TERMINATORS = frozenset(
    "but however although though whereas while now instead because so therefore since except".split()
)
"""Words that end a cue's reach; so do semicolons, dashes and brackets (see `status`)."""

CURRENT = frozenset(
    "since now again back current currently present presently today nowadays meanwhile new latest lately "
    "effective henceforth recently".split()
)
"""Words that mark a value as the one in force, beside another that isn't marked."""

CHANGES = CURRENT | frozenset(
    "until till before after earlier later then was were been had changed moved went switched became "
    "first originally initially formerly previously old former instead still already once meantime between "
    "replaced confirmed settled decided resolved verified also both".split()
)
"""Words that speak of time or change: beside them two values are an update, not a disagreement."""

SOURCES = frozenset(
    "letter letters portal ledger log logs contract agreement plate label invoice statement website site page "
    "email mail form register record records certificate doctor hospital clinic gp bank office school host "
    "institute consulate consular embassy courier driver customer customers client neighbour neighbor supplier "
    "vendor manager accountant lawyer ours theirs says said thinks thought believes insists claims tells told "
    "maintains remembers argues puts according".split()
)
"""Words that name whose word it is, or where it stands written."""

LIMITS = frozenset(
    "above over more past after between before earlier later beyond exceed below under less until "
    "than longer".split()
)
"""Between a negation and a value these make a rule ("never above 50"), not a denial."""

AVOIDANCE = frozenset(
    "not no never n't without only avoid avoids except off free don't doesn't allergy allergies "
    "allergic intolerance restriction restrictions forbidden exclude excluded decline declines refuse refuses  "
    "lost loses lacks lacking stopped unable missing deaf never until unless ban banned "
    "mustn't can't cannot".split()
)
"""Words of a value, attribute or question that's itself about what isn't done: "no pork"."""

NEGATORS = frozenset(
    "not no never n't without only except off free don't doesn't mustn't can't cannot unless until".split()
)
"""Those of the words of avoidance that are negations or limits themselves."""

CHRONICLES = frozenset({"history", "changelog", "change log"})
"""As the name of a whole file these say that it's kept by date, not that all of it is past."""

TITLE_FILLERS = frozenset(
    "the a an and or of to be is are things thing notes note values value entries entry items item information "
    "info facts fact settings setting decisions decision rules rule points point questions question ideas idea "
    "plans plan list stuff statements claims here now all memory".split()
) - {"be", "is", "are", "to", "now"}
"""Words that say nothing of their own in a heading."""
