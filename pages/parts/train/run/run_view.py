"""One training run on screen: progress, metrics, speed, log and result."""

from __future__ import annotations

from contextlib import suppress

import plotly.graph_objects as go
import streamlit as st

from core.domain import Run, RunStatus
from core.domain.counted import tenths
from core.domain.errors import MienError
from core.jobs import console_tail
from core.training import TrainingPlan
from core.training.monitoring import best_accuracy, remaining_s
from pages.parts.explore import cached as explore_cached
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import charts as shell_charts
from pages.parts.shell import error_box, fragments, run_panel, session_state
from pages.parts.shell.theme import duration, plain, roughly
from pages.parts.train import cached as train_cached
from pages.parts.train.run import charts as run_charts
from pages.parts.train.run import external_tools, queue_panel, result, sample_pictures

_POLL_INTERVAL_S = 2.0
_LOG_MESSAGES = 12
_CONSOLE_LINES = 20
_METRIC_CHARTS = ("**Accuracy** by epoch", "**Loss** by epoch")
_CURVES_CAPTION = (
    "Training is measured on a sample of the training split without augmentation, as validation "
    "is. Where training keeps improving and validation does not, the network overfits."
)
_RESOURCE_CHARTS = (
    "**Learning rate** by epoch",
    "**CPU cores** in use, by minute",
    "**Memory** by minute",
)


def show(run_id: str) -> None:
    """Follow one run; when it ends, the whole page is rerun.

    Raises:
        UnknownRun: it was deleted.
    """
    run = run_panel.current_run(run_id)
    if run.status.is_over:
        _draw_outcome(run)

    @fragments.fragment(run_every=None if run.status.is_over else _POLL_INTERVAL_S)
    @error_box.on_error()
    def live() -> None:
        with error_box.on_error():
            latest = run_panel.current_run(run_id)
            if latest.status.is_over and not run.status.is_over:
                st.rerun()
            if not latest.status.is_over:
                queue_panel.draw(latest)
            _draw(latest)
            if latest.status.is_over:
                queue_panel.draw(latest)

    live()
    with st.container(horizontal=True, vertical_alignment="center"):
        _draw_exports(run)


def _draw_exports(run: Run) -> None:
    """Buttons for a notebook, if the dataset is available, and for TensorBoard."""
    with suppress(MienError):
        plan = TrainingPlan.from_json(shell_cached.plan_of(run.id))
        if plan.data or plan.dataset in [one.name for one in explore_cached.datasets()]:
            external_tools.draw_notebook_button(plan, key=f"notebook-{run.id}")
    external_tools.draw_tensorboard_button()


def _draw(run: Run) -> None:
    plan = shell_cached.plan_of(run.id)
    if not run.status.is_over:
        with st.container(border=True):
            st.markdown(
                f"**{plain(run.id)}**: {plain(str(plan.get('recipe')))} on {_data_of(plan)}"
            )
            st.progress(run.progress.fraction, text=plain(run.progress.sentence))
            run_panel.draw_stop(run)
    _draw_figures(run)
    _draw_charts(run)
    _draw_samples(run)
    _draw_log(run)


def _draw_outcome(run: Run) -> None:
    if run.status is RunStatus.COMPLETED:
        result.draw(run)
        return
    plan = shell_cached.plan_of(run.id)
    name = plan.get("dataset")
    if name and name not in [one.name for one in explore_cached.datasets()]:
        st.warning(
            f"The dataset {plain(str(name))} is missing. Open it again under the same name in "
            "Explore data, then resume the run."
        )
    st.markdown(f"**{plain(run.id)}**: {plain(str(plan.get('recipe')))} on {_data_of(plan)}")
    run_panel.draw_end(run, forget=lambda: session_state.followed_run.set(None))


def _data_of(plan: dict[str, object]) -> str:
    return plain(str(plan.get("dataset") or plan.get("data") or "an unknown dataset"))


def _draw_figures(run: Run) -> None:
    if not run.epochs:
        if not run.status.is_over:
            st.caption(
                "Metrics appear after the first epoch."
                if run.batch is None
                else "The first epoch is under way. Metrics appear when it ends."
            )
        return
    last, best = run.epochs[-1], best_accuracy(run.epochs)
    # In a line that wraps: no figure is cut off, however wide the window is.
    with st.container(horizontal=True, gap="medium"):
        st.metric("Epoch", f"{last.epoch:,} of {last.epochs:,}", width="content")
        st.metric(
            "Best validation accuracy",
            "" if best is None else tenths(best),
            help="The validation split selects the epoch.",
            width="content",
        )
        speed, rate = (last.metrics.get(one, 0) for one in ("pictures_per_s", "learning_rate"))
        st.metric("Pictures/s", f"{speed:,.0f}", width="content")
        st.metric("Learning rate", f"{rate:.2g}", width="content")
        if run.status.is_over:
            spent = sum(one.metrics.get("seconds", 0) for one in run.epochs)
            st.metric("Training time", duration(spent), width="content")
        else:
            st.metric("Time left", _time_left(run), width="content")


def _time_left(run: Run) -> str:
    recipe = train_cached.recipe_of(run.id)
    seconds = None if recipe is None else remaining_s(recipe, run.epochs, run.batch)
    return "unknown" if seconds is None else roughly(seconds)


def _draw_charts(run: Run) -> None:
    if not run.epochs and run.batch is None:
        return
    figures = train_cached.figures_of(run, _figures)
    for titles in (_METRIC_CHARTS, _RESOURCE_CHARTS):
        row = [title for title in titles if title in figures]
        for column, title in zip(st.columns(len(titles), gap="medium"), row, strict=False):
            column.markdown(title)
            column.plotly_chart(
                shell_charts.escape_figure(figures[title]),
                config=shell_charts.CONFIG,
                key=f"{title}-{run.id}",
            )
        if titles is _METRIC_CHARTS and run.epochs:
            st.caption(_CURVES_CAPTION)


def _figures(run: Run) -> dict[str, go.Figure]:
    """Title -> figure; without those that have nothing to show yet."""
    figures = (
        run_charts.run_accuracy(run),
        run_charts.run_loss(run),
        run_charts.rate_curve(run.epochs),
    )
    found = dict(zip((*_METRIC_CHARTS, _RESOURCE_CHARTS[0]), figures, strict=True))
    if run.resources:
        found[_RESOURCE_CHARTS[1]] = run_charts.cores_curve(run.resources)
        found[_RESOURCE_CHARTS[2]] = run_charts.memory_curve(run.resources)
    return {title: figure for title, figure in found.items() if run_charts.has_points(figure)}


def _draw_samples(run: Run) -> None:
    if run.samples is None:
        return
    st.markdown("**Sample pictures**")
    try:
        sample_pictures.draw_samples(run)
    except MienError as error:
        st.caption(f"Not available: {plain(error.message)}")


def _draw_log(run: Run) -> None:
    with st.expander("Log"):
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in run.messages[-_LOG_MESSAGES:]))
        st.caption("Last lines of the console output")
        tail = console_tail(shell_cached.settings().runs_dir, run.id, lines=_CONSOLE_LINES)
        st.code(tail or "No output yet.", language=None)
