"""Changing a recipe for one run: every number it has, in groups, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.domain import LabelScheme
from core.training import Recipe
from core.training.recipes import Balance, Loss, Optimiser, Schedule, TeachersSee, to_plain
from pages.parts.shell import cached, theme

_GROUPS = ("Learning", "Regularisation", "Augmentation", "Sizes", "Teachers and votes")


@dataclass(frozen=True)
class Choice:
    """One entry of a recipe as it is asked for.

    Attributes:
        name: of the entry.
        title: on screen.
        why: one line on what it does.
        least, most: of a number; the number's type is theirs.
        written: how a number is printed.
        words: the kinds there are, where it is no number.
    """

    name: str
    title: str
    why: str
    least: float = 0.0
    most: float = 1.0
    written: str = "%.2f"
    words: Any = None


_LEARNING = (
    Choice("epochs", "Epochs", "Passes over the training pictures, at most.", 1, 5000),
    Choice("batch_size", "Batch size", "More is steadier and learns less a pass.", 1, 4096),
    Choice(
        "learning_rate",
        "Learning rate",
        "The largest step; ten times too much and the loss breaks away.",
        1e-6,
        1.0,
        "%.6f",
    ),
    Choice("optimiser", "Optimiser", "How weights follow the gradient.", words=Optimiser),
    Choice("schedule", "Schedule", "How the rate goes over the run.", words=Schedule),
    Choice("warm_up", "Warm-up", "Share of the steps in which the rate rises.", 0.0, 0.9),
    Choice(
        "patience",
        "Patience",
        "Epochs without a better one before the rate falls; for the schedule plateau only.",
        1,
        1000,
    ),
    Choice(
        "stops_after",
        "Stop early after",
        "Epochs without a better one before training ends. 0: never.",
        0,
        5000,
    ),
    Choice(
        "target_accuracy",
        "Target accuracy",
        "Training ends when the validation split reaches it, as a fraction. 0: never.",
        0.0,
        1.0,
        "%.3f",
    ),
)
_REGULARISATION = (
    Choice(
        "weight_decay", "Weight decay", "Pulls weights towards 0; not with Adam.", 0.0, 1.0, "%.4f"
    ),
    Choice("dropout", "Dropout", "Share of the last features that are hidden.", 0.0, 0.95),
    Choice(
        "label_smoothing",
        "Label smoothing",
        "Share of each label given to all classes: about a third of FER2013's are disputed.",
        0.0,
        0.9,
    ),
    Choice(
        "ema",
        "Weight average",
        "Momentum of the moving average that is shipped. 0: none.",
        0.0,
        0.9999,
        "%.4f",
    ),
    Choice("balance", "Unequal classes", "What is done about small classes.", words=Balance),
    Choice("loss", "Loss", "Focal: sure pictures count less.", words=Loss),
)
_FINE_TUNING = (
    Choice(
        "frozen",
        "Frozen at first",
        "Share of the epochs in which only the new layers learn; with weights learned elsewhere.",
    ),
    Choice(
        "tuning_rate",
        "Rate afterwards",
        "Share of the learning rate at which all layers learn then.",
        0.0001,
        1.0,
        "%.4f",
    ),
)
_CHANGES = (
    Choice("flip", "Mirror", "Chance of being mirrored.", 0.0, 1.0),
    Choice("rotation_deg", "Rotation (degrees)", "The largest rotation.", 0.0, 45.0, "%.0f"),
    Choice("scale", "Zoom", "The largest relative zoom.", 0.0, 0.9),
    Choice("shift", "Shift", "The largest shift, as a share of the side.", 0.0, 1.0),
    Choice("brightness", "Brightness", "The largest change of brightness.", 0.0, 1.0),
    Choice("contrast", "Contrast", "The largest change of contrast.", 0.0, 1.0),
    Choice("erasing", "Random erasing", "Chance that a rectangle is blotted out.", 0.0, 1.0),
    Choice("blur", "Blur", "The largest share of a picture seen out of focus.", 0.0, 1.0),
    Choice(
        "noise", "Noise", "The largest noise of a camera, as a share of white: dim rooms.", 0.0, 1.0
    ),
    Choice("mixup_share", "Mixup", "Share of batches whose pictures are mixed.", 0.0, 1.0),
    Choice("mixup_alpha", "Mixup strength", "How evenly two are mixed.", 0.0, 0.9),
)


def draw_options(
    recipe: Recipe, schemes: Sequence[LabelScheme], *, has_votes: bool
) -> dict[str, Any]:
    """The values that differ from the recipe's own, as `TrainingPlan.options` takes them.

    Args:
        schemes: of which teachers have to have one: the classes that are learned, and those that a
            mapping makes them of.
        has_votes: whether FER+'s votes lie beside the pictures.
    """
    plain = to_plain(recipe)
    found: dict[str, Any] = {}
    with st.expander("Change the recipe for this run"):
        learning, regular, changes, sizes, teachers = st.tabs(_GROUPS)
        with learning:
            found |= _draw_choices(recipe, _LEARNING, plain)
        with regular:
            found |= _draw_choices(recipe, _REGULARISATION, plain)
            if recipe.frozen:
                found |= _draw_choices(recipe, _FINE_TUNING, plain)
        with changes:
            changed = _draw_choices(recipe, _CHANGES, plain["augmentation"])
        with sizes:
            found |= _draw_sizes(recipe)
        with teachers:
            found |= _draw_teachers(recipe, plain, schemes)
            found |= _draw_votes(recipe, has_votes=has_votes)
    return {**found, **({"augmentation": changed} if changed else {})}


def _draw_choices(
    recipe: Recipe, choices: Sequence[Choice], plain: Mapping[str, Any]
) -> dict[str, Any]:
    """Three columns of entries; the answer are those that differ from the recipe's."""
    found = {}
    for row in range(0, len(choices), 3):
        for column, choice in zip(st.columns(3), choices[row : row + 3], strict=False):
            with column:
                now = plain[choice.name]
                # The value in the key: where it is another one, the box has to begin with that.
                value = _ask(choice, now, f"option-{recipe.name}-{choice.name}-{now}")
            if value != now:
                found[choice.name] = value
    return found


