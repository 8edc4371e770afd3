"""The adversary zoo: consolidators that try to score without doing the work, as DESIGN section 10 lists them.

None is a contestant and none is in `rembench.consolidators.TABLE`; `rembench audit` runs them all, and
`rembench run -c rembench.consolidators.zoo:CopyAll` runs one. Each is built from its nights alone. A metric
or a scorer that lets one of them look good is wrong.
"""

from collections.abc import Callable

from rembench.consolidators.zoo.deleters import ObfuscatedSecrets, TombstoneLedger, TopicWipe
from rembench.consolidators.zoo.hoarders import CopyAll, KeepBoth, MaybeBoth, Padding, TenfoldDuplicate
from rembench.consolidators.zoo.hollow import NegatedDump, SpecificWrong, VagueTopical, ValueList
from rembench.consolidators.zoo.judge_bait import AimedAtJudge
from rembench.harness.night import Consolidator

ZOO: dict[str, Callable[[], Consolidator]] = {
    "copy-all": CopyAll,
    "keep-both": KeepBoth,
    "both-with-maybe": MaybeBoth,
    "value-list": ValueList,
    "negated-dump": NegatedDump,
    "vague-topical": VagueTopical,
    "specific-wrong": SpecificWrong,
    "padding": Padding,
    "tenfold-duplicate": TenfoldDuplicate,
    "tombstone-ledger": TombstoneLedger,
    "obfuscated-secrets": ObfuscatedSecrets,
    "topic-wipe": TopicWipe,
    "aimed-at-judge": AimedAtJudge,
}
"""Every adversary by name, in the order of DESIGN section 10."""

__all__ = [
    "ZOO", "AimedAtJudge", "CopyAll", "KeepBoth", "MaybeBoth", "NegatedDump", "ObfuscatedSecrets", "Padding",
    "SpecificWrong", "TenfoldDuplicate", "TombstoneLedger", "TopicWipe", "VagueTopical", "ValueList",
]  # fmt: skip
