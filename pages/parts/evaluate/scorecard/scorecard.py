"""The metrics of a model with their intervals, most important first, and their files."""

from __future__ import annotations

import json
from functools import partial

import pandas as pd
import streamlit as st

from core.domain import Interval
from core.domain.counted import tenths
from core.domain.wording import percent_ends
from core.evaluation.predictions import Evaluation
from core.evaluation.scorecard import Protocol, ScorecardMetrics, sentences, summary_of
from pages.parts.evaluate import cached
from pages.parts.evaluate.cached import AS_EVALUATED, ProtocolFigures
from pages.parts.evaluate.scorecard import charts as scorecard_charts
from pages.parts.evaluate.scorecard import duplicates_votes_history
from pages.parts.explore.cached import AS_IN_THE_FILES_TEXT
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import expression_word, plain

_NORMALISATIONS = ("Counts", "Rows", "Columns")


def draw(evaluation: Evaluation) -> None:
    """Draw the metrics of one evaluation.

    Raises:
        DamagedModel: a file of it cannot be read.
    """
    protocol, classes = _choose(evaluation)
    shown = cached.protocol_figures(evaluation, protocol.name, classes)
    if shown is None:
        st.info("No picture is left with these classes.", icon=":material/info:")
        return
    _draw_headline(evaluation, protocol, shown)
    _draw_metrics(shown)
    if not classes:
        _draw_protocols(evaluation)
    _draw_classes(shown)
    _draw_curves(shown)
    _draw_trust(evaluation, shown)
    if not classes:
        duplicates_votes_history.draw(evaluation, protocol)
    _draw_notes(evaluation)
    draw_downloads(evaluation)


def _choose(evaluation: Evaluation) -> tuple[Protocol, str]:
    """Draw the choice of pictures and of classes."""
    protocols = cached.protocols(evaluation)
    maps = cached.maps_of(evaluation)
    names, key = list(protocols), f"{evaluation.model}-{evaluation.slug}"
    name, classes = names[0], AS_EVALUATED
    with st.container(horizontal=True, vertical_alignment="top"):
        if len(names) > 1:
            name = st.segmented_control(
                "Split",
                names,
                format_func=plain,
                default=names[0],
                required=True,
                key=f"figures-pictures-{key}",
                wrap=True,
            )
        if maps:
            classes = st.selectbox(
                "Classes",
                [AS_EVALUATED, *maps],
                format_func=lambda one: one.capitalize() or _classes_evaluated(evaluation),
                key=f"figures-classes-{key}",
                width=280,
            )
    return protocols.get(name, protocols[names[0]]), classes


def _classes_evaluated(evaluation: Evaluation) -> str:
    """The classes of an evaluation: those of the files, or those of its mapping."""
    return str(evaluation.source.get("classes") or "").capitalize() or AS_IN_THE_FILES_TEXT


def _draw_headline(evaluation: Evaluation, protocol: Protocol, shown: ProtocolFigures) -> None:
    st.subheader(plain(sentences.headline(evaluation, protocol, shown.figures)), anchor=False)
    baseline = f"{sentences.baseline_sentence(shown.figures)} {protocol.sentence}"
    st.caption(plain(baseline))


def _draw_metrics(shown: ProtocolFigures) -> None:
    figures, reliability = shown.figures, shown.scores.reliability
    metrics = [
        ("Accuracy", figures.accuracy, "Share of pictures predicted correctly."),
        (
            "Balanced accuracy",
            figures.balanced_accuracy,
            "Mean recall over the classes: small classes count as much as large ones.",
        ),
        ("Macro-F1", figures.macro_f1, "Mean of the classes' F1."),
        (
            "Top-2 accuracy",
            figures.top_2,
            "Share of pictures whose label has one of the two highest scores.",
        ),
        (
            "Calibration error",
            reliability.ece,
            "Expected calibration error (ECE): mean gap between confidence and accuracy over 15 "
            "bins.",
        ),
    ]
    known = [(title, one, description) for title, one, description in metrics if one is not None]
    for column, (title, one, description) in zip(st.columns(len(known)), known, strict=True):
        column.metric(title, tenths(one.value), help=description)
        column.caption(f"95 % CI {percent_ends(one)}")
    st.caption(
        f"Weighted F1 {sentences.whole(figures.weighted_f1)} · Cohen's kappa "
        f"{sentences.points(figures.kappa)} · Matthews' correlation "
        f"{sentences.points(figures.matthews)} · log loss "
        f"{sentences.points(reliability.log_loss)} nats · Brier score "
        f"{sentences.points(reliability.brier)}"
    )


def _draw_protocols(evaluation: Evaluation) -> None:
    protocols = cached.protocols(evaluation)
    if len(protocols) == 1:
        return
    rows = []
    for name, protocol in protocols.items():
        found = cached.protocol_figures(evaluation, name)
        if found is not None:
            rows.append(_protocol_row(protocol, found))
    st.markdown("**By evaluation protocol**")
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="figures-protocols")
    st.caption(
        "  \n".join(f"{plain(one.name)}: {plain(one.sentence)}" for one in protocols.values())
    )


