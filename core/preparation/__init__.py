"""From what people have to a dataset that can be trusted: open, audit, report."""

from core.datasets.plans import AuditPlan, OpenPlan, PreparePlan

__all__ = ["AuditPlan", "OpenPlan", "PreparePlan"]
