"""Problems of a dataset: quality, near duplicates, label noise, faces."""

from core.datasets.audit.audit_store import Audit, load_audit
from core.datasets.audit.duplicates import (
    duplicate_groups,
    find_exact_duplicates,
    find_near_duplicates,
    summarise_duplicates,
)
from core.datasets.audit.label_noise import LABEL_ERROR_CONFIDENCE, find_disputed, find_label_errors
from core.datasets.audit.picture_quality import find_quality_problems, measure_pictures
from core.datasets.audit.plan import AuditPlan
from core.datasets.audit.problem import NO_PARTNER, Problem, ProblemKind
from core.datasets.audit.suggested_labels import suggested_relabels

__all__ = [
    "LABEL_ERROR_CONFIDENCE",
    "NO_PARTNER",
    "Audit",
    "AuditPlan",
    "Problem",
    "ProblemKind",
    "duplicate_groups",
    "find_disputed",
    "find_exact_duplicates",
    "find_label_errors",
    "find_near_duplicates",
    "find_quality_problems",
    "load_audit",
    "measure_pictures",
    "suggested_relabels",
    "summarise_duplicates",
]
