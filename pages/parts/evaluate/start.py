"""Starting an evaluation: on which pictures, under which classes, in which views."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from core.datasets.labels import maps_for
from core.domain import Dataset, ModelCard
from core.domain.counted import counted
from core.evaluation.evaluator import EvaluationPlan
from pages.parts.evaluate.cached import KIND
from pages.parts.explore import add_dataset
from pages.parts.explore import cached as explore_cached
from pages.parts.explore.cached import AS_IN_THE_FILES, AS_IN_THE_FILES_TEXT, DatasetView
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, run_panel, session_state
from pages.parts.shell.navigation import EXPLORE_DATA
from pages.parts.shell.theme import plain

_VIEW_WORDS = {"one": "One view", "flip": "With mirror image", "ten-crop": "Ten crops"}
_VIEW_HELP = (
    "Test-time augmentation: the scores of several views of a picture are averaged. Usually a "
    "little better, and that many times slower. The live pages use one view."
)


def draw(card: ModelCard, cards: list[ModelCard]) -> None:
    """Draw the choices; pressing Start begins the run, which the page then follows.

    Args:
        card: of the model to evaluate.
        cards: of all registered models.
    """
    names = [entry.name for entry in explore_cached.datasets()]
    if not names:
        add_dataset.follow()
        st.write("There is no dataset yet. Open one first, or try with synthetic faces.")
        with st.container(horizontal=True, vertical_alignment="center"):
            add_dataset.draw_demo_button()
            st.page_link(EXPLORE_DATA.path, label="Open a dataset", icon=EXPLORE_DATA.icon)
        return
    with error_box.on_error():
        plan = _choose_plan(card, cards, names)
        if plan is not None:
            session_state.evaluation_run.set(run_panel.start_run(KIND, plan.to_json()))
            st.rerun()


def follow() -> None:
    """Show the evaluation that this visitor follows, or any under way, until it is over."""
    if session_state.evaluation_run.get() is None:
        under_way = run_panel.active_run((KIND,))
        session_state.evaluation_run.set(None if under_way is None else under_way.id)
    run_panel.follow(session_state.evaluation_run, {KIND: "Evaluating"}, on_completed=_draw_done)


def _draw_done(result: dict[str, str]) -> None:
    """Open the new evaluation; without any label there are predictions only."""
    if result.get("evaluation"):
        session_state.evaluation_run.set(None)
        session_state.evaluated_model.set(result.get("model"))
        session_state.chosen_evaluation.set(result["evaluation"])
        session_state.evaluate_round.set(session_state.evaluate_round.get() + 1)
        st.rerun()
    path = Path(result.get("predictions", ""))
    st.success(
        "Done. No picture has a label, so there are no metrics: here are the predictions.",
        icon=":material/check_circle:",
    )
    with st.container(horizontal=True):
        if path.is_file():
            st.download_button(
                "Predictions (CSV)",
                path.read_bytes,
                file_name="predictions.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key="evaluate-predictions",
            )
        if st.button("Close", key="evaluate-close"):
            session_state.evaluation_run.set(None)
            st.rerun()


def _choose_plan(
    card: ModelCard, cards: list[ModelCard], names: list[str]
) -> EvaluationPlan | None:
    left, right = st.columns(2, gap="large")
    with left:
        chosen = _choose_pictures(names)
        dataset = explore_cached.dataset(DatasetView(chosen["dataset"]))
    with right:
        classes = _choose_classes(card, dataset)
        views = st.segmented_control(
            "Views",
            list(_VIEW_WORDS),
            default="one",
            required=True,
            format_func=_VIEW_WORDS.__getitem__,
            help=_VIEW_HELP,
            key="evaluate-views",
            wrap=True,
        )
        others = _choose_others(card, cards)
    if not st.button(
        "Start",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not chosen["splits"],
        key="evaluate-start",
    ):
        return None
    if list(chosen["splits"]) == _usual_splits(dataset):
        chosen["splits"] = ()
    return EvaluationPlan(models=(card.name, *others), classes=classes, views=views, **chosen)


def _choose_pictures(names: list[str]) -> dict[str, Any]:
    """The plan's dataset, its splits and its corrections."""
    remembered = session_state.chosen_dataset.get()
    at = names.index(remembered) if remembered in names else 0
    name = st.selectbox("Dataset", names, index=at, key="evaluate-dataset")
    splits = _choose_splits(name, explore_cached.dataset(DatasetView(name)))
    corrections = explore_cached.corrections_of(name)
    corrected = bool(corrections.steps) and st.toggle(
        f"With its {counted(len(corrections.steps), 'correction')}",
        value=False,
        key="evaluate-corrected",
    )
    return {
        "dataset": name,
        "splits": tuple(splits),
        "corrections": corrections.key if corrected else "",
    }


def _usual_splits(dataset: Dataset) -> list[str]:
    """All splits with pictures but the training split."""
    train = dataset.protocol.train if dataset.protocol is not None else ""
    return [name for name, count in dataset.sizes.items() if count and name != train]


def _choose_splits(name: str, dataset: Dataset) -> list[str]:
    sizes = dataset.sizes
    return st.multiselect(
        "Splits",
        [split for split, count in sizes.items() if count],
        default=_usual_splits(dataset),
        format_func=lambda split: f"{split} ({sizes[split]:,})",
        help="Evaluate on pictures that were not used for training. Of a dataset the model has "
        "never seen, any split will do.",
        key=f"evaluate-splits-{name}",
    )


def _choose_classes(card: ModelCard, dataset: Dataset) -> str:
    schemes_dir = shell_cached.settings().schemes_dir
    maps = list(maps_for(schemes_dir, dataset.scheme) | maps_for(schemes_dir, card.scheme))
    return st.selectbox(
        "Classes",
        [AS_IN_THE_FILES, *maps],
        format_func=lambda one: one.capitalize() or AS_IN_THE_FILES_TEXT,
        help=f"{plain(card.name)} predicts {plain(', '.join(card.scheme.labels))}; the pictures "
        f"are labelled {plain(', '.join(dataset.scheme.labels))}. A mapping brings them "
        "together where they differ.",
        key=f"evaluate-classes-{card.name}",
    )


def _choose_others(card: ModelCard, cards: list[ModelCard]) -> list[str]:
    others = [one.name for one in cards if one.name != card.name]
    if not others:
        return []
    return st.multiselect(
        "Ensemble with",
        others,
        placeholder="No other model",
        help="An ensemble predicts the mean of its models' calibrated scores. The evaluation is "
        f"saved with {plain(card.name)}.",
        key=f"evaluate-together-{card.name}",
    )
