"""A drift report on screen: verdict, quantities, recommendation and downloads."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from core.domain.counted import counted
from core.domain.wording import p_value, percent_ends
from core.drift import (
    MIN_FACES,
    QUANTITY_TEXT,
    Columns,
    DriftReference,
    DriftReport,
    DriftVerdict,
    LabelConsistency,
    Quantity,
    QuantityDrift,
    RetrainingProposal,
    label_consistency,
    propose_retraining,
    read_labels,
    report_csv,
    report_json,
)
from pages.parts.drift import charts as drift_charts
from pages.parts.shell import charts as shell_charts
from pages.parts.shell import error_box
from pages.parts.shell.theme import percent, plain

_PSI_HELP = (
    "PSI, the population stability index: 0 for equal distributions, drift above 0.25. The "
    "threshold is higher if the effective sample is small enough for chance to exceed 0.25."
)


def draw_verdict(report: DriftReport) -> None:
    """The verdict in one sentence."""
    if report.verdict is DriftVerdict.DRIFT:
        st.warning(f"**{plain(report.sentence)}**", icon=":material/trending_up:")
    elif report.verdict is DriftVerdict.TOO_FEW_SAMPLES:
        st.info(
            f"**{plain(report.sentence)}** Compare more or longer sessions.",
            icon=":material/hourglass_empty:",
        )
    else:
        st.success(f"**{plain(report.sentence)}**", icon=":material/check_circle:")


def draw_quantities(report: DriftReport, reference: DriftReference, columns: Columns) -> None:
    """The PSI of every quantity, then the distributions of one quantity."""
    st.markdown("**Drift by quantity** · PSI; the mark is the alarm threshold", help=_PSI_HELP)
    st.plotly_chart(
        shell_charts.escape_figure(drift_charts.psi_bars(report)),
        config=shell_charts.CONFIG,
        key="drift-psi",
        alt="Bar chart: PSI of each quantity, and its alarm threshold.",
    )
    st.dataframe(_table(report), hide_index=True, key="drift-table")
    if report.not_judged:
        draw_not_compared(report)
    _draw_quantity(_select_quantity(report), reference, columns)


def draw_not_compared(report: DriftReport) -> None:
    """What could not be compared, with the reason."""
    lines = [
        f"- {QUANTITY_TEXT[one.quantity].name}: {plain(one.why)}." for one in report.not_judged
    ]
    st.caption("Not compared:\n\n" + "\n".join(lines))


def draw_downloads(report: DriftReport) -> None:
    """Download buttons for CSV and JSON, for a horizontal container."""
    st.download_button(
        "Download CSV",
        partial(report_csv, report),
        file_name=f"drift-{report.reference}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="drift-csv",
    )
    st.download_button(
        "Download JSON",
        partial(report_json, report),
        file_name=f"drift-{report.reference}.json",
        mime="application/json",
        icon=":material/data_object:",
        on_click="ignore",
        key="drift-json",
    )


def draw_labels(expected: float | None) -> LabelConsistency | None:
    """Compare a person's labels with the model's; None until a file is uploaded.

    Args:
        expected: agreement in the reference, if known.
    """
    if not st.toggle("Compare my own labels with the model's", key="drift-labels"):
        return None
    file = st.file_uploader(
        f"A CSV with the columns person and model, {MIN_FACES} faces or more",
        type="csv",
        key="drift-labels-file",
    )
    if file is None:
        return None
    with error_box.on_error():
        person, model = read_labels(file.getvalue())
        found = label_consistency(person, model, expected=expected)
        _draw_agreement(found)
        return found
    return None


def draw_proposal(report: DriftReport, consistency: LabelConsistency | None) -> bool:
    """Draw the recommendation to retrain, if there is one; returns whether there is."""
    found = propose_retraining(report, consistency=consistency)
    if found is not None:
        with st.container(border=True):
            _draw_recommendation(found)
    return found is not None


def _draw_recommendation(found: RetrainingProposal) -> None:
    st.markdown("**Recommended actions** · nothing starts automatically")
    st.markdown("\n".join(f"- {plain(reason)}" for reason in found.reasons))
    if found.remedies:
        st.markdown("Try these first; they cost less than training:")
        st.markdown("\n".join(f"- {remedy}" for remedy in found.remedies))
    st.markdown("If these conditions are permanent, train a model on pictures taken under them:")
    st.code(found.command, language="bash")


def _table(report: DriftReport) -> pd.DataFrame:
    rows = report.quantities
    return pd.DataFrame(
        {
            "Quantity": [QUANTITY_TEXT[one.quantity].name for one in rows],
            "Above threshold": ["Yes" if one.alarm else "No" for one in rows],
            "Interpretation": [one.sentence for one in rows],
            "PSI": [f"{one.psi:.2f}" for one in rows],
            "Alarm threshold": [f"{one.threshold:.2f}" for one in rows],
            "KS": ["" if one.ks is None else f"{one.ks:.2f}" for one in rows],
            "KS p-value": ["" if one.ks_p is None else p_value(one.ks_p) for one in rows],
            "Samples": [one.rows for one in rows],
            "Effective sample size": [round(one.independent_rows) for one in rows],
        }
    )


def _select_quantity(report: DriftReport) -> QuantityDrift:
    """The selected quantity; the one with the largest drift by default."""
    by_quantity = {one.quantity: one for one in report.quantities}
    furthest = max(report.quantities, key=lambda one: one.psi / one.threshold)
    selected = st.segmented_control(
        "Quantity",
        list(by_quantity),
        default=furthest.quantity,
        required=True,
        format_func=lambda one: QUANTITY_TEXT[one].name,
        key="drift-quantity",
        wrap=True,
    )
    return by_quantity.get(selected, furthest)


def _draw_quantity(one: QuantityDrift, reference: DriftReference, columns: Columns) -> None:
    st.caption(plain(one.sentence))
    number = reference.number(one.quantity)
    if one.quantity is Quantity.CLASS_MIX and reference.mix is not None:
        figure = drift_charts.mix_chart(reference.mix, columns.tops)
    elif number is not None:
        figure = drift_charts.number_chart(number, columns.numbers[one.quantity])
    else:
        return
    st.plotly_chart(
        shell_charts.escape_figure(figure),
        config=shell_charts.CONFIG,
        key=f"drift-{one.quantity}",
        alt="Histogram: distribution in the reference and now.",
    )


def _draw_agreement(found: LabelConsistency) -> None:
    agreement = found.agreement
    kappa = "" if found.kappa is None else f" Cohen's kappa is {found.kappa:.2f}."
    words = (
        f"**{percent(agreement.value)} of {counted(found.faces, 'label')} agree** (95 % CI "
        f"{percent_ends(agreement)}).{kappa}"
    )
    if found.expected is None:
        st.info(f"{words} The reference has no expected agreement.", icon=":material/info:")
    elif found.alarm:
        st.warning(f"{words} {percent(found.expected)} was expected.", icon=":material/warning:")
    else:
        st.success(
            f"{words} {percent(found.expected)} was expected.", icon=":material/check_circle:"
        )
