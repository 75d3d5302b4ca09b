"""Numbers as a report writes them."""

from __future__ import annotations

from core.datasets.reporting.claims import Claim
from core.datasets.reporting.content import percent


def weight_words(weight: float | None) -> str:
    """A class weight; a dash where a class has no pictures."""
    return "-" if weight is None else f"{weight:.3f}"


def p_words(p: float) -> str:
    """A p-value: three decimals say enough."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def claim_words(claim: Claim) -> tuple[str, str]:
    """What was measured, and whether the claim holds."""
    if claim.measured is None:
        return "not measured", "-"
    return percent(claim.measured), "yes" if claim.holds else "no"
