"""The cue table: what the words around a mention make of it. Trigger, category, scope, reach.

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

from dataclasses import dataclass
from typing import Literal

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


def _rows(category: Category, scope: Scope, reach: int, phrases: str) -> tuple[Cue, ...]:
    return tuple(Cue(p.strip(), category, scope, reach) for p in phrases.split("|"))


CUES: tuple[Cue, ...] = (
    *_rows(
        "negated",
        "after",
        5,
        "not|n't|no|never|none of|neither|nor|without|isn't|aren't|negative for|free of|clear of",
    ),
    *_rows("negated", "after", 8, "no longer|not any more|not anymore|no more|nothing about"),
    *_rows("negated", "after", 8, "denies|denied|ruled out|do not use|don't use|never use|stop using"),
    *_rows("negated", "before", 4, "no longer|not any more|not anymore|isn't|is not|are not|aren't"),
    *_rows("negated", "before", 4, "does not apply|doesn't apply|not in use|not in force|not used"),
    *_rows("negated", "before", 3, "is wrong|was wrong|is not true|isn't true|does not hold"),
    *_rows("negated", "before", 4, "not available|not offered|unavailable|not allowed any more"),
    *_rows("negated", "closing", 4, "none|n/a|is out|not any longer|nothing|wrong|not so"),
    *_rows("past", "after", 6, "previously|formerly|used to be|used to|had been|in the past|ex"),
    *_rows("past", "after", 6, "instead of|rather than|in place of|replaces|replaced|replacing"),
    *_rows("past", "after", 6, "supersedes|superseding|overrides|corrects|up from|down from"),
    *_rows("past", "after", 5, "changed from|moved from|switched from|raised from|lowered from"),
    *_rows("past", "after", 5, "cut from|went from|migrated from|away from|reduced from"),
    *_rows("past", "after", 4, "moving from|changing from|switching from|changes from|not from"),
    *_rows("past", "after", 3, "former|previous|outdated|obsolete|initial|original|earlier"),
    *_rows("past", "after", 2, "old"),
    *_rows("past", "after", 5, "initially|originally|at first|earlier on|back then|before that"),
    *_rows("past", "after", 4, "ended|cancelled|canceled|dropped|retired|expired|end of|gone"),
    *_rows(
        "past", "after", 6, "until then|up to now|up to then|so far only|normally|at that point|at that time"
    ),
    *_rows("past", "after", 6, "compared with|compared to|as opposed to|first said|first thought|first told"),
    *_rows("past", "before", 5, "no longer applies|no longer in force|is outdated|is obsolete"),
    *_rows("past", "before", 12, "is over|which is over|lifted|was lifted|has been lifted|so until|true until"),
    *_rows("past", "before", 4, "superseded|was replaced|has been replaced|is superseded"),
    *_rows("past", "before", 6, "is gone|was dropped|has been dropped|was cancelled"),
    *_rows("past", "before", 6, "was canceled|is cancelled|has ended|ended|expired|has expired"),
    *_rows("past", "before", 6, "fell through|came to nothing|chosen first|came first"),
    *_rows("past", "before", 6, "withdrawn|was withdrawn|has been withdrawn|was reversed|undone"),
    *_rows("past", "before", 4, "was fixed|is fixed|resolved|was resolved|healed|has healed|repaired"),
    *_rows("past", "before", 4, "has been repaired|has been fixed|has been resolved|came off|erased|scrubbed"),
    *_rows("past", "before", 4, "has changed|changed to|became|turned into|moved to|went to|ran until"),
    *_rows("past", "before", 4, "until recently|up to now|up to then|until then|deleted|removed"),
    *_rows("past", "closing", 3, "at first|at the time|back then|before that|then|originally"),
    *_rows("past", "closing", 3, "formerly|previously|old|before|past|outdated|obsolete|retired"),
    *_rows("past", "closing", 4, "cancelled|canceled|dropped|superseded|replaced|expired|over|off|is off"),
    *_rows("past", "closing", 4, "gone|history|done|closed|finished|earlier|cleared|settled|reverted"),
    *_rows("was", "after", 6, "was|were|had|wanted|planned|said"),
    *_rows("was", "before", 3, "was|had been"),
    *_rows("rejected", "before", 7, "rejected|declined|not adopted|not accepted|turned down|refused"),
    *_rows("rejected", "before", 7, "discarded|disregarded|ignored|dismissed|not agreed|retracted"),
    *_rows("rejected", "before", 7, "disregard|ignore it|do not follow|don't follow|not taken up"),
    *_rows("rejected", "before", 6, "was a joke|a joke|joking|not serious|by mistake|in error"),
    *_rows("rejected", "before", 6, "an error|was an error|a mistake|a misunderstanding|was fraud"),
    *_rows(
        "rejected",
        "before",
        5,
        "belongs to|belonged to|isn't hers|isn't his|isn't theirs|isn't ours",
    ),
    *_rows("rejected", "before", 6, "turned out to|never arose|never happened|nothing came of it"),
    *_rows("rejected", "after", 12, "rejected|declined|refused|turned down|discarded|disregard|ignore|ignored"),
    *_rows("rejected", "after", 7, "retracted|dismissed|joked|joked about|joke about|jokes about"),
    *_rows("rejected", "after", 8, "decided against|refuses|withdrew|withdraw|talked out of"),
    *_rows("rejected", "after", 9, "tried to|claimed|claims|pretended|pretends|demanded|attempted"),
    *_rows(
        "rejected", "segment", 0, "nothing changed|no change was made|wrong to say|false to say|anything but"
    ),
    *_rows("rejected", "segment", 0, "that is untrue|that's untrue|is not so|is false|is untrue"),
    *_rows("rejected", "segment", 0, "joke|joked|joking|hypothetical|hypothetically|injected|fraud"),
    *_rows("rejected", "segment", 0, "not an instruction|not followed|untrusted|prompt injection"),
    *_rows("rejected", "segment", 0, "phishing|scam|spoofed|hidden order|hidden line|hidden text"),
    *_rows(
        "rejected",
        "segment",
        0,
        "hidden instruction|embedded instruction|silly remark|not seriously",
    ),
    *_rows("rejected", "segment", 0, "told ai|telling ai|tells ai|telling assistants|tells assistants"),
    *_rows("rejected", "segment", 0, "for ai agents|instruction to the assistant|addressed to assistants"),
    *_rows(
        "rejected",
        "before",
        8,
        "no such thing|not planned|not taken|only a guess|is false|is untrue|is not the case",
    ),
    *_rows("rejected", "before", 6, "wasn't convinced|wasn't accepted|not convinced|was a sample"),
    *_rows("past", "before", 5, "given up|been given up|stood in for|stood in|till then|applied only|up until"),
    *_rows(
        "past",
        "after",
        5,
        "still spoke of|lasted|covered for|covers for|stands in for|stood in for|had been chosen",
    ),
    *_rows("hypothetical", "after", 9, "if"),
    *_rows("hypothetical", "before", 3, "if he|if she|if they|if it|if we|if ever|if there"),
    *_rows("hypothetical", "after", 6, "would|could|were to|in case|suppose|imagine|dreams of"),
    *_rows("hypothetical", "after", 6, "thinking about|thought about|considered|toyed with|floated"),
    *_rows("hypothetical", "after", 6, "suggested|proposed|suggestion|idea|proposal|mused|talked about"),
    *_rows("hypothetical", "before", 5, "was considered|was suggested|was proposed|was floated"),
    *_rows("hypothetical", "before", 5, "was an idea|was only an idea|was discussed|came up"),
    *_rows("unsettled", "segment", 0, "unclear|unsettled|disputed|unresolved|undecided|open question"),
    *_rows("unsettled", "segment", 0, "conflicting|conflict|contradict|contradicts|contradictory"),
    *_rows("unsettled", "segment", 0, "contradicting|not settled|not resolved|not clear|not decided"),
    *_rows("unsettled", "segment", 0, "to be confirmed|tbc|tbd|to be decided|to be clarified|unknown"),
    *_rows("unsettled", "segment", 0, "isn't certain|not certain|uncertain|unconfirmed|unverified"),
    *_rows("unsettled", "segment", 0, "disagree|disagrees|discrepancy|isn't settled|still open"),
    *_rows(
        "unsettled",
        "segment",
        0,
        "two versions|two answers|two figures|depending on which|either way",
    ),
    *_rows("unsettled", "segment", 0, "nobody knows|no one knows|not known which|which is right"),
    *_rows("unsettled", "segment", 0, "couldn't tell|can't tell|cannot tell|two results|one of the two"),
    *_rows("unsettled", "segment", 0, "nobody can say|no one can say|no decision|hard to say"),
    *_rows("unsettled", "before", 6, "a maybe|a possibility|is possible|remains to be seen"),
    *_rows("unsettled", "after", 6, "possibly|maybe|perhaps|may|might|whether|either|could be"),
    *_rows("unsettled", "after", 6, "may have|might have|not sure|unsure"),
    *_rows("unsettled", "closing", 4, "possibly|maybe|perhaps|not sure|unsure|or so they say"),
    *_rows(
        "hearsay",
        "segment",
        0,
        "according to|says|say|reportedly|reports|claims|maintains|is said to",
    ),
    *_rows("hearsay", "segment", 0, "mentioned|believes|thinks|letter|portal|insists|versus|vs"),
)

NOT_CUES: dict[str, tuple[str, ...]] = {
    "would": ("like", "prefer", "rather", "love", "want", "need"),
    "no more": ("than",),
    "unknown": ("to",),
    "stood in": ("front", "line"),
    "is off": ("on", "by", "to"),
    "off": ("on", "by", "to"),
}
"""Cue → the words that, coming next, make it something else: "would like", "no more than"."""

NOT_AFTER: dict[str, tuple[str, ...]] = {
    "if": ("as", "what", "even"),
    "before": ("h", "hour", "hours", "min", "minutes", "day", "days", "week", "weeks", "month", "months", "as"),
}
"""Cue → the words that, coming before, make it something else: "as if", "two hours before"."""

TERMINATORS = frozenset(
    "but however although though whereas while now instead because so therefore since except".split()
)
"""Words that end a cue's reach; so do semicolons, dashes and brackets (see `status`)."""

