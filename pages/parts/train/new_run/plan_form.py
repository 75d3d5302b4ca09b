"""The form of a new run: recipe, dataset and options become a plan."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.domain import FER7, LabelScheme
from core.domain.counted import counted, tenths
from core.domain.errors import MienError
from core.domain.provenance import changes_text
from core.training import RECIPES, Recipe, TrainingPlan
from core.training.inputs import expect_levels
from core.training.monitoring import label_of, measured_recipes, measured_sentence
from pages.parts.explore import cached as explore_cached
from pages.parts.explore.cached import DatasetView
from pages.parts.shell import error_box
from pages.parts.shell.theme import plain, roughly
from pages.parts.train import cached as train_cached
from pages.parts.train.new_run import dataset_choice, device, initial_weights, recipe_form
from pages.parts.train.run import external_tools, sample_pictures

MOST_PICTURES, MOST_SEED, MOST_THREADS = 10_000_000, 1_000_000, 64
"""What the forms of a training and of a sweep offer at most."""

_DEFAULT_RECIPE = "compact-residual"

_ChosenData = tuple[DatasetView, list[LabelScheme], dict[str, Any]]


def choose_plan() -> TrainingPlan | None:
    """Draw the choices; the plan when Start was pressed, else None.

    Raises:
        PlanError: the choices make no sense together.
    """
    left, right = st.columns(2, gap="large")
    middle, below = st.container(), st.empty()
    # They stand below, and are read first: the number of pictures decides what is offered above.
    with below.container():
        plan_fields = _choose_plan_fields()
    with left:
        recipe = _choose_recipe()
        initial_weights_options = initial_weights.choose_initial_weights(recipe)
    with right:
        chosen = _choose_data(recipe, limit=plan_fields["pictures"])
    with middle:
        _draw_all_recipes()
        if chosen is None:
            below.empty()
            return None
        options = _choose_options(recipe, chosen, initial_weights_options)
    return _draw_start(recipe, chosen[0], options, plan_fields)


def _choose_options(
    recipe: Recipe, chosen: _ChosenData, initial_weights_options: dict[str, Any]
) -> dict[str, Any]:
    """Draw the form of the recipe; what differs from it in this run."""
    view, schemes, small_data = chosen
    # Votes are for FER2013's own classes.
    votes = schemes == [FER7] and not view.classes and train_cached.has_votes(view.name)
    base_options = {**initial_weights_options, **small_data}
    changed = recipe_form.draw_options(recipe.changed(base_options), schemes, has_votes=votes)
    options = {**base_options, **changed}
    if options:
        st.caption(f"Changed for this run: {plain(changes_text(options))}.")
    return options


def _draw_start(
    recipe: Recipe, view: DatasetView, options: dict[str, Any], plan_fields: dict[str, Any]
) -> TrainingPlan | None:
    plan = None
    with error_box.on_error():
        expect_levels(recipe, train_cached.scheme_of(view), view.name)
        plan = TrainingPlan(
            recipe=recipe.name,
            dataset=view.name,
            corrections=view.corrected,
            classes=view.classes,
            options=options,
            **plan_fields,
        )
    if not plan_fields["cluster"]:
        device.draw()
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            "Start",
            type="primary",
            key="train-start",
            icon=":material/play_arrow:",
            disabled=plan is None,
        )
        if plan is not None:
            external_tools.draw_notebook_button(plan, key="train-notebook")
            st.caption(_duration_text(plan))
    if plan is not None:
        with error_box.on_error():
            sample_pictures.draw_preview(plan)
    return plan if pressed else None


def _choose_plan_fields() -> dict[str, Any]:
    """The fields of a plan that are not in its recipe."""
    name, pictures, seed, threads = st.columns([4, 2, 2, 2])
    fields = {
        "name": name.text_input(
            "Model name", placeholder="recipe and run", key="train-name"
        ).strip(),
        "pictures": _whole(
            pictures,
            "Pictures (0: all)",
            (0, MOST_PICTURES, 0),
            "Train on a random subset of this size, for a quick test.",
        ),
        "seed": _whole(
            seed,
            "Seed",
            (0, MOST_SEED, 7),
            "Random seed: sets the initial weights and the order of pictures.",
        ),
        "threads": _whole(
            threads,
            "Threads",
            (1, MOST_THREADS, 1),
            "CPU threads. One leaves the other cores free, for example for the camera.",
        ),
    }
    with st.expander("Train on another machine"):
        cluster = st.text_input(
            "Ray cluster",
            placeholder="ray://host:10001",
            help="Address of a cluster with the same Python version and packages. The run is "
            "followed, cancelled and resumed here as usual. Empty: train on this machine.",
            key="train-cluster",
            width=320,
        )
    return {**fields, "cluster": cluster.strip()}


def _whole(column: DeltaGenerator, title: str, limits: tuple[int, int, int], why: str) -> int:
    """A number input for whole numbers; limits are minimum, maximum and default."""
    key = f"train-{title.split()[0].lower()}"
    return int(column.number_input(title, *limits, help=why, key=key))


def _duration_text(plan: TrainingPlan) -> str:
    """Estimated duration, from an earlier run of the recipe; empty if it cannot be estimated."""
    try:
        found = train_cached.estimate(plan)
    except MienError:  # it is already shown at the choice of the dataset
        return ""
    if found is None:
        return "Duration unknown: no comparable run of this recipe has been long enough here."
    seconds, run_id = found
    ends_early = plan.chosen_recipe.stops_after or plan.chosen_recipe.target_accuracy
    at_most = " at most" if ends_early else ""
    return f"About {roughly(seconds)}{at_most}, at the speed of {run_id}."


def _choose_recipe() -> Recipe:
    name = st.selectbox(
        "Recipe",
        list(RECIPES),
        index=list(RECIPES).index(_DEFAULT_RECIPE),
        format_func=lambda name: label_of(RECIPES[name], measured_recipes().get(name)),
        help="Each entry: accuracy on FER2013's PrivateTest, training minutes on one CPU thread, "
        "millions of weights, as measured (docs/recipes.md), and the network.",
        key="recipe",
    )
    _describe(RECIPES[name])
    return RECIPES[name]


def _draw_all_recipes() -> None:
    with st.expander("All recipes"):
        st.dataframe(
            pd.DataFrame(
                {
                    "Recipe": list(RECIPES),
                    "Accuracy": [_measured_accuracy(name) for name in RECIPES],
                    "Network": [recipe.title for recipe in RECIPES.values()],
                    "Good for": [recipe.good_for for recipe in RECIPES.values()],
                    "Reported by its authors": [recipe.reported for recipe in RECIPES.values()],
                    "Source": [recipe.comes_from for recipe in RECIPES.values()],
                }
            ),
            hide_index=True,
            height=35 * (len(RECIPES) + 1) + 3,
        )


def _measured_accuracy(name: str) -> str:
    """Measured accuracy of a recipe, or that there is none."""
    found = measured_recipes().get(name)
    return "not measured" if found is None else tenths(found.figures.accuracy.value)


def _describe(recipe: Recipe) -> None:
    reported = f" Reported by its authors: {recipe.reported}." if recipe.reported else ""
    sizes = " then ".join(str(size_px) for size_px, _ in recipe.sizes_px)
    st.markdown(f"**{recipe.title}.** {recipe.good_for}")
    st.caption(measured_sentence(recipe, measured_recipes().get(recipe.name)))
    st.caption(
        f"{recipe.name}. Source: {recipe.comes_from}.{reported} "
        f"At most {counted(recipe.epochs, 'epoch')}, input size {sizes} px, "
        f"batch size {recipe.batch_size}."
    )
    if state := train_cached.pretrained(recipe.network):
        st.caption(state)


def _choose_data(recipe: Recipe, *, limit: int) -> _ChosenData | None:
    """The chosen dataset, its classes (see `_choose_view`), and options for a small dataset.

    None if the dataset cannot be used.

    Args:
        limit: train on at most so many pictures; 0: on all.
    """
    dataset = dataset_choice.choose_dataset(key="train")
    with error_box.on_error():
        found = explore_cached.dataset(DatasetView(dataset))
        sizes = found.sizes
        protocol = found.required_protocol
        st.markdown(
            f"Training split: {counted(sizes[protocol.train], 'picture')}. "
            f"Validation split: {sizes[protocol.validation]:,}, to select the epoch. "
            f"Test split: {sizes[protocol.test]:,}, for the final test."
        )
        small_data = dataset_choice.choose_small_data_options(
            recipe,
            train_cached.training_pictures(dataset, limit=limit),
            key=f"train-few-{recipe.name}-{dataset}",
        )
        return *_choose_view(recipe, dataset), small_data
    return None


def _choose_view(recipe: Recipe, dataset: str) -> tuple[DatasetView, list[LabelScheme]]:
    """The dataset with its mapping; the mapped classes, and those before the mapping, if any."""
    view = dataset_choice.choose_view(recipe, dataset, key="train")
    schemes = [train_cached.scheme_of(view), train_cached.scheme_of(DatasetView(dataset))]
    return view, schemes if view.classes else schemes[:1]