def _protocol_row(protocol: Protocol, found: ProtocolFigures) -> dict[str, str]:
    figures = found.figures
    return {
        "Protocol": f"{protocol.name} ({figures.pictures:,})",
        "Accuracy": sentences.whole(figures.accuracy),
        "Balanced accuracy": sentences.whole(figures.balanced_accuracy),
        "Macro-F1": sentences.whole(figures.macro_f1),
    }


def _draw_classes(shown: ProtocolFigures) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Per-class metrics**")
        _plot(scorecard_charts.class_bars(shown.figures.per_class), "classes")
    with right:
        _draw_confusion(shown.figures)
    count = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        _class_table(shown),
        hide_index=True,
        column_config={"Pictures": count, "Predicted": count},
        key="figures-class-table",
    )
    st.caption(
        "Recall: share of the class's pictures predicted as this class. Precision: share of the "
        "predictions of this class that are correct."
    )


def _class_table(shown: ProtocolFigures) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Class": expression_word(row.label),
            "Pictures": row.support,
            "Predicted": row.predicted,
            "Precision": sentences.whole(row.precision),
            "Recall": sentences.whole(row.recall),
            "F1": sentences.whole(row.f1),
        }
        for row in shown.figures.per_class
    )


def _area_table(shown: ProtocolFigures) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Class": expression_word(one.label),
            "AUC": _points(one.auc),
            "Average precision": _points(one.average_precision),
        }
        for one in shown.scores.curves
    )


def _points(metrics: Interval | None) -> str:
    return "" if metrics is None else sentences.points(metrics)


def _draw_confusion(figures: ScorecardMetrics) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**Confusion matrix**", width="content")
        by = st.segmented_control(
            "Normalised by",
            _NORMALISATIONS,
            default=_NORMALISATIONS[1],
            required=True,
            label_visibility="collapsed",
            help="Rows: shares of each label's pictures (recall on the diagonal). Columns: shares "
            "of each predicted class (precision on the diagonal).",
            key="figures-confusion-by",
            wrap=True,
        )
    _plot(scorecard_charts.confusion(figures, by=by), "confusion")


def _draw_curves(shown: ProtocolFigures) -> None:
    curves = shown.scores.curves
    if curves:
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown("**ROC curves** · area under the curve (AUC)")
            _plot(scorecard_charts.roc(curves), "roc")
        with right:
            st.markdown("**Precision-recall curves** · average precision (AP)")
            _plot(scorecard_charts.precision_recall(curves), "precision-recall")
        with st.expander("AUC and average precision with 95 % CI"):
            st.dataframe(_area_table(shown), hide_index=True, key="figures-area-table")
            st.caption(
                "AUC: the probability that a picture of the class scores higher than one of "
                "another class."
            )
    if shown.scores.missing:
        st.caption(
            f"No curve for {plain(', '.join(shown.scores.missing))}: either no picture has this "
            "label, or all have it."
        )


def _draw_trust(evaluation: Evaluation, shown: ProtocolFigures) -> None:
    left, right = st.columns(2, gap="large")
    reliability, selective = shown.scores.reliability, shown.scores.selective
    with left:
        st.markdown("**Calibration** (reliability diagram)")
        _plot(scorecard_charts.reliability_diagram(reliability), "reliability")
        st.caption(
            "On the dotted line confidence equals accuracy; bars below it are overconfident. "
            f"Calibration error {sentences.whole(reliability.ece)}."
        )
    with right:
        st.markdown("**Risk-coverage curve** of “not sure”")
        _plot(scorecard_charts.risk_coverage_curve(selective), "risk-coverage")
        st.caption(
            f"{sentences.not_sure_sentence(selective, evaluation.not_sure_below)} Area under the "
            f"curve (AURC): {selective.area:.3f}; lower is better."
        )


def _draw_notes(evaluation: Evaluation) -> None:
    for note in evaluation.notes:
        st.caption(plain(note))


def _plot(figure: object, key: str) -> None:
    st.plotly_chart(
        shell_charts.escape_figure(figure), config=shell_charts.CONFIG, key=f"figures-{key}"
    )


def draw_downloads(evaluation: Evaluation) -> None:
    """A button for every figure as JSON; the file is made when it is pressed."""
    st.download_button(
        "All metrics (JSON)",
        partial(figures_json, evaluation),
        file_name=f"{evaluation.model}-{evaluation.slug}.json",
        mime="application/json",
        icon=":material/data_object:",
        on_click="ignore",
        key="figures-json",
    )


def figures_json(evaluation: Evaluation) -> bytes:
    """Every figure of an evaluation, with its intervals."""
    metrics = summary_of(evaluation, cached.answers_of(evaluation))
    return json.dumps(metrics, indent=1, allow_nan=False).encode()
