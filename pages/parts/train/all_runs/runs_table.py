"""The table of all runs, and the comparison of selected ones."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import pandas as pd
import streamlit as st

from core.domain.wording import percent_ends
from core.training.monitoring import RunComparison, RunRow, differing_entries
from pages.parts.shell import charts as shell_charts
from pages.parts.shell import error_box
from pages.parts.shell.theme import plain, when
from pages.parts.train import cached
from pages.parts.train.run import charts as run_charts

_TEST = "Test split"
_SPLITS = (_TEST, "Validation split")
_MAIN_COLUMNS = (*("Run", "Status", "Recipe", "Dataset", "Validation", "Test", "95 % CI", "Model"),)
"""They fit a usual window; more would be cut off."""

_MAX_CURVES = 24
_MIN_LINES = 3
_DEFAULT_AXES, _MAX_AXES = 6, 8
# Plotly draws these axes in pale grey with a white shadow, which is unreadable on a dark page.
_PARALLEL_STYLE = """<style>
.js-plotly-plot .parcoords text { fill: currentColor !important; text-shadow: none !important; }
.js-plotly-plot .parcoords .domain { stroke: currentColor !important; opacity: 0.4; }
</style>"""


def draw_table(found: Sequence[RunRow]) -> list[RunRow]:
    """Draw all runs with their metrics; the selected ones."""
    table = pd.DataFrame([_line(row) for row in found])
    shows_all = st.toggle(
        "All columns",
        help="Also epochs, minutes, weights, start, tags and note.",
        key="runs-all-columns",
    )
    picked = st.dataframe(
        table,
        hide_index=True,
        column_order=None if shows_all else _MAIN_COLUMNS,
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            "Validation": st.column_config.NumberColumn(
                format="%.1f %%",
                help="Best accuracy on the validation split, which selects the epoch.",
            ),
            "Test": st.column_config.NumberColumn(
                format="%.1f %%",
                help="Accuracy on the test split, which is used once, for the final test.",
            ),
            "95 % CI": st.column_config.TextColumn(width=115),
            "Minutes": st.column_config.NumberColumn(
                format="%.1f", help="Training time, over all epochs."
            ),
            "Weights": st.column_config.NumberColumn(format="localized"),
        },
        placeholder="",
        # Rows are selected by position: another list needs another widget.
        key=_key("runs", found),
    )
    return [found[at] for at in picked.selection.rows if at < len(found)]


def _key(what: str, rows: Sequence[RunRow]) -> str:
    """A widget key that changes with the runs."""
    ids = " ".join(row.run.id for row in rows)
    return f"{what}-{blake2b(ids.encode(), digest_size=8).hexdigest()}"


def _line(row: RunRow) -> dict[str, object]:
    tested = row.test_report
    return {
        "Run": row.run.id,
        "Status": row.run.status.value,
        "Recipe": row.plan["recipe"],
        "Dataset": row.plan["dataset"] or row.plan["data"],
        "Validation": None if row.best is None else row.best * 100,
        "Test": None if tested is None else tested.accuracy.value * 100,
        "95 % CI": "" if tested is None else percent_ends(tested.accuracy),
        "Model": row.model if row.card is not None or not row.model else f"{row.model} (removed)",
        "Epochs": len(row.run.epochs),
        "Minutes": row.minutes,
        "Weights": None if row.card is None else row.card.weights,
        "Started": when(row.run.began_at),
        "Tags": list(row.run.tags),
        "Note": row.run.note,
    }


def draw_comparison(chosen: Sequence[RunRow]) -> None:
    """Curves, differences of settings, and which model is better."""
    _draw_curves(chosen)
    st.subheader("Differences in their settings", anchor=False)
    _draw_plans(chosen)
    st.subheader("Which model is better", anchor=False)
    _draw_differences(chosen)
    draw_parallel(chosen)


def _draw_curves(chosen: Sequence[RunRow]) -> None:
    names = _short_names(chosen)
    curves = {names[row.run.id]: row.run.epochs for row in chosen[:_MAX_CURVES] if row.run.epochs}
    if not curves:
        st.caption("None of these has finished an epoch.")
        return
    left, right = st.columns(2, gap="medium")
    left.markdown("**Accuracy** on the validation split, by epoch")
    left.plotly_chart(
        shell_charts.escape_figure(run_charts.accuracy_curves(curves)),
        config=shell_charts.CONFIG,
        key="compare-accuracy",
    )
    right.markdown("**Loss** by epoch")
    right.plotly_chart(
        shell_charts.escape_figure(run_charts.loss_curves(curves)),
        config=shell_charts.CONFIG,
        key="compare-loss",
    )
    if len(chosen) > _MAX_CURVES:
        st.caption(f"Only the first {_MAX_CURVES} are drawn.")


def _short_names(chosen: Sequence[RunRow]) -> dict[str, str]:
    """Run id -> its model's name or the words of its id if unique, else the id."""
    words = {row.run.id: row.model or row.run.id.split("-", 4)[-1] for row in chosen}
    comparison = list(words.values())
    return {run_id: one if comparison.count(one) == 1 else run_id for run_id, one in words.items()}


