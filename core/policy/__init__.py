"""Use policy: region, purpose, consent and retention."""

from core.policy import policy_file
from core.policy.consent import Consent, consent_from, require_expressions, require_use
from core.policy.purpose import Purpose, Region, purpose_named
from core.policy.retention import overdue, retention_days
from core.policy.use_policy import UsePolicy

__all__ = [
    "Consent",
    "Purpose",
    "Region",
    "UsePolicy",
    "consent_from",
    "overdue",
    "policy_file",
    "purpose_named",
    "require_expressions",
    "require_use",
    "retention_days",
]
