"""Claims of the five systems with their outcomes."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from core.evaluation.comparison import CheckedClaim, Outcome
from pages.parts.evaluate.comparison import cached
from pages.parts.shell.theme import plain

_ICONS = {
    Outcome.REPRODUCED: "✓",
    Outcome.TIED: "≈",
    Outcome.NOT_MET: "✗",
    Outcome.NOT_TESTABLE: "○",
    Outcome.INCONSISTENT: "≠",
    Outcome.NOT_YET: "…",
}


def draw() -> None:
    """Draw every claim with its outcome, the figure measured, and why."""
    claims = cached.claims()
    st.markdown(f"#### {_in_short(claims)}")
    for system in dict.fromkeys(one.claim.system for one in claims):
        st.markdown(f"**{system}**")
        st.table(pd.DataFrame([_line(one) for one in claims if one.claim.system == system]))
    st.caption(
        "Reproduced: the measured figure is at least the claim. Tied: the claim lies inside its "
        "95 % CI. Not met: the claim lies above it. Most claims were measured on other pictures, "
        "some on those used to choose the epoch; ours are of PrivateTest, used once. Of several "
        "models of a recipe, the one with the best validation accuracy is used; where there is "
        "none, the training described in docs/recipes.md."
    )


def _in_short(claims: tuple[CheckedClaim, ...]) -> str:
    counts = Counter(one.outcome for one in claims)
    told = [f"{counts[outcome]} {outcome.value}" for outcome in Outcome if counts[outcome]]
    return f"Of {len(claims)} claims: {', '.join(told)}."


def _line(one: CheckedClaim) -> dict[str, str]:
    return {
        "Claim": one.claim.what[0].upper() + one.claim.what[1:],
        "Claimed": one.claimed,
        "Measured here": plain(one.measured),
        "Outcome": f"{_ICONS[one.outcome]} {one.outcome.value}",
        "Why": plain(one.sentence),
    }
