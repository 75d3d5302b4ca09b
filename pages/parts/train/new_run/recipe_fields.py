"""Form fields for the options of a recipe, in groups; their limits are the recipes' own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.training.recipes import Balance, Loss, Optimiser, Schedule, TeachersSee


@dataclass(frozen=True)
class RecipeField:
    """Form field for one option of a recipe.

    Attributes:
        name: of the option.
        title: on screen.
        why: help text, one line.
        number_format: printf format of a number.
        is_percent: shown in percent; a fraction in the recipe.
        enum: enum of the choices, if it is not a number.
    """

    name: str
    title: str
    why: str
    number_format: str = "%.2f"
    is_percent: bool = False
    enum: Any = None


OPTIMISATION = (
    RecipeField("epochs", "Epochs", "Maximum number of passes over the training split."),
    RecipeField(
        "batch_size",
        "Batch size",
        "Pictures per step. Larger: steadier gradients, fewer steps per epoch.",
    ),
    RecipeField(
        "learning_rate",
        "Learning rate",
        "Peak of the schedule. Ten times too high, and the loss diverges.",
        "%.6f",
    ),
    RecipeField("optimiser", "Optimiser", "Update rule of the weights.", enum=Optimiser),
    RecipeField(
        "schedule", "Schedule", "How the learning rate changes over the run.", enum=Schedule
    ),
    RecipeField(
        "warm_up", "Warm-up", "Share of the steps in which the learning rate rises to its peak."
    ),
    RecipeField(
        "patience",
        "Patience (schedule plateau)",
        "Epochs without better validation accuracy before the learning rate is reduced. The other "
        "schedules have none.",
    ),
    RecipeField(
        "stops_after",
        "Early stopping (epochs)",
        "Epochs without better validation accuracy before training stops. 0: off.",
    ),
    RecipeField(
        "target_accuracy",
        "Target accuracy (%)",
        "Training stops when validation accuracy reaches it. 0: off.",
        "%.1f",
        is_percent=True,
    ),
)
REGULARISATION = (
    RecipeField(
        "weight_decay",
        "Weight decay",
        "Shrinks the weights at each step. No effect with Adam.",
        "%.4f",
    ),
    RecipeField("dropout", "Dropout", "Share of the features dropped before the last layer."),
    RecipeField(
        "label_smoothing",
        "Label smoothing",
        "Share of each label spread over all classes. About a third of FER2013's labels are "
        "disputed.",
    ),
    RecipeField(
        "ema",
        "Weight averaging (EMA)",
        "Momentum of the exponential moving average of the weights, which is saved. 0: off.",
        "%.4f",
    ),
    RecipeField(
        "balance",
        "Class balancing",
        "Class weights, or oversampling of small classes.",
        enum=Balance,
    ),
    RecipeField("loss", "Loss", "Focal loss: pictures with a high score count less.", enum=Loss),
)
FINE_TUNING = (
    RecipeField(
        "frozen",
        "Frozen epochs",
        "Share of the epochs in which only the new layers are trained, with pretrained weights.",
    ),
    RecipeField(
        "tuning_rate",
        "Fine-tuning rate",
        "Share of the learning rate at which all layers are trained afterwards.",
        "%.4f",
    ),
)
AUGMENTATION = (
    RecipeField("flip", "Horizontal flip", "Probability of a horizontal flip."),
    RecipeField("rotation_deg", "Rotation (degrees)", "Maximum rotation to either side.", "%.0f"),
    RecipeField("scale", "Zoom", "Maximum relative zoom."),
    RecipeField("shift", "Shift", "Maximum shift, as a share of the side."),
    RecipeField("brightness", "Brightness", "Maximum change of brightness."),
    RecipeField("contrast", "Contrast", "Maximum change of contrast."),
    RecipeField("erasing", "Random erasing", "Probability that a rectangle is erased."),
    RecipeField("blur", "Blur", "Maximum share of a blurred copy."),
    RecipeField("noise", "Noise", "Maximum camera noise (standard deviation, 1: white)."),
    RecipeField("mixup_share", "Mixup", "Share of batches mixed by mixup."),
    RecipeField("mixup_alpha", "Mixup alpha", "Higher: two pictures are mixed more evenly."),
)


DISTILLATION = (
    RecipeField(
        "teaching",
        "Distillation weight",
        "Share of each label replaced by the teachers' mean scores.",
    ),
    RecipeField(
        "teaching_temperature",
        "Temperature",
        "Above 1: softer teacher scores (Hinton et al. 2015).",
        "%.1f",
    ),
    RecipeField(
        "teachers_see",
        "Teachers see",
        "originals: scored once. changed: scored anew for each augmented picture, which is slower.",
        enum=TeachersSee,
    ),
)
