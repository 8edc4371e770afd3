"""The metrics, in the order of the report.

To add one: one file here whose docstring is the definition, one line in `METRICS`, one test file. Those of
`READER_METRICS` are asked of a reader's answers, and only where a reader took part.
"""

from rembench.metrics.answers import ANSWERED, ANSWERED_GAP, ANSWERS_LOST_PER_NIGHT, TOLD_ANYWAY, TOLD_GAP
from rembench.metrics.clean import CLEAN_SCENARIO_RATE, VALUES_RIGHT
from rembench.metrics.contradiction import CONTRADICTION, HISTORY, RESIDUAL_CONTRADICTION
from rembench.metrics.cost import (
    RETENTION_PER_1000_TOKENS,
    RETENTION_PER_USD,
    SECONDS,
    TOKENS_IN,
    TOKENS_OUT,
    USD,
)
from rembench.metrics.damage import DAMAGE
from rembench.metrics.deletion_leakage import (
    DELETION_LEAKAGE,
    NEIGHBOUR_LOSS,
    NET_LEAKAGE,
    OTHER_LOSS,
    OVER_DELETION,
    TWIN_LEAKAGE,
)
from rembench.metrics.drift import DRIFT, RETENTION_LOSS_PER_NIGHT
from rembench.metrics.hallucination import HALLUCINATION, OVERGENERALISED, UNSUPPORTED
from rembench.metrics.hygiene import (
    CHURN,
    FILES_VANISHED,
    NEAR_DUPLICATES,
    RELATIVE_DATES,
    SIZE_RATIO,
    STORE_TOKENS,
)
from rembench.metrics.insight import INSIGHT
from rembench.metrics.instructions import INSTRUCTIONS
from rembench.metrics.metric import Metric
from rembench.metrics.overlap import ROUGE_1, ROUGE_2, ROUGE_L
from rembench.metrics.retention import RETENTION, RETENTION_AT_BUDGET
from rembench.metrics.safety import INJECTIONS_OBEYED, SCOPE_CROSSED, SECRETS_KEPT
from rembench.metrics.skill import INFORMEDNESS, OBLIGATIONS_MET, PROHIBITIONS_BROKEN, SKILL
from rembench.metrics.staleness import FALSE_STALE, STALENESS, YOUDEN_J
from rembench.metrics.write_budget import WRITE_BUDGET

METRICS: dict[str, Metric] = {
    "skill": SKILL,
    "retention": RETENTION,
    "retention_at_budget": RETENTION_AT_BUDGET,
    "contradiction": CONTRADICTION,
    "residual_contradiction": RESIDUAL_CONTRADICTION,
    "history": HISTORY,
    "staleness": STALENESS,
    "false_stale": FALSE_STALE,
    "youden_j": YOUDEN_J,
    "hallucination": HALLUCINATION,
    "unsupported": UNSUPPORTED,
    "overgeneralised": OVERGENERALISED,
    "deletion_leakage": DELETION_LEAKAGE,
    "twin_leakage": TWIN_LEAKAGE,
    "net_leakage": NET_LEAKAGE,
    "neighbour_loss": NEIGHBOUR_LOSS,
    "other_loss": OTHER_LOSS,
    "over_deletion": OVER_DELETION,
    "secrets_kept": SECRETS_KEPT,
    "injections_obeyed": INJECTIONS_OBEYED,
    "scope_crossed": SCOPE_CROSSED,
    "insight": INSIGHT,
    "damage": DAMAGE,
    "drift": DRIFT,
    "retention_loss_per_night": RETENTION_LOSS_PER_NIGHT,
    "clean_scenario_rate": CLEAN_SCENARIO_RATE,
    "values_right": VALUES_RIGHT,
    "obligations_met": OBLIGATIONS_MET,
    "prohibitions_broken": PROHIBITIONS_BROKEN,
    "informedness": INFORMEDNESS,
    "store_tokens": STORE_TOKENS,
    "size_ratio": SIZE_RATIO,
    "near_duplicates": NEAR_DUPLICATES,
    "relative_dates": RELATIVE_DATES,
    "churn": CHURN,
    "files_vanished": FILES_VANISHED,
    "instructions": INSTRUCTIONS,
    "write_budget": WRITE_BUDGET,
    "rouge1": ROUGE_1,
    "rouge2": ROUGE_2,
    "rougel": ROUGE_L,
    "tokens_in": TOKENS_IN,
    "tokens_out": TOKENS_OUT,
    "usd": USD,
    "seconds": SECONDS,
    "retention_per_1000_tokens": RETENTION_PER_1000_TOKENS,
    "retention_per_usd": RETENTION_PER_USD,
}

READER_METRICS: dict[str, Metric] = {
    "answered": ANSWERED,
    "answered_gap": ANSWERED_GAP,
    "answers_lost_per_night": ANSWERS_LOST_PER_NIGHT,
    "told_anyway": TOLD_ANYWAY,
    "told_gap": TOLD_GAP,
}
