"""One sweep on screen: progress, best trial, all trials, hyperparameter importance."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.domain import RunStatus
from core.domain.counted import tenths
from core.jobs import find
from core.training import TrainingPlan
from core.training.sweeps import SweepPlan, SweepSummary, TrialState, read_sweep
from pages.parts.shell import cached, error_box, fragments, run_panel
from pages.parts.shell import charts as shell_charts
from pages.parts.train.sweeps import charts as sweeps_charts

KIND = "sweep"
_POLL_INTERVAL_S = 2.0
_LINES_FROM = 2


def show(run_id: str, *, forget: Callable[[], None]) -> TrainingPlan | None:
    """Follow one sweep; the plan of a full run if the button for one was pressed, else None.

    Args:
        forget: called when the visitor dismisses the message on how it ended.
    Raises:
        UnknownRun: it was deleted.
    """
    run = run_panel.show(run_id, title=f"Sweep {run_id}")
    if run.status.is_over and run.status is not RunStatus.COMPLETED:
        run_panel.draw_end(run, forget=forget)
    plan = _draw_best(run_id)

    @fragments.fragment(run_every=None if run.status.is_over else _POLL_INTERVAL_S)
    @error_box.on_error()
    def live() -> None:
        summary = read_sweep(cached.settings().runs_dir, run_id)
        if summary is None or not summary.trials:
            st.caption("Metrics appear with the first trial.")
            return
        _draw_figures(summary)
        _draw_table(summary)

    live()
    return plan


def _draw_best(run_id: str) -> TrainingPlan | None:
    """Not in the fragment, because its return value has to reach the page."""
    summary = read_sweep(cached.settings().runs_dir, run_id)
    if summary is None or summary.best is None:
        return None
    if not st.button(
        "Train with the best values",
        key=f"sweep-best-{run_id}",
        icon=":material/rocket_launch:",
        help="A full run: all epochs of the recipe and all pictures; tested and saved at the end.",
    ):
        return None
    _, plan, _ = find(cached.settings().runs_dir, run_id).read_plan()
    return SweepPlan.from_json(plan).full_plan(summary.best.values)


def _draw_figures(summary: SweepSummary) -> None:
    trials, best, pruned, failed = st.columns(4)
    trials.metric("Trials", f"{len(summary.trials)} of {summary.wanted}")
    best.metric(
        "Best validation accuracy",
        "none yet" if summary.best is None else tenths(summary.best.accuracy or 0.0),
        help="The best of many trials, so it is optimistic: expect a lower test accuracy.",
    )
    pruned.metric("Pruned", summary.count(TrialState.PRUNED))
    failed.metric("Failed", summary.count(TrialState.FAILED))
    if not any(one.accuracy is not None for one in summary.trials):
        return
    st.plotly_chart(
        shell_charts.escape_figure(sweeps_charts.history(summary)),
        config=shell_charts.CONFIG,
        key=f"sweep-history-{summary.name}",
    )
    if sum(one.accuracy is not None for one in summary.trials) >= _LINES_FROM:
        st.caption(
            "Hyperparameters and accuracy of each trial. Drag along an axis to filter trials."
        )
        st.plotly_chart(
            shell_charts.escape_figure(sweeps_charts.parallel(summary)),
            config=shell_charts.CONFIG,
            key=f"sweep-lines-{summary.name}",
        )
    if summary.importance:
        st.caption("Hyperparameter importance: share of the variance of accuracy (fANOVA)")
        st.plotly_chart(
            shell_charts.escape_figure(sweeps_charts.importance_bars(summary.importance)),
            config=shell_charts.CONFIG,
            key=f"sweep-importance-{summary.name}",
        )


def _draw_table(summary: SweepSummary) -> None:
    table = pd.DataFrame(
        {
            "Trial": [one.number for one in summary.trials],
            "Status": [one.state.value for one in summary.trials],
            "Accuracy, %": [
                None if one.accuracy is None else round(one.accuracy * 100, 2)
                for one in summary.trials
            ],
            "Epochs": [len(one.course) for one in summary.trials],
            **{
                sweeps_charts.in_words(name): [one.values.get(name) for one in summary.trials]
                for name in summary.search
            },
            "Run": [one.run for one in summary.trials],
            "Reason": [one.why for one in summary.trials],
        }
    )
    st.dataframe(table, hide_index=True, key=f"sweep-trials-{summary.name}")
