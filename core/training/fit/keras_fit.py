"""A plan and a dataset in, a trained network out. Read it from top to bottom."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from core.domain import CheckpointSaved, Dataset, EpochEnded, LogMessage, PictureSet
from core.domain.errors import PlanError
from core.evaluation.metrics import log_loss
from core.jobs import JobContext, RunCancelled
from core.training.fit.epoch_control import EpochControl
from core.training.fit.keras_batches import Asking, EpochPlan, Targets, targets_of, training_batches
from core.training.fit.keras_callbacks import ReportBatches, Showing
from core.training.fit.keras_checkpoint import Checkpoint, Restored
from core.training.fit.keras_inference import (
    accuracy_of,
    averaged,
    curve_points,
    expect_finite,
    logits_of,
    re_estimate,
    sample_of,
    share_right,
)
from core.training.fit.keras_optimizer import optimiser_of
from core.training.fit.keras_phases import body_frozen, frozen_epochs, phases_told
from core.training.fit.keras_warm_start import load_initial_weights
from core.training.inputs.dataset_check import fingerprint
from core.training.inputs.warm_start import WarmStart
from core.training.networks.keras_blocks import Build
from core.training.networks.keras_networks import build, network_named
from core.training.networks.pretrained import named_weights
from core.training.plan import TrainingPlan
from core.training.recipes.choices import Balance, Loss, Schedule
from core.training.recipes.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Extra:
    """What a run learns beside the labels of its pictures.

    Attributes:
        votes: float32 `(n, classes)`, see `keras_batches.targets_of`; None without.
        taught: likewise, the teachers' scores; None where they are asked about changed pictures.
        asking: whom to ask about changed pictures; None where nobody is.
        backbone: weights to begin with; see `keras_blocks.Build`.
        beginning: gives the network to begin with; a run that is resumed does not ask. None for
            random weights.
    """

    votes: NDArray[np.float32] | None = None
    taught: NDArray[np.float32] | None = None
    asking: Asking | None = None
    backbone: str = ""
    beginning: Callable[[], WarmStart] | None = None


@dataclass(frozen=True, eq=False)
class _Lesson:
    """What stays the same over all epochs; of the sample, the training curves are drawn."""

    pictures: PictureSet
    sample: PictureSet
    targets: Targets
    plan: TrainingPlan
    recipe: Recipe
    asking: Asking | None
    frozen_epochs: int


def fit(
    dataset: Dataset, plan: TrainingPlan, place: JobContext, extra: Extra = Extra()
) -> keras.Model:
    """Train as the plan says, going on from the run's checkpoint if it has one.

    Args:
        extra: what is learned beside the labels.
    Returns:
        The network with the weights that did best on the choosing split.
    Raises:
        RunCancelled: somebody asked to stop; the checkpoint is kept.
        RunDiverged: the loss is no number any more.
        DatasetError: the run began on other data.
        PlanError: it began with other weights.
    """
    lesson, chooses = _lesson(dataset, plan, extra), dataset[dataset.required_protocol.validation]
    model = compiled(plan, classes=len(dataset.scheme), pictures=len(lesson.pictures), extra=extra)
    checkpoint = Checkpoint(
        place.folder / "checkpoint",
        learns_from=_fingerprint(lesson.pictures, chooses, extra),
        weights=named_weights(extra.backbone),
    )
    before = _begun(model, checkpoint, lesson, extra)
    control = before.control
    for sentence in (*before.told, *phases_told(lesson.recipe, plan, lesson.frozen_epochs)):
        place.journal.append(LogMessage(sentence))
    shown = _showing(place, lesson, chooses, epochs_done=before.epochs_done)
    tell = ReportBatches(shown.batch, place.stop_requested, time.monotonic)
    for epoch in range(before.epochs_done, plan.chosen_epochs):
        if control.why:
            break
        metrics = _one_epoch(model, lesson, epoch, control, tell)
        if tell.cut_short:  # half an epoch cannot be gone on with: it will be done again
            raise RunCancelled
        expect_finite(model, epoch=epoch + 1)
        with averaged(model):  # the moving average of the weights is what will be shipped
            logits = logits_of(model, chooses.pixels, size_px=lesson.recipe.final_size_px)
            metrics |= curve_points(model, lesson.sample, lesson.recipe.final_size_px)
            metrics["accuracy_chooses"] = share_right(logits, chooses.labels)
            metrics["loss_chooses"] = log_loss(logits, chooses.labels)
            if metrics["accuracy_chooses"] > control.best:
                checkpoint.keep_best(model)
        control.after(metrics["accuracy_chooses"], lesson.recipe)
        shown.epoch(EpochEnded(epoch + 1, plan.chosen_epochs, metrics), logits)
        checkpoint.save(model, epochs_done=epoch + 1, control=control)
        place.journal.append(CheckpointSaved(epoch + 1))
        if place.stop_requested():
            raise RunCancelled
    if control.why:
        place.journal.append(LogMessage(control.why))
    return _best_of(model, checkpoint, lesson, chooses, place)


def _begun(model: keras.Model, checkpoint: Checkpoint, lesson: _Lesson, extra: Extra) -> Restored:
    """The model as its checkpoint has it, or as the run is to begin."""
    before = checkpoint.restore(model)
    if extra.beginning is not None and not before.epochs_done:
        load_initial_weights(model, extra.beginning(), lesson.pictures, seed=lesson.plan.seed)
    return before


def _showing(
    place: JobContext, lesson: _Lesson, chooses: PictureSet, *, epochs_done: int
) -> Showing:
    batches = len(lesson.pictures) // lesson.recipe.batch_size
    seed = lesson.plan.seed
    return Showing(place, chooses, seed=seed, epochs_done=epochs_done, batches=batches)


def _fingerprint(learns: PictureSet, chooses: PictureSet, extra: Extra) -> str:
    # Without teachers' answers: they differ in the last digit between machines.
    return fingerprint(learns, chooses, *([] if extra.votes is None else [extra.votes]))


def compiled(
    plan: TrainingPlan, *, classes: int, pictures: int, extra: Extra = Extra()
) -> keras.Model:
    """A new network, ready to learn as the plan says.

    Args:
        classes: outputs.
        pictures: that are learned from in one epoch.
    Raises:
        PlanError: the network cannot be built as the recipe says.
    """
    recipe = plan.chosen_recipe
    keras.utils.set_random_seed(plan.seed)
    grows = network_named(recipe.network).grows
    if not grows and len({size_px for size_px, _ in recipe.sizes_px}) > 1:
        raise PlanError(
            f"The network {recipe.network} cannot change its input size during training.",
            advice="Give one size for all epochs (sizes_px), or choose another network.",
        )
    how = Build(
        classes,
        dropout=recipe.dropout,
        size_px=None if grows else recipe.final_size_px,
        backbone=extra.backbone,
    )
    model = build(recipe.network, how)
    batches = pictures // recipe.batch_size
    optimiser = optimiser_of(
        recipe,
        steps=plan.chosen_epochs * batches,
        frozen_steps=frozen_epochs(plan, extra.backbone) * batches,
    )
    # XLA was 1.5 to 4 times slower (docs/decisions.md).
    model.compile(optimiser, _loss(recipe), jit_compile=False)
    return model


def _lesson(dataset: Dataset, plan: TrainingPlan, extra: Extra) -> _Lesson:
    recipe, pictures = plan.chosen_recipe, dataset[dataset.required_protocol.train]
    targets = targets_of(
        pictures, recipe, classes=len(dataset.scheme), votes=extra.votes, taught=extra.taught
    )
    sample = sample_of(pictures, seed=plan.seed)
    frozen = frozen_epochs(plan, extra.backbone)
    return _Lesson(pictures, sample, targets, plan, recipe, extra.asking, frozen)


def _loss(recipe: Recipe) -> keras.losses.Loss:
    if recipe.loss is Loss.FOCAL:
        return keras.losses.CategoricalFocalCrossentropy(
            alpha=1.0, gamma=2.0, from_logits=True, label_smoothing=recipe.label_smoothing
        )
    return keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=recipe.label_smoothing
    )


def _one_epoch(
    model: keras.Model, lesson: _Lesson, epoch: int, control: EpochControl, tell: ReportBatches
) -> dict[str, float]:
    """Everything random in it follows from seed and epoch, so a resumed run repeats it exactly."""
    recipe, plan = lesson.recipe, lesson.plan
    _throw_dice(model, plan.seed, epoch)
    if recipe.schedule is Schedule.PLATEAU:
        tuning = recipe.tuning_rate if 0 < lesson.frozen_epochs <= epoch else 1.0
        model.optimizer.learning_rate = recipe.learning_rate * control.rate * tuning
    size_px = recipe.size_at(epoch, plan.chosen_epochs)
    resized = size_px != recipe.size_at(max(epoch - 1, 0), plan.chosen_epochs)
    if resized or epoch == lesson.frozen_epochs:
        # Load-bearing: else TensorFlow widens its graph to pictures of any size, which adds up in
        # another order than a resumed run's; and a graph goes on leaving out what was frozen.
        model.train_function = None
    began, began_cpu = time.monotonic(), time.process_time()
    how = EpochPlan(
        epoch=epoch,
        seed=plan.seed,
        size_px=size_px,
        batch_size=recipe.batch_size,
        balanced=recipe.balance is Balance.SAMPLING,
    )
    batches = training_batches(
        lesson.pictures, lesson.targets, how, recipe.augmentation, lesson.asking
    )
    with body_frozen(model, epoch < lesson.frozen_epochs):
        history = model.fit(
            batches,
            initial_epoch=epoch,
            epochs=epoch + 1,
            shuffle=False,  # the batches come in this epoch's own order already
            verbose=0,
            callbacks=[tell],
        )
    return {
        "loss": float(history.history["loss"][-1]),
        "learning_rate": float(model.optimizer.learning_rate),
        **_speed(len(lesson.pictures), time.monotonic() - began),
        "cpu_s": time.process_time() - began_cpu,
    }


def _speed(pictures: int, seconds: float) -> dict[str, float]:
    return {"seconds": seconds, "pictures_per_s": pictures / seconds}


def _throw_dice(model: keras.Model, seed: int, epoch: int) -> None:
    for number, layer in enumerate(_with_dice(model)):
        layer.seed_generator.state.assign([seed + number, epoch])


def _with_dice(model: keras.Model) -> list[keras.layers.Layer]:
    """Layers that draw random numbers, such as dropout, also inside networks in the network."""
    found = [layer for layer in model._flatten_layers() if hasattr(layer, "seed_generator")]
    return [layer for layer in found if layer.seed_generator is not None]


def _best_of(
    model: keras.Model,
    checkpoint: Checkpoint,
    lesson: _Lesson,
    chooses: PictureSet,
    place: JobContext,
) -> keras.Model:
    """Of the last and the best epoch's weights, the better on the choosing split."""
    size_px = lesson.recipe.final_size_px
    if model.optimizer.use_ema:
        swap = keras.callbacks.SwapEMAWeights()
        swap.set_model(model)
        swap.on_test_begin()
    _re_estimate(model, lesson)
    last, last_weights = accuracy_of(model, chooses, size_px=size_px), model.get_weights()
    if not checkpoint.bring_best(model):
        place.journal.append(
            LogMessage(
                "The weights of the best epoch are damaged: those of the last epoch are used."
            )
        )
        return model
    _re_estimate(model, lesson)
    if accuracy_of(model, chooses, size_px=size_px) <= last:
        model.set_weights(last_weights)
    return model


def _re_estimate(model: keras.Model, lesson: _Lesson) -> None:
    """The same whether the run ends here or was resumed after its last epoch."""
    _throw_dice(model, lesson.plan.seed, lesson.plan.chosen_epochs)
    re_estimate(model, lesson.pictures, size_px=lesson.recipe.final_size_px, seed=lesson.plan.seed)
