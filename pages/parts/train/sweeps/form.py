"""The form of a new sweep: recipe, dataset, search space and budget become a plan."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.training import RECIPES, Recipe, TrainingPlan
from core.training.inputs import expect_levels
from core.training.monitoring import label_of, measured_recipes
from core.training.recipes import limits_of
from core.training.sweeps import (
    DEFAULT_TRIALS,
    MOST_AT_ONCE,
    MOST_TRIALS,
    PRUNERS,
    DefaultRange,
    SweepPlan,
    default_ranges,
)
from pages.parts.explore.cached import DatasetView
from pages.parts.shell import error_box
from pages.parts.train import cached
from pages.parts.train.new_run import dataset_choice, device
from pages.parts.train.new_run.plan_form import MOST_PICTURES, MOST_SEED, MOST_THREADS
from pages.parts.train.sweeps.charts import in_words

_DEFAULT_RECIPE = "two-block"
_DEFAULT_SEARCH = ("learning_rate", "dropout", "label_smoothing")


def choose_sweep() -> SweepPlan | None:
    """Draw the choices; the plan when Start was pressed, else None.

    Needs a dataset in the catalogue.
    """
    left, right = st.columns(2, gap="large")
    middle = st.container()
    budget = st.columns(3)
    # It stands below, and is read first: it decides what is offered above.
    pictures = _choose_pictures(budget[2])
    with left:
        recipe = _choose_recipe()
    with right:
        view, small_data = _choose_data(recipe, limit=pictures)
    recipe = recipe.changed(small_data)
    with middle:
        search = _choose_ranges(recipe)
    trials, epochs = _choose_budget(recipe, budget[0], budget[1])
    pruner, seed, threads = _choose_settings()
    name, parallel, cluster = _choose_machines()
    plan = None
    with error_box.on_error():
        expect_levels(recipe, cached.scheme_of(view), view.name)
        base = TrainingPlan(
            recipe=recipe.name,
            dataset=view.name,
            corrections=view.corrected,
            classes=view.classes,
            epochs=epochs,
            pictures=pictures,
            seed=seed,
            threads=threads,
            options=small_data,
            cluster=cluster,
        )
        plan = SweepPlan(base, search, trials, name, seed, pruner, parallel)
    if not cluster:
        device.draw()
    return plan if _is_started(can_start=plan is not None) else None


def _is_started(*, can_start: bool) -> bool:
    return st.button(
        "Start the sweep",
        type="primary",
        key="sweep-start",
        icon=":material/play_arrow:",
        disabled=not can_start,
    )


def _choose_recipe() -> Recipe:
    names = list(RECIPES)
    name = st.selectbox(
        "Recipe",
        names,
        index=names.index(_DEFAULT_RECIPE),
        format_func=lambda name: label_of(RECIPES[name], measured_recipes().get(name)),
        key="sweep-recipe",
    )
    st.caption(RECIPES[name].title)
    return RECIPES[name]


def _choose_data(recipe: Recipe, *, limit: int) -> tuple[DatasetView, dict[str, Any]]:
    """The chosen dataset, and options that adapt the recipe if it is small.

    Args:
        limit: train on at most so many pictures; 0: on all.
    """
    dataset = dataset_choice.choose_dataset(key="sweep")
    view = dataset_choice.choose_view(recipe, dataset, key="sweep")
    training = cached.training_pictures(dataset, limit=limit)
    key = f"sweep-few-{recipe.name}-{dataset}"
    return view, dataset_choice.choose_small_data_options(recipe, training, key=key)


def _choose_ranges(recipe: Recipe) -> dict[str, str]:
    default_range = default_ranges(recipe)
    chosen = st.multiselect(
        "Hyperparameters to search",
        list(default_range),
        default=[name for name in _DEFAULT_SEARCH if name in default_range],
        format_func=in_words,
        help="Three or four at most: each further one needs several times as many trials.",
        key=f"sweep-values-{recipe.name}",
    )
    found = {}
    for at, name in enumerate(chosen):
        if at % 2 == 0:
            row = st.columns(2, gap="large")  # a row of two, so that a phone keeps their order
        found[name] = _choose_range(row[at % 2], name, default_range[name], recipe)
    return found


def _choose_range(
    column: DeltaGenerator,
    name: str,
    default_range: DefaultRange,
    recipe: Recipe,
) -> str:
    written = column.text_input(
        in_words(name).capitalize(),
        default_range.range,
        help="low..high, low..high:log (log scale), or one,two,three.",
        key=f"sweep-range-{recipe.name}-{name}",
    )
    column.caption(default_range.why)
    return str(written)


def _choose_pictures(column: DeltaGenerator) -> int:
    return int(
        column.number_input(
            "Pictures (0: all)",
            0,
            MOST_PICTURES,
            0,
            help="Train on a random subset of this size: faster, and less certain.",
            key="sweep-pictures",
        )
    )


def _choose_budget(
    recipe: Recipe, trials: DeltaGenerator, epochs: DeltaGenerator
) -> tuple[int, int]:
    return (
        int(trials.number_input("Trials", 1, MOST_TRIALS, DEFAULT_TRIALS, key="sweep-trials")),
        int(
            epochs.number_input(
                "Epochs per trial",
                1,
                int(limits_of("epochs").most),
                max(1, recipe.epochs // 4),
                help="A quarter of the recipe's epochs is enough to rank values.",
                key=f"sweep-epochs-{recipe.name}-{recipe.epochs}",
            )
        ),
    )


def _choose_settings() -> tuple[str, int, int]:
    pruner, seed, threads = st.columns(3)
    chosen = pruner.selectbox("Pruning of trials", list(PRUNERS), key="sweep-pruner")
    pruner.caption(PRUNERS[chosen])
    return (
        str(chosen),
        int(seed.number_input("Seed", 0, MOST_SEED, 7, key="sweep-seed")),
        int(threads.number_input("Threads per trial", 1, MOST_THREADS, 1, key="sweep-threads")),
    )


def _choose_machines() -> tuple[str, int, str]:
    with st.expander("On several machines"):
        st.markdown(
            "Machines whose Mien uses the same database share a sweep when each starts it under "
            "the same name. Trials can also train on a Ray cluster, several in parallel."
        )
        name, parallel, cluster = st.columns([2, 1, 2])
        return (
            name.text_input("Sweep name", placeholder="name of the run", key="sweep-name").strip(),
            int(parallel.number_input("Parallel trials", 1, MOST_AT_ONCE, 1, key="sweep-parallel")),
            cluster.text_input(
                "Ray cluster", placeholder="ray://host:10001", key="sweep-cluster"
            ).strip(),
        )
