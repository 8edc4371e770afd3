"""rembench: an evaluation harness and benchmark suite for memory consolidators."""

from rembench.harness.errors import UserError
from rembench.harness.night import (
    BudgetError,
    Capabilities,
    Consolidation,
    Consolidator,
    ConsolidatorError,
    DeletionRequest,
    InvalidOutputError,
    Memory,
    Message,
    Night,
    Provenance,
    ProviderError,
    Recaller,
    Session,
    Usage,
)

__version__ = "0.1.0"

__all__ = [
    "BudgetError",
    "Capabilities",
    "Consolidation",
    "Consolidator",
    "ConsolidatorError",
    "DeletionRequest",
    "InvalidOutputError",
    "Memory",
    "Message",
    "Night",
    "Provenance",
    "ProviderError",
    "Recaller",
    "Session",
    "Usage",
    "UserError",
    "__version__",
]