def _draw_plans(chosen: Sequence[RunRow]) -> None:
    entries = differing_entries({row.run.id: row.plan for row in chosen})
    if not entries:
        st.write("None: their settings are the same.")
        return
    names = _short_names(chosen)
    table = pd.DataFrame(
        {
            name.replace("_", " "): map(_value_text, found.values())
            for name, found in entries.items()
        },
        index=[names[row.run.id] for row in chosen],
    )
    st.dataframe(table.T)


def _draw_differences(chosen: Sequence[RunRow]) -> None:
    tested = [row for row in chosen if row.test_report is not None]
    if len(tested) < 2:
        st.write("Select two runs with a saved model to see which is better.")
        return
    reference, on_test_split = _choose_reference(tested)
    found: dict[str, RunComparison] = {}
    for row in tested:
        if row.run.id != reference.run.id:
            with error_box.on_error():
                found[row.model] = cached.comparison(row, reference, on_test_split=on_test_split)
    if found:
        st.dataframe(
            pd.DataFrame([_comparison_line(*one) for one in found.items()]),
            hide_index=True,
            placeholder="",
            column_config={
                "Model": st.column_config.TextColumn(width=130),
                "Only one correct": st.column_config.TextColumn(
                    help="Pictures only this model, to only the reference, predicted correctly."
                ),
            },
        )
    _draw_method(found, on_test_split=on_test_split)


def _choose_reference(tested: Sequence[RunRow]) -> tuple[RunRow, bool]:
    """Choose the reference, and whether to compare on the test split."""
    best = max(tested, key=lambda row: row.test_report.accuracy.value if row.test_report else 0.0)
    left, right = st.columns(2, gap="medium")
    with left:
        reference = st.selectbox(
            "Reference model",
            tested,
            index=tested.index(best),
            format_func=lambda row: row.model,
            # The default is the best of these runs, so the key depends on them.
            key=_key("compare-with", tested),
        )
    with right:
        split = st.segmented_control(
            "Split", _SPLITS, default=_TEST, required=True, key="compare-on", wrap=True
        )
    return reference, split == _TEST


def _comparison_line(model: str, comparison: RunComparison) -> dict[str, object]:
    found = comparison.difference
    if found is None:
        return {"Model": model, "Verdict": comparison.sentence}
    test = found.test
    return {
        "Model": model,
        "Verdict": comparison.sentence,
        "Difference": f"{found.accuracy.value * 100:+.1f} points",
        "95 % CI": percent_ends(found.accuracy, "+.1f"),
        "Test": "unpaired" if test is None else "paired",
        "Pictures": found.pictures,
        "Only one correct": "" if test is None else f"{test.only_first:,} to {test.only_second:,}",
        "Exact p": "" if test is None else _p(test.exact_p),
        "Mid-p": "" if test is None else _p(test.mid_p),
    }


def _draw_method(found: dict[str, RunComparison], *, on_test_split: bool) -> None:
    comparison = [one.difference for one in found.values() if one.difference is not None]
    notes = []
    if any(one.test is not None for one in comparison):
        notes.append(
            "Paired: Newcombe's interval for paired proportions (1998) and McNemar's exact test "
            "(1947); mid-p is its less conservative form (Fagerland et al. 2013). A difference "
            "counts only where interval and exact test agree."
        )
    if any(one.test is None for one in comparison):
        notes.append(
            "Unpaired: Newcombe's interval for independent proportions (1998). It is wider than "
            "necessary: the pictures were the same, but not every run saved its predictions."
        )
    if len(comparison) > 1:
        notes.append(
            "Of twenty such comparisons of equal models, about one differs by chance alone."
        )
    if not on_test_split:
        notes.append(
            "The validation split selected each run's epoch, so these accuracies are optimistic."
        )
    for sentence in notes:
        st.caption(plain(sentence))


def draw_parallel(rows: Sequence[RunRow]) -> None:
    """Parallel coordinates of the numeric settings that differ and the accuracy."""
    reached = [row for row in rows if row.best is not None]
    entries = differing_entries({row.run.id: row.plan for row in reached})
    columns = {name: list(found.values()) for name, found in entries.items()}
    columns = {name: found for name, found in columns.items() if _are_numbers(found)}
    if len(reached) < _MIN_LINES or not columns:
        return
    st.subheader("Settings and accuracy", anchor=False)
    # Those with the most values first.
    names = sorted(columns, key=lambda name: -len(set(columns[name])))
    chosen = st.multiselect(
        "Axes",
        names,
        default=names[:_DEFAULT_AXES],
        format_func=lambda name: name.replace("_", " "),
        max_selections=_MAX_AXES,
        key=f"axes-{'-'.join(names)}",
    )
    if not chosen:
        return
    st.html(_PARALLEL_STYLE)
    st.plotly_chart(
        shell_charts.escape_figure(
            run_charts.parallel(
                {name.replace("_", " "): columns[name] for name in chosen},
                [row.best or 0.0 for row in reached],
            )
        ),
        config=shell_charts.CONFIG,
        key="parallel",
    )
    st.caption("Drag along an axis to filter runs; drag a name to move its axis.")


def _are_numbers(values: Sequence[object]) -> bool:
    return all(isinstance(one, int | float) for one in values)


def _value_text(value: object) -> str:
    if value is None:
        return "unknown"
    return f"{value:g}" if isinstance(value, float) else str(value) or "none"


def _p(value: float) -> str:
    return "under 0.001" if value < 0.001 else f"{value:.3f}"
