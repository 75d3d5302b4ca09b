"""What is allowed here: region, purpose, consent and retention."""

from core.policy.consent import Consent, require, require_expressions
from core.policy.retention import overdue, retention_days
from core.policy.use import Purpose, Region, UsePolicy

__all__ = [
    "Consent",
    "Purpose",
    "Region",
    "UsePolicy",
    "overdue",
    "require",
    "require_expressions",
    "retention_days",
]
