"""What to train, on what, and how: choices that become a plan."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.training import RECIPES, Recipe, TrainingPlan
from core.training.recipes import Balance, Loss, Optimiser, Schedule, to_plain
from pages.parts import memory, shared_data
from pages.parts.shared_data import View

_AS_IN_FILES = "As in the files"


def choose_plan() -> TrainingPlan | None:
    """Draw the choices; the plan when Start was pressed, else None.

    Raises:
        PlanError: the choices make no sense together.
    """
    left, right = st.columns(2)
    with left:
        recipe = _choose_recipe()
    with right:
        dataset, classes, corrections = _choose_data(recipe)
    options = _draw_options(recipe)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name of the model", placeholder="made up", key="train-name")
        seed = st.number_input("Seed", 0, 1_000_000, 7, key="train-seed")
        threads = st.number_input("Threads", 1, 64, 1, key="train-threads")
        if not st.button("Start", type="primary", key="train-start", icon=":material/play_arrow:"):
            return None
    return TrainingPlan(
        recipe=recipe.name,
        dataset=dataset,
        corrections=corrections,
        classes=classes,
        name=name.strip(),
        seed=int(seed),
        threads=int(threads),
        options=options,
    )


def _choose_recipe() -> Recipe:
    name = st.selectbox(
        "Recipe",
        list(RECIPES),
        index=list(RECIPES).index("compact-residual"),
        format_func=lambda name: f"{name}: {RECIPES[name].title}",
        key="recipe",
    )
    _describe(RECIPES[name])
    return RECIPES[name]


def _choose_data(recipe: Recipe) -> tuple[str, str, str]:
    """Name of a dataset, of a mapping of its classes, and key of its corrections."""
    names = [entry.name for entry in shared_data.datasets()]
    remembered = memory.chosen_dataset.get()
    at = names.index(remembered) if remembered in names else 0
    dataset = st.selectbox("Dataset", names, index=at, key="train-dataset")
    maps = [_AS_IN_FILES, *shared_data.maps_of(View(dataset))]
    meant = maps.index(recipe.classes) if recipe.classes in maps else 0
    classes = st.selectbox("Classes", maps, index=meant, key=f"train-classes-{recipe.name}")
    corrections = shared_data.corrections_of(dataset)
    corrected = bool(corrections.steps) and st.toggle(
        f"With its {len(corrections.steps)} corrections", value=True, key="train-corrected"
    )
    return dataset, "" if classes == _AS_IN_FILES else classes, corrections.key * corrected


def _describe(recipe: Recipe) -> None:
    reported = f" Its authors report {recipe.reported}." if recipe.reported else ""
    sizes = " then ".join(str(size_px) for size_px, _ in recipe.sizes_px)
    st.caption(
        f"From {recipe.comes_from}.{reported} {recipe.epochs} epochs at most, pictures of {sizes} "
        f"px, {recipe.batch_size} at a time."
    )


def _draw_options(recipe: Recipe) -> dict[str, Any]:
    """The values that differ from the recipe's own."""
    plain = to_plain(recipe)
    with st.expander("Change the recipe for this run"):
        one, two, three = st.columns(3)
        key = f"option-{recipe.name}"
        chosen: dict[str, Any] = {
            "epochs": int(one.number_input("Epochs", 1, 5000, plain["epochs"], key=f"{key}-e")),
            "batch_size": int(
                two.number_input("Pictures a step", 1, 4096, plain["batch_size"], key=f"{key}-b")
            ),
            "learning_rate": three.number_input(
                "Learning rate", 1e-6, 1.0, plain["learning_rate"], format="%.6f", key=f"{key}-l"
            ),
            "optimiser": _words(one, "Optimiser", Optimiser, plain["optimiser"], f"{key}-o"),
            "schedule": _words(two, "Schedule", Schedule, plain["schedule"], f"{key}-s"),
            "stops_after": int(
                three.number_input(
                    "Stop after epochs without gain (0: never)",
                    0,
                    5000,
                    plain["stops_after"],
                    key=f"{key}-p",
                )
            ),
            "balance": _words(one, "Unequal classes", Balance, plain["balance"], f"{key}-w"),
            "loss": _words(two, "Loss", Loss, plain["loss"], f"{key}-f"),
            "label_smoothing": three.slider(
                "Label smoothing", 0.0, 0.5, plain["label_smoothing"], key=f"{key}-m"
            ),
            "ema": one.number_input(
                "Weight average (0: none)", 0.0, 0.9999, plain["ema"], format="%.4f", key=f"{key}-a"
            ),
            "dropout": two.slider("Dropout", 0.0, 0.9, plain["dropout"], key=f"{key}-d"),
        }
        changes = _draw_augmentation(plain["augmentation"], key)
    different = {name: value for name, value in chosen.items() if value != plain[name]}
    return {**different, **({"augmentation": changes} if changes else {})}


def _words(column: Any, title: str, kind: Any, now: str, key: str) -> str:
    words = [one.value for one in kind]
    return str(column.selectbox(title, words, index=words.index(now), key=key))


def _draw_augmentation(now: dict[str, float], key: str) -> dict[str, float]:
    st.markdown("**Random changes of each picture**")
    columns = st.columns(3)
    found = {}
    for at, (name, value) in enumerate(now.items()):
        most = 45.0 if name == "rotation_deg" else 1.0 if name not in {"scale"} else 0.9
        title = name.replace("_deg", " (degrees)").replace("_", " ").capitalize()
        found[name] = columns[at % 3].slider(title, 0.0, most, float(value), key=f"{key}-{name}")
    return {name: value for name, value in found.items() if value != now[name]}
