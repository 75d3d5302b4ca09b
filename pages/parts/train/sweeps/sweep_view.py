"""One sweep on screen: progress, the best so far, every trial, and which values matter."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.domain import RunStatus
from core.jobs import find
from core.training import TrainingPlan
from core.training.sweeps import SweepPlan, SweepSummary, TrialState, read_sweep
from pages.parts.shell import cached, error_box, fragments, run_panel
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import exactly
from pages.parts.train.sweeps import charts as sweeps_charts

KIND = "sweep"
_LOOK_EVERY_S = 2.0
_LINES_FROM = 2


def show(run_id: str, *, forget: Callable[[], None]) -> TrainingPlan | None:
    """Follow one sweep; the plan of a full run when somebody asked for one, else None.

    Args:
        forget: called when the visitor has read how it ended.
    Raises:
        UnknownRun: it is gone.
    """
    run = run_panel.show(run_id, title=f"Sweep {run_id}")
    if run.status.is_over and run.status is not RunStatus.COMPLETED:
        run_panel.draw_end(run, forget=forget)
    plan = _draw_best(run_id)

    @fragments.fragment(run_every=None if run.status.is_over else _LOOK_EVERY_S)
    @error_box.on_error()
    def live() -> None:
        seen = read_sweep(cached.settings().runs_dir, run_id)
        if seen is None or not seen.trials:
            st.caption("Metrics appear with the first trial.")
            return
        _draw_figures(seen)
        _draw_table(seen)

    live()
    return plan


def _draw_best(run_id: str) -> TrainingPlan | None:
    """Outside what refreshes itself: a button there could start nothing on this page."""
    seen = read_sweep(cached.settings().runs_dir, run_id)
    if seen is None or seen.best is None:
        return None
    if not st.button(
        "Train with the best values",
        key=f"sweep-best-{run_id}",
        icon=":material/rocket_launch:",
        help="A full run: all epochs of the recipe and all pictures; tested and saved at the end.",
    ):
        return None
    _, plan, _ = find(cached.settings().runs_dir, run_id).read_plan()
    return SweepPlan.from_json(plan).full_plan(seen.best.values)


def _draw_figures(seen: SweepSummary) -> None:
    trials, best, pruned, failed = st.columns(4)
    trials.metric("Trials", f"{len(seen.trials)} of {seen.wanted}")
    best.metric(
        "Best validation accuracy",
        "none yet" if seen.best is None else exactly(seen.best.accuracy or 0.0),
        help="The best of many trials, so it is optimistic: expect a lower test accuracy.",
    )
    pruned.metric("Pruned", seen.count(TrialState.PRUNED))
    failed.metric("Failed", seen.count(TrialState.FAILED))
    if not any(one.accuracy is not None for one in seen.trials):
        return
    st.plotly_chart(
        shell_charts.escape_figure(sweeps_charts.history(seen)),
        config=shell_charts.CONFIG,
        key=f"sweep-history-{seen.name}",
    )
    if sum(one.accuracy is not None for one in seen.trials) >= _LINES_FROM:
        st.caption(
            "Hyperparameters and accuracy of each trial. Drag along an axis to filter trials."
        )
        st.plotly_chart(
            shell_charts.escape_figure(sweeps_charts.parallel(seen)),
            config=shell_charts.CONFIG,
            key=f"sweep-lines-{seen.name}",
        )
    if seen.importance:
        st.caption("Hyperparameter importance: share of the variance of accuracy (fANOVA)")
        st.plotly_chart(
            shell_charts.escape_figure(sweeps_charts.importance_bars(seen.importance)),
            config=shell_charts.CONFIG,
            key=f"sweep-importance-{seen.name}",
        )


def _draw_table(seen: SweepSummary) -> None:
    table = pd.DataFrame(
        {
            "Trial": [one.number for one in seen.trials],
            "Status": [one.state.value for one in seen.trials],
            "Accuracy, %": [
                None if one.accuracy is None else round(one.accuracy * 100, 2)
                for one in seen.trials
            ],
            "Epochs": [len(one.course) for one in seen.trials],
            **{
                sweeps_charts.in_words(name): [one.values.get(name) for one in seen.trials]
                for name in seen.search
            },
            "Run": [one.run for one in seen.trials],
            "Reason": [one.why for one in seen.trials],
        }
    )
    st.dataframe(table, hide_index=True, key=f"sweep-trials-{seen.name}")
