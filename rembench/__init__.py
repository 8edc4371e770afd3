"""rembench: an evaluation harness and benchmark suite for memory consolidators."""

from rembench.harness.errors import UserError
from rembench.harness.night import (
    BudgetError,
    Capabilities,
    Closer,
    Consolidation,
    Consolidator,
    ConsolidatorError,
    CutOffError,
    DeletionRequest,
    InvalidOutputError,
    Ledger,
    Memory,
    Message,
    Night,
    Provenance,
    ProviderError,
    Purse,
    Recaller,
    RefusalError,
    Session,
    Usage,
)

__version__ = "0.1.0"

__all__ = [
    "BudgetError",
    "Capabilities",
    "Closer",
    "Consolidation",
    "Consolidator",
    "ConsolidatorError",
    "CutOffError",
    "DeletionRequest",
    "InvalidOutputError",
    "Ledger",
    "Memory",
    "Message",
    "Night",
    "Provenance",
    "ProviderError",
    "Purse",
    "Recaller",
    "RefusalError",
    "Session",
    "Usage",
    "UserError",
    "__version__",
]
