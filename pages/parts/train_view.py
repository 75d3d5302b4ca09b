"""One training run on screen: how far, how good, what it says; and all runs in a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core.runs import all_runs, console_tail
from core.vocabulary import EpochEnded, Run, RunStatus
from pages.parts import charts, memory, run_view, shared, train_charts
from pages.parts.clock import when
from pages.parts.theme import duration, percent

KIND = "train"
_LOOK_EVERY_S = 2.0


def runs() -> list[Run]:
    """Every training run, newest first."""
    found = all_runs(shared.settings().runs_dir, now=datetime.now(UTC))
    return [run for run in found if run.kind == KIND]


def show(run_id: str) -> None:
    """Follow one run: progress, figures, curves, log; and what can be done about it."""
    run = run_view.show(run_id, title=f"Training {run_id}")
    if run.status.is_over and run.status is not RunStatus.COMPLETED:
        run_view.draw_end(run, forget=lambda: memory.followed_run.set(None))
    if run.status is RunStatus.COMPLETED and run.finished is not None:
        model = run.finished.result.get("model")
        st.success(f"Done: the model is called {model}.", icon=":material/check_circle:")

    @st.fragment(run_every=None if run.status.is_over else _LOOK_EVERY_S)
    def live() -> None:
        _draw_figures(run_view.look_at(run_id))

    live()
    with st.expander("What it printed"):
        st.code(console_tail(shared.settings().runs_dir, run_id) or "Nothing yet.", language=None)


def _draw_figures(run: Run) -> None:
    if not run.epochs:
        st.caption("Figures appear after the first epoch.")
        return
    last = run.epochs[-1]
    epoch, best, speed, left = st.columns(4)
    epoch.metric("Epoch", f"{last.epoch} of {last.epochs}")
    best.metric("Best on the choosing split", percent(_best(run.epochs)))
    speed.metric("Pictures a second", f"{last.metrics.get('pictures_per_s', 0):,.0f}")
    left.metric("Time left", "none" if run.status.is_over else _time_left(run.epochs))
    st.plotly_chart(
        train_charts.accuracy_curves({"Choosing split": run.epochs}),
        config=charts.CONFIG,
        key=f"accuracy-{run.id}",
    )
    loss, rate = st.columns(2)
    loss.caption("Loss")
    loss.plotly_chart(
        train_charts.loss_curves({"Loss": run.epochs}), config=charts.CONFIG, key=f"loss-{run.id}"
    )
    rate.caption("Learning rate")
    rate.plotly_chart(
        train_charts.rate_curve(run.epochs), config=charts.CONFIG, key=f"rate-{run.id}"
    )


def draw_table(found: Sequence[Run]) -> list[Run]:
    """Every run with its figures; the answer are the chosen ones."""
    table = pd.DataFrame(
        {
            "Run": [run.id for run in found],
            "Began": [when(run.began_at) for run in found],
            "State": [run.status.value for run in found],
            "Epochs": [len(run.epochs) for run in found],
            "Best": [percent(_best(run.epochs)) if run.epochs else "" for run in found],
            "Model": [
                run.finished.result.get("model", "") if run.finished else "" for run in found
            ],
        }
    )
    picked = st.dataframe(
        table, hide_index=True, on_select="rerun", selection_mode="multi-row", key="runs"
    )
    return [found[at] for at in picked.selection.rows if at < len(found)]


def draw_comparison(chosen: Sequence[Run]) -> None:
    """Curves of several runs over each other."""
    curves = {run.id: run.epochs for run in chosen if run.epochs}
    if not curves:
        st.caption("None of these has finished an epoch.")
        return
    st.plotly_chart(train_charts.accuracy_curves(curves), config=charts.CONFIG, key="compare")
    st.plotly_chart(train_charts.loss_curves(curves), config=charts.CONFIG, key="compare-loss")


def _best(epochs: Sequence[EpochEnded]) -> float:
    return max((one.metrics.get("accuracy_chooses", 0.0) for one in epochs), default=0.0)


def _time_left(epochs: Sequence[EpochEnded]) -> str:
    """By the last epochs' pace: later ones see larger pictures."""
    last = epochs[-1]
    seconds = [one.metrics["seconds"] for one in epochs[-3:] if "seconds" in one.metrics]
    if not seconds:
        return "unknown"
    return f"about {duration((last.epochs - last.epoch) * sum(seconds) / len(seconds))}"
