"""The fields of a recipe as a form asks for them: title, help, limits, in groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.training.recipes import Balance, Loss, Optimiser, Schedule, TeachersSee


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


LEARNING = (
    Choice("epochs", "Epochs", "Maximum number of passes over the training split.", 1, 5000),
    Choice(
        "batch_size",
        "Batch size",
        "Pictures per step. Larger: steadier gradients, fewer steps per epoch.",
        1,
        4096,
    ),
    Choice(
        "learning_rate",
        "Learning rate",
        "Peak of the schedule. Ten times too high, and the loss diverges.",
        1e-6,
        1.0,
        "%.6f",
    ),
    Choice("optimiser", "Optimiser", "Update rule of the weights.", words=Optimiser),
    Choice("schedule", "Schedule", "How the learning rate changes over the run.", words=Schedule),
    Choice(
        "warm_up",
        "Warm-up",
        "Share of the steps in which the learning rate rises to its peak.",
        0.0,
        0.9,
    ),
    Choice(
        "patience",
        "Patience",
        "Epochs without better validation accuracy before the learning rate is reduced; for the "
        "schedule plateau only.",
        1,
        1000,
    ),
    Choice(
        "stops_after",
        "Early stopping (epochs)",
        "Epochs without better validation accuracy before training stops. 0: off.",
        0,
        5000,
    ),
    Choice(
        "target_accuracy",
        "Target accuracy",
        "Training stops when validation accuracy reaches this fraction. 0: off.",
        0.0,
        1.0,
        "%.3f",
    ),
)
REGULARISATION = (
    Choice(
        "weight_decay",
        "Weight decay",
        "Shrinks the weights at each step. No effect with Adam.",
        0.0,
        1.0,
        "%.4f",
    ),
    Choice("dropout", "Dropout", "Share of the features dropped before the last layer.", 0.0, 0.95),
    Choice(
        "label_smoothing",
        "Label smoothing",
        "Share of each label spread over all classes. About a third of FER2013's labels are "
        "disputed.",
        0.0,
        0.9,
    ),
    Choice(
        "ema",
        "Weight averaging (EMA)",
        "Momentum of the exponential moving average of the weights, which is saved. 0: off.",
        0.0,
        0.9999,
        "%.4f",
    ),
    Choice(
        "balance",
        "Class balancing",
        "Class weights, or oversampling of small classes.",
        words=Balance,
    ),
    Choice("loss", "Loss", "Focal loss: pictures with a high score count less.", words=Loss),
)
FINE_TUNING = (
    Choice(
        "frozen",
        "Frozen epochs",
        "Share of the epochs in which only the new layers are trained, with pretrained weights.",
    ),
    Choice(
        "tuning_rate",
        "Fine-tuning rate",
        "Share of the learning rate at which all layers are trained afterwards.",
        0.0001,
        1.0,
        "%.4f",
    ),
)
CHANGES = (
    Choice("flip", "Horizontal flip", "Probability of a horizontal flip.", 0.0, 1.0),
    Choice(
        "rotation_deg", "Rotation (degrees)", "Maximum rotation to either side.", 0.0, 45.0, "%.0f"
    ),
    Choice("scale", "Zoom", "Maximum relative zoom.", 0.0, 0.9),
    Choice("shift", "Shift", "Maximum shift, as a share of the side.", 0.0, 1.0),
    Choice("brightness", "Brightness", "Maximum change of brightness.", 0.0, 1.0),
    Choice("contrast", "Contrast", "Maximum change of contrast.", 0.0, 1.0),
    Choice("erasing", "Random erasing", "Probability that a rectangle is erased.", 0.0, 1.0),
    Choice("blur", "Blur", "Maximum share of a blurred copy.", 0.0, 1.0),
    Choice("noise", "Noise", "Maximum camera noise (standard deviation, 1: white).", 0.0, 1.0),
    Choice("mixup_share", "Mixup", "Share of batches mixed by mixup.", 0.0, 1.0),
    Choice("mixup_alpha", "Mixup alpha", "Higher: two pictures are mixed more evenly.", 0.0, 0.9),
)


TEACHING = (
    Choice(
        "teaching",
        "Distillation weight",
        "Share of each label replaced by the teachers' mean scores.",
    ),
    Choice(
        "teaching_temperature",
        "Temperature",
        "Above 1: softer teacher scores (Hinton et al. 2015).",
        0.1,
        20.0,
        "%.1f",
    ),
    Choice(
        "teachers_see",
        "Teachers see",
        "originals: scored once. changed: scored anew for each augmented picture, which is slower.",
        words=TeachersSee,
    ),
)
