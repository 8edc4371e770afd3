"""The types that everything else passes round: read this file first.

Scenario → (engine) NightRecord → (scorer) Verdict, Finding → (metrics) Cell → (reports) summary.
All are frozen. Times are ISO 8601 strings, spans are character offsets [start, end) into a memory file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from rembench.harness.night import DeletionRequest, Memory, Session, Usage

Stance = Literal["held", "retired", "open", "absent"]
STANCES: tuple[Stance, ...] = ("held", "retired", "open", "absent")
Origin = Literal["synthetic", "authored", "recorded"]
ItemKind = Literal[
    "fact", "update", "conditional", "conflict", "temporary", "trap", "deletion",
    "pattern", "secret", "injection", "scope", "control",
]  # fmt: skip
ValueType = Literal["number", "money", "date", "time", "version", "name", "path", "code", "choice", "phrase"]
LeakLevel = Literal["L1", "L2", "L3", "L4", "L5", "L6"]
FailureType = Literal[
    "provider", "refusal", "cut_off", "timeout", "budget", "invalid_output", "consolidator_bug", "harness"
]
FailureClass = Literal[
    "omission", "staleness", "distance", "implication", "recursion", "authority", "expiry", "condition",
    "unsettled", "adoption", "confusion", "leakage", "over-forgetting", "exposure", "injection", "insight",
]  # fmt: skip
FAILURE_CLASSES: tuple[FailureClass, ...] = get_args(FailureClass)
"""The ways in which a memory fails that an item may be planted to catch: its `tags`."""

Instruction = Literal["prioritise", "ignore"]
Groups = tuple[tuple[str, ...], ...]
"""Groups of alternatives: every group must be met in one segment; `*` matches any ending."""

STORE = "(store)"
"""The checkpoint name of the memory before the first night."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a value holds: "on Sundays"."""

    text: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRef:
    """A message of a session: `s1#2` is the third message of session s1."""

    session: str
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One of the values an item took. `expect` maps every checkpoint to a stance, None: not scored.

    `where` is a glob of store paths (`**` crosses folders, `*` and `?` don't): the value is looked for in
    those files only. `gives_away`: a deleted value can be worked out from this one.
    """

    text: str
    aliases: tuple[str, ...] = ()
    type: ValueType | None = None
    match: Groups | None = None
    match_any: tuple[Groups, ...] | None = None
    condition: Condition | None = None
    where: str | None = None
    gives_away: bool = False
    evidence: tuple[EvidenceRef, ...] = ()
    expect: Mapping[str, Stance | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One attribute of one subject, with all the values it took.

    `instruction` is what the nights' instructions say of it; nothing is expected of what's to be ignored.
    """

    id: str
    kind: ItemKind
    subject: str
    attribute: str
    question: str
    values: tuple[Value, ...]
    tactic: str | None = None
    subject_aliases: tuple[str, ...] = ()
    attribute_aliases: tuple[str, ...] = ()
    tags: tuple[FailureClass, ...] = ()
    instruction: Instruction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteStep:
    """A deletion request made outside any session."""

    id: str
    at: str
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolidateStep:
    """A night. `sessions` None: those since the last night; naming an earlier one is a re-feed."""

    id: str
    at: str
    instructions: str | None = None
    sessions: tuple[str, ...] | None = None
    write_budget: int | None = None


Step = Session | DeleteStep | ConsolidateStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A timeline of sessions, deletion requests and nights, with planted items.

    `level` is its marked difficulty, 1 to 5. `twin_of` names the scenario whose twin it is: the same world,
    which never held the deleted values.
    """

    id: str
    title: str
    origin: Origin
    domain: str
    language: str
    store: Memory
    steps: tuple[Step, ...]
    items: tuple[Item, ...]
    level: int | None = None
    twin_of: str | None = None

    @property
    def sessions(self) -> tuple[Session, ...]:
        """All sessions, in timeline order."""
        return tuple(s for s in self.steps if isinstance(s, Session))

    @property
    def nights(self) -> tuple[ConsolidateStep, ...]:
        """All nights, in timeline order; their ids are the checkpoints."""
        return tuple(s for s in self.steps if isinstance(s, ConsolidateStep))


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What one night of a scenario hands over, apart from the memory (see `scenario.handover`)."""

    step: ConsolidateStep
    sessions: tuple[Session, ...]
    deletions: tuple[DeletionRequest, ...]
    refed: tuple[str, ...]  # ids of the sessions that an earlier night had already been given


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A folder of scenarios, read and checked; `sha256` is over the canonical JSON of its scenarios."""

    name: str
    path: str
    sha256: str
    scenarios: tuple[Scenario, ...]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ChainKey:
    """One consolidator on one scenario, once."""

    consolidator: str
    scenario: str
    repeat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a night has no memory, typed by the boundary that was crossed; `message` is one line."""

    type: FailureType
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NightRecord:
    """One finished night, as journalled: a memory or a failure, never both."""

    chain: ChainKey
    night: str
    memory: Memory | None
    failure: Failure | None
    usage: Usage
    seconds: float
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The stance found for one value at one checkpoint, or None with a reason; with its evidence.

    `rule` names the line of the decision table; `readings` are the stances that remained when the
    scorer abstained. `at_budget` is the stance when only the first B tokens are read.
    `leak_level` is set where `absent` is expected and something leaked.
    """

    checkpoint: str
    item: str
    value: int
    expected: Stance | None
    observed: Stance | None
    rule: str
    reason: str | None = None
    readings: tuple[Stance, ...] = ()
    path: str | None = None
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    leak_level: LeakLevel | None = None
    at_budget: Stance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a memory says that it shouldn't: a closed-world error or an unsupported atom."""

    checkpoint: str
    type: Literal["distorted", "misbound", "unsupported", "condition_dropped"]
    rule: str
    path: str
    start: int
    end: int
    quote: str
    item: str | None = None
    value: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that the scorer found in one memory: a verdict for every value of every item."""

    checkpoint: str
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...] = ()
    atoms: int = 0  # checkable atoms in the memory: the denominator of `unsupported`


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEvidence:
    """All that's known of one chain, for the metrics.

    `readings` has an entry for `STORE` (the store before the first night) and for every checkpoint
    of the scenario: a night that failed or wasn't reached has verdicts of None with the reason.
    `memories` holds `STORE` and only the nights that wrote one. `oracle` holds the oracle's memory
    of every checkpoint.
    """

    chain: ChainKey
    scenario: Scenario
    readings: Mapping[str, Reading]
    memories: Mapping[str, Memory]
    nights: Mapping[str, NightRecord]
    oracle: Mapping[str, Memory]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """What a cell rests on: a value at a checkpoint, and the finding's index in its reading if any."""

    checkpoint: str
    item: str | None = None
    value: int | None = None
    finding: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One opportunity of a metric: its amount (0 or 1 for a proportion), or None with a reason.

    `group` is what the scenario's mean is macro-averaged over (the item's kind; "" for none);
    `slices` name the sub-tables it also counts in, as "tactic=revert"; without `headline` it counts
    only there.
    """

    amount: float | None
    ref: Ref
    group: str = ""
    reason: str | None = None
    slices: tuple[str, ...] = ()
    headline: bool = True