def _ask(choice: Choice, now: Any, key: str) -> Any:
    if choice.words is not None:
        words = [one.value for one in choice.words]
        at = words.index(now)
        return st.selectbox(choice.title, words, index=at, help=choice.why, key=key)
    if isinstance(choice.most, int):
        return int(
            st.number_input(
                choice.title, int(choice.least), choice.most, int(now), help=choice.why, key=key
            )
        )
    step = 10.0 ** -int(choice.written[2:-1])
    return st.number_input(
        choice.title,
        float(choice.least),
        choice.most,
        float(now),
        step=step,
        format=choice.written,
        help=choice.why,
        key=key,
    )


def _draw_sizes(recipe: Recipe) -> dict[str, Any]:
    begins, ends = recipe.sizes_px[0][0], recipe.final_size_px
    grows = len(recipe.sizes_px) > 1
    first, second, _ = st.columns(3)
    with second:
        last = Choice("ends", "Side at the end (px)", "What the finished model sees.", 16, 256)
        ends_px = _ask(last, ends, f"option-{recipe.name}-ends")
    with first:
        start = Choice(
            "begins",
            "Side at the beginning (px)",
            "Small pictures teach the coarse shape at less than half the price.",
            16,
            256,
        )
        begins_px = _ask(start, begins, f"option-{recipe.name}-begins") if grows else ends_px
    if not grows:
        st.caption("This recipe keeps one size throughout.")
    if (begins_px, ends_px) == (begins, ends):
        return {}
    if begins_px >= ends_px:
        return {"sizes_px": [[ends_px, 1.0]]}
    # As the shipped model's recipe does it: over a third each, and the end sees them whole.
    middle_px = round((begins_px + ends_px) / 16) * 8
    return {"sizes_px": [[begins_px, 0.35], [middle_px, 0.35], [ends_px, 0.30]]}


def _draw_teachers(
    recipe: Recipe, plain: Mapping[str, Any], schemes: Sequence[LabelScheme]
) -> dict[str, Any]:
    fitting = [card.name for card in cached.cards() if card.scheme in schemes]
    missing = [name for name in recipe.teachers if name not in fitting]
    if missing:
        st.caption(f"Its teachers are not on the shelf here: {theme.plain(', '.join(missing))}.")
    chosen = st.multiselect(
        "Teachers",
        fitting,
        default=[name for name in recipe.teachers if name in fitting],
        help="Saved models with these classes; their answers are learned beside the labels.",
        placeholder="None" if fitting else "No saved model has these classes",
        key=f"option-{recipe.name}-teachers-{schemes[0].name}",
    )
    found: dict[str, Any] = {}
    if chosen != list(recipe.teachers):
        found["teachers"] = chosen
    if chosen:
        found |= _draw_choices(recipe, _TEACHING, plain)
    return found


_TEACHING = (
    Choice("teaching", "Teachers' share", "Of each label, replaced by their mean answer."),
    Choice(
        "teaching_temperature",
        "Temperature",
        "Above 1: their second thoughts count more (Hinton et al. 2015).",
        0.1,
        20.0,
        "%.1f",
    ),
    Choice(
        "teachers_see",
        "Teachers see",
        "Changed: each picture as changed this time, which costs their time on every picture.",
        words=TeachersSee,
    ),
)


def _draw_votes(recipe: Recipe, *, has_votes: bool) -> dict[str, Any]:
    if not has_votes:
        st.caption("There are no FER+ votes for these pictures and classes.")
        return {"votes": 0.0} if recipe.votes else {}
    choice = Choice(
        "votes",
        "Share of FER+'s votes",
        "Of each label, replaced by how ten people voted (Barsoum et al. 2016).",
    )
    return _draw_choices(recipe, (choice,), {"votes": recipe.votes})
