"""Use policy: region, purpose, consent and retention."""

from core.policy import policy_file
from core.policy.class_notice import NoticePart, class_notice, class_notice_version
from core.policy.class_rules import EMPLOYER_REFUSAL, ClassRules, class_refusal, class_rules
from core.policy.consent import Consent, consent_from, require_expressions, require_use
from core.policy.purpose import Purpose, Region, purpose_named
from core.policy.retention import overdue, retention_days
from core.policy.use_policy import UsePolicy

__all__ = [
    "EMPLOYER_REFUSAL",
    "ClassRules",
    "Consent",
    "NoticePart",
    "Purpose",
    "Region",
    "UsePolicy",
    "class_notice",
    "class_notice_version",
    "class_refusal",
    "class_rules",
    "consent_from",
    "overdue",
    "policy_file",
    "purpose_named",
    "require_expressions",
    "require_use",
    "retention_days",
]
