"""What to train, on what, and how: choices that become a plan."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.domain import FER7, LabelScheme
from core.domain.counted import counted
from core.domain.errors import MienError
from core.domain.provenance import changes_in_words
from core.training import RECIPES, Recipe, TrainingPlan
from core.training.inputs import expect_levels
from core.training.monitoring import label_of, measured_recipes, measured_words
from pages.parts.explore import cached as explore_cached
from pages.parts.explore.cached import View
from pages.parts.shell import error_box
from pages.parts.shell.theme import exactly, roughly
from pages.parts.train import cached as train_cached
from pages.parts.train.new_run import dataset_choice, device, initial_weights, recipe_options
from pages.parts.train.run import external_tools, sample_pictures

_USUAL = "compact-residual"


def choose_plan() -> TrainingPlan | None:
    """Draw the choices; the plan when Start was pressed, else None.

    Raises:
        PlanError: the choices make no sense together.
    """
    left, right = st.columns(2, gap="large")
    with left:
        recipe = _choose_recipe()
        begins = initial_weights.choose_beginning(recipe)
    with right:
        chosen = _choose_data(recipe)
    _draw_all_recipes()
    if chosen is None:
        return None
    view, schemes, fit = chosen
    # Votes are of FER2013's own classes.
    votes = schemes == [FER7] and not view.classes and train_cached.has_votes(view.name)
    before = {**begins, **fit}
    changed = recipe_options.draw_options(recipe.changed(before), schemes, has_votes=votes)
    options = {**before, **changed}
    if options:
        st.caption(f"Changed for this run: {changes_in_words(options)}.")
    return _draw_start(recipe, view, options)


def _draw_start(recipe: Recipe, view: View, options: dict[str, Any]) -> TrainingPlan | None:
    asked = _choose_rest()
    plan = None
    with error_box.on_error():
        expect_levels(recipe, train_cached.scheme_of(view), view.name)
        plan = TrainingPlan(
            recipe=recipe.name,
            dataset=view.name,
            corrections=view.corrected,
            classes=view.classes,
            options=options,
            **asked,
        )
    if not asked["cluster"]:
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
            st.caption(_time_it_takes(plan))
    if plan is not None:
        with error_box.on_error():
            sample_pictures.draw_preview(plan)
    return plan if pressed else None


def _choose_rest() -> dict[str, Any]:
    """What a plan says that no recipe does."""
    name, pictures, seed, threads = st.columns([4, 2, 2, 2])
    rest = {
        "name": name.text_input(
            "Name of the model", placeholder="made of the recipe and the run", key="train-name"
        ).strip(),
        "pictures": _whole(
            pictures,
            "Pictures (0: all)",
            (0, 10_000_000, 0),
            "Learn from so many only, for a quick look.",
        ),
        "seed": _whole(seed, "Seed", (0, 1_000_000, 7), "Same seed, same order."),
        "threads": _whole(
            threads,
            "Threads",
            (1, 64, 1),
            "One leaves the other cores to the camera and to others.",
        ),
    }
    with st.expander("Train on another machine"):
        cluster = st.text_input(
            "Ray cluster",
            placeholder="ray://host:10001",
            help="Address of a cluster that has the same Python and requirements. The run is "
            "followed, cancelled and resumed here as usual. Empty: trains here.",
            key="train-cluster",
            width=320,
        )
    return {**rest, "cluster": cluster.strip()}


def _whole(column: DeltaGenerator, title: str, limits: tuple[int, int, int], why: str) -> int:
    """A whole number: least, most, and what it is at first."""
    key = f"train-{title.split()[0].lower()}"
    return int(column.number_input(title, *limits, help=why, key=key))


def _time_it_takes(plan: TrainingPlan) -> str:
    """By an earlier run of the recipe, in words; empty while nothing is known."""
    try:
        found = train_cached.estimate(plan)
    except MienError:  # the dataset was named beside its own choice already
        return ""
    if found is None:
        return (
            "How long it takes is not known: no run of this recipe with such batches was long "
            "enough here."
        )
    seconds, run_id = found
    ends_early = plan.chosen_recipe.stops_after or plan.chosen_recipe.target_accuracy
    at_most = " at most" if ends_early else ""
    return f"About {roughly(seconds)}{at_most}, by the pace of {run_id}."


def _choose_recipe() -> Recipe:
    name = st.selectbox(
        "Recipe",
        list(RECIPES),
        index=list(RECIPES).index(_USUAL),
        format_func=lambda name: label_of(RECIPES[name], measured_recipes().get(name)),
        help="Each line: accuracy on FER2013's PrivateTest, minutes of one processor thread, "
        "million weights, as measured (docs/recipes.md), and the network.",
        key="recipe",
    )
    _describe(RECIPES[name])
    return RECIPES[name]


def _draw_all_recipes() -> None:
    with st.expander("What each recipe is for"):
        st.dataframe(
            pd.DataFrame(
                {
                    "Recipe": list(RECIPES),
                    "Accuracy": [_reached(name) for name in RECIPES],
                    "Network": [recipe.title for recipe in RECIPES.values()],
                    "Good for": [recipe.good_for for recipe in RECIPES.values()],
                    "Its authors report": [recipe.reported for recipe in RECIPES.values()],
                    "From": [recipe.comes_from for recipe in RECIPES.values()],
                }
            ),
            hide_index=True,
            height=35 * (len(RECIPES) + 1) + 3,
        )


def _reached(name: str) -> str:
    """Accuracy as measured, or that it was not."""
    found = measured_recipes().get(name)
    return "not measured" if found is None else exactly(found.figures.accuracy.value)


def _describe(recipe: Recipe) -> None:
    reported = f" Its authors report {recipe.reported}." if recipe.reported else ""
    sizes = " then ".join(str(size_px) for size_px, _ in recipe.sizes_px)
    st.markdown(f"**{recipe.title}.** {recipe.good_for}")
    st.caption(measured_words(recipe, measured_recipes().get(recipe.name)))
    st.caption(
        f"{recipe.name}, from: {recipe.comes_from}.{reported} "
        f"{counted(recipe.epochs, 'epoch')} at most, pictures of {sizes} px, "
        f"{recipe.batch_size} at a time."
    )
    if state := train_cached.pretrained(recipe.network):
        st.caption(state)


def _choose_data(recipe: Recipe) -> tuple[View, list[LabelScheme], dict[str, Any]] | None:
    """A dataset as it is to be looked at, its classes as `_choose_view` has them, and options.

    The options fit the recipe to few pictures. None where the dataset cannot be used.
    """
    dataset = dataset_choice.choose_dataset(key="train")
    with error_box.on_error():
        found = explore_cached.dataset(View(dataset))
        sizes = found.sizes
        protocol = found.divided
        st.markdown(
            f"{counted(sizes[protocol.learns], 'picture')} to train on, "
            f"{sizes[protocol.chooses]:,} to validate (they choose the epoch), "
            f"{sizes[protocol.judges]:,} for the final test."
        )
        fit = dataset_choice.choose_fit(
            recipe, sizes[protocol.learns], key=f"train-few-{recipe.name}-{dataset}"
        )
        return *_choose_view(recipe, dataset), fit
    return None


def _choose_view(recipe: Recipe, dataset: str) -> tuple[View, list[LabelScheme]]:
    """How it is to be looked at; its classes then, and before where a mapping changes them."""
    view = dataset_choice.choose_view(recipe, dataset, key="train")
    schemes = [train_cached.scheme_of(view), train_cached.scheme_of(View(dataset))]
    return view, schemes if view.classes else schemes[:1]