CURRENT = frozenset("since now again back currently today nowadays meanwhile new latest".split())
"""Words that mark a value as the one in force, beside another that isn't marked."""

CHANGES = CURRENT | frozenset(
    "until till from before after earlier later then was were been had changed moved went switched became "
    "first originally initially formerly previously old former instead still already once meantime between "
    "replaced".split()
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
    "allergic intolerance restriction restrictions forbidden exclude excluded decline refuses "
    "never until unless ban banned mustn't can't cannot".split()
)
"""Words of a value, attribute or question that's itself about what isn't done: "no pork"."""

PAST_TITLES = frozenset(
    "history|past|previous|previously|old|former|formerly|obsolete|outdated|superseded|archive|"
    "archived|retired|deprecated|changelog|change log|no longer|no longer valid|no longer true|"
    "no longer in force|no longer applies|resolved|fixed|closed|corrections|corrected|do not use|"
    "do n't use|never use|rejected|discarded|not adopted|ignored|dropped|cancelled|canceled|"
    "expired|removed|retracted|not true|ruled out|not to use|over|done|ended|finished|before|"
    "used to be|earlier|until recently|was|were|not any more|declined|superseded or expired|"
    "ignore|disregard|jokes|joke|not to be followed|untrusted|overruled|replaced|abandoned|"
    "undone|settled".split("|")
)
"""Headings, keys and file names under which everything is retired, without the fillers."""

CHRONICLES = frozenset({"history", "changelog", "change log"})
"""As the name of a whole file these say that it's kept by date, not that all of it is past."""

OPEN_TITLES = frozenset(
    "unsettled|unresolved|unclear|to clarify|to be clarified|to confirm|to be confirmed|conflicts|conflicting|"
    "disputed|undecided|tbd|tbc|uncertain|not settled|contradictions|contradictory|unconfirmed|not confirmed|"
    "disagreements|open conflicts|unverified|to verify|still to be decided|two versions".split("|")
)
"""Headings and keys under which everything is open."""

TITLE_FILLERS = frozenset(
    "the a an and or of to be is are things thing notes note values value entries entry items item information "
    "info facts fact settings setting decisions decision rules rule points point questions question ideas idea "
    "plans plan list stuff statements claims here now all memory".split()
) - {"be", "is", "are", "to", "now"}
"""Words that say nothing of their own in a heading."""
