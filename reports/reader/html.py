"""What the template of the reports' section on readers is given; nothing where no reader took part."""

from typing import Any

from rembench.reports.reader.charts import NOTE, answered_over_nights
from rembench.reports.reader.page import COST_HEADS, OUTCOME_HEADS, STOPPED_HEADS, pages
from rembench.reports.summary_types import Summary


def section(summary: Summary) -> dict[str, Any]:
    """The variables of reader.html.j2."""
    from markupsafe import Markup

    found = enumerate(summary.readers.values(), start=1)
    return {
        "readers": pages(summary),
        "reader_charts": [
            Markup(answered_over_nights(summary, reader, number))  # noqa: S704 - drawn by us, labels escaped
            for number, reader in found
        ],
        "reader_note": NOTE,
        "reader_outcomes": OUTCOME_HEADS,
        "stopped_heads": STOPPED_HEADS,
        "cost_heads": COST_HEADS,
    }
