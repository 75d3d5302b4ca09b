"""The training loop: a plan and a dataset in, a trained network out."""

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
from core.training.fit.keras_batches import (
    EpochPlan,
    Targets,
    TeacherScorer,
    build_targets,
    training_batches,
)
from core.training.fit.keras_callbacks import ReportBatches, RunReporter
from core.training.fit.keras_checkpoint import Checkpoint, Restored
from core.training.fit.keras_inference import (
    accuracy_of_logits,
    averaged_weights,
    curve_points,
    curve_sample,
    expect_finite,
    measure_accuracy,
    predict_logits,
    reestimate_batch_norm,
)
from core.training.fit.keras_loss import build_loss
from core.training.fit.keras_optimizer import build_optimiser
from core.training.fit.keras_phases import backbone_frozen, frozen_epochs, phase_notes
from core.training.fit.keras_warm_start import load_initial_weights
from core.training.inputs.dataset_check import fingerprint
from core.training.inputs.warm_start import WarmStart
from core.training.networks.keras_blocks import NetworkSpec
from core.training.networks.keras_networks import build, network_named
from core.training.networks.pretrained import weights_label
from core.training.plan import TrainingPlan
from core.training.recipes.kinds import Balance, Schedule
from core.training.recipes.recipe import Recipe


@dataclass(frozen=True, eq=False)
class ExtraInputs:
    """What a run uses besides the labels of its pictures.

    Attributes:
        votes: float32 `(n, classes)`, see `keras_batches.build_targets`; None without.
        teacher_scores: likewise, of the original pictures; None where `teachers` is given.
        teachers: score each augmented picture; None without.
        backbone: path of pretrained weights; see `keras_blocks.NetworkSpec`.
        warm_start: loads the model to start from, for a run that is not resumed; None for random
            weights.
    """

    votes: NDArray[np.float32] | None = None
    teacher_scores: NDArray[np.float32] | None = None
    teachers: TeacherScorer | None = None
    backbone: str = ""
    warm_start: Callable[[], WarmStart] | None = None


@dataclass(frozen=True, eq=False)
class _Setup:
    """What stays the same over all epochs; training curves are measured on the sample."""

    pictures: PictureSet
    validation: PictureSet
    sample: PictureSet
    targets: Targets
    plan: TrainingPlan
    recipe: Recipe
    teachers: TeacherScorer | None
    frozen_epochs: int


def fit(
    dataset: Dataset, plan: TrainingPlan, context: JobContext, extra: ExtraInputs = ExtraInputs()
) -> keras.Model:
    """Train as the plan says, from the run's checkpoint if it has one.

    Args:
        extra: votes, teachers and initial weights.
    Returns:
        The network with the weights of the best validation accuracy.
    Raises:
        RunCancelled: a stop was requested; the checkpoint is kept.
        RunDiverged: the loss is not finite.
        DatasetError: the run was started on other data.
        PlanError: it was started from other weights.
    """
    setup = _setup(dataset, plan, extra)
    model = compile_model(
        plan, classes=len(dataset.scheme), pictures=len(setup.pictures), extra=extra
    )
    checkpoint = Checkpoint(
        context.folder / "checkpoint",
        data_fingerprint=_fingerprint(setup, extra),
        initial_weights=weights_label(extra.backbone),
    )
    start = _restored_or_initial(model, checkpoint, setup, extra)
    control = start.control
    for sentence in (*start.messages, *phase_notes(setup.recipe, plan, setup.frozen_epochs)):
        context.journal.append(LogMessage(sentence))
    reporter = _reporter(context, setup, epochs_done=start.epochs_done)
    progress = ReportBatches(reporter.batch, context.stop_requested, time.monotonic)
    for epoch in range(start.epochs_done, plan.chosen_epochs):
        if control.why:
            break
        metrics = _one_epoch(model, setup, epoch, control, progress)
        if progress.interrupted:  # an incomplete epoch is repeated when the run is resumed
            raise RunCancelled
        expect_finite(model, epoch=epoch + 1)
        evaluated, logits = _evaluate(model, setup, checkpoint, best=control.best)
        metrics |= evaluated
        control.update(metrics["val_accuracy"], setup.recipe)
        reporter.epoch(EpochEnded(epoch + 1, plan.chosen_epochs, metrics), logits)
        checkpoint.save(model, epochs_done=epoch + 1, control=control)
        context.journal.append(CheckpointSaved(epoch + 1))
        if context.stop_requested():
            raise RunCancelled
    if control.why:
        context.journal.append(LogMessage(control.why))
    return _best_model(model, checkpoint, setup, context)


def _restored_or_initial(
    model: keras.Model, checkpoint: Checkpoint, setup: _Setup, extra: ExtraInputs
) -> Restored:
    """Restore the checkpoint into the model; without one, load the initial weights."""
    start = checkpoint.restore(model)
    if extra.warm_start is not None and not start.epochs_done:
        load_initial_weights(model, extra.warm_start(), setup.pictures, seed=setup.plan.seed)
    return start


def _reporter(context: JobContext, setup: _Setup, *, epochs_done: int) -> RunReporter:
    batches, seed = len(setup.pictures) // setup.recipe.batch_size, setup.plan.seed
    split = setup.validation
    return RunReporter(context, split, seed=seed, epochs_done=epochs_done, batches=batches)


def _fingerprint(setup: _Setup, extra: ExtraInputs) -> str:
    # Without teachers' scores: they differ in the last digit between machines.
    votes = [] if extra.votes is None else [extra.votes]
    return fingerprint(setup.pictures, setup.validation, *votes)


def compile_model(
    plan: TrainingPlan, *, classes: int, pictures: int, extra: ExtraInputs = ExtraInputs()
) -> keras.Model:
    """A new network, compiled as the plan says.

    Args:
        classes: number of outputs.
        pictures: number of training pictures in one epoch.
    Raises:
        PlanError: the network cannot be built as the recipe says.
    """
    recipe = plan.chosen_recipe
    keras.utils.set_random_seed(plan.seed)
    resizable = network_named(recipe.network).resizable
    if not resizable and len({size_px for size_px, _ in recipe.sizes_px}) > 1:
        raise PlanError(
            f"The network {recipe.network} cannot change its input size during training.",
            advice="Give one size for all epochs (sizes_px), or choose another network.",
        )
    size_px = None if resizable else recipe.final_size_px
    spec = NetworkSpec(classes, recipe.dropout, size_px, backbone=extra.backbone)
    model = build(recipe.network, spec)
    batches = pictures // recipe.batch_size
    optimiser = build_optimiser(
        recipe,
        steps=plan.chosen_epochs * batches,
        frozen_steps=frozen_epochs(plan, extra.backbone) * batches,
    )
    # XLA was 1.5 to 4 times slower (docs/decisions.md).
    model.compile(optimiser, build_loss(recipe), jit_compile=False)
    return model


def _setup(dataset: Dataset, plan: TrainingPlan, extra: ExtraInputs) -> _Setup:
    recipe, pictures = plan.chosen_recipe, dataset[dataset.required_protocol.train]
    classes, teacher_scores = len(dataset.scheme), extra.teacher_scores
    targets = build_targets(
        pictures, recipe, classes=classes, votes=extra.votes, teacher_scores=teacher_scores
    )
    return _Setup(
        pictures=pictures,
        validation=dataset[dataset.required_protocol.validation],
        sample=curve_sample(pictures, seed=plan.seed),
        targets=targets,
        plan=plan,
        recipe=recipe,
        teachers=extra.teachers,
        frozen_epochs=frozen_epochs(plan, extra.backbone),
    )


def _one_epoch(
    model: keras.Model, setup: _Setup, epoch: int, control: EpochControl, progress: ReportBatches
) -> dict[str, float]:
    """Everything random in it follows from seed and epoch, so a resumed run repeats it exactly."""
    recipe, plan = setup.recipe, setup.plan
    _seed_rngs(model, plan.seed, epoch)
    if recipe.schedule is Schedule.PLATEAU:
        tuning = recipe.tuning_rate if 0 < setup.frozen_epochs <= epoch else 1.0
        model.optimizer.learning_rate = recipe.learning_rate * control.rate * tuning
    size_px = recipe.size_at(epoch, plan.chosen_epochs)
    resized = size_px != recipe.size_at(max(epoch - 1, 0), plan.chosen_epochs)
    if resized or epoch == setup.frozen_epochs:
        # Load-bearing: else TensorFlow widens its graph to pictures of any size, which sums in
        # another order than a resumed run's; and the old graph would not train what was frozen.
        model.train_function = None
    started, started_cpu = time.monotonic(), time.process_time()
    balanced = recipe.balance is Balance.SAMPLING
    epoch_plan = EpochPlan(epoch, plan.seed, size_px, recipe.batch_size, balanced)
    batches = training_batches(
        setup.pictures, setup.targets, epoch_plan, recipe.augmentation, setup.teachers
    )
    with backbone_frozen(model, epoch < setup.frozen_epochs):
        history = model.fit(
            batches,
            initial_epoch=epoch,
            epochs=epoch + 1,
            shuffle=False,  # the batches are already in this epoch's order
            verbose=0,
            callbacks=[progress],
        )
    seconds = time.monotonic() - started
    return {
        "loss": float(history.history["loss"][-1]),
        "learning_rate": float(model.optimizer.learning_rate),
        "seconds": seconds,
        "pictures_per_s": len(setup.pictures) / seconds,
        "cpu_s": time.process_time() - started_cpu,
    }


def _evaluate(
    model: keras.Model, setup: _Setup, checkpoint: Checkpoint, *, best: float
) -> tuple[dict[str, float], NDArray[np.float64]]:
    """Metrics and validation logits of the averaged weights; saved if better than `best`."""
    validation, size_px = setup.validation, setup.recipe.final_size_px
    with averaged_weights(model):  # the model is exported with the averaged weights
        logits = predict_logits(model, validation.pixels, size_px=size_px)
        metrics = curve_points(model, setup.sample, size_px)
        metrics["val_accuracy"] = accuracy_of_logits(logits, validation.labels)
        metrics["val_loss"] = log_loss(logits, validation.labels)
        if metrics["val_accuracy"] > best:
            checkpoint.save_best(model)
    return metrics, logits


def _seed_rngs(model: keras.Model, seed: int, epoch: int) -> None:
    for number, layer in enumerate(_layers_with_rng(model)):
        layer.seed_generator.state.assign([seed + number, epoch])


def _layers_with_rng(model: keras.Model) -> list[keras.layers.Layer]:
    """Layers that draw random numbers, such as dropout, also those of nested networks."""
    layers = [layer for layer in model._flatten_layers() if hasattr(layer, "seed_generator")]
    return [layer for layer in layers if layer.seed_generator is not None]


def _best_model(
    model: keras.Model, checkpoint: Checkpoint, setup: _Setup, context: JobContext
) -> keras.Model:
    """Of the last and the best epoch's weights, those with the better validation accuracy."""
    validation, size_px = setup.validation, setup.recipe.final_size_px
    if model.optimizer.use_ema:
        ema = keras.callbacks.SwapEMAWeights()
        ema.set_model(model)
        ema.on_test_begin()
    _reestimate_batch_norm(model, setup)
    last, last_weights = measure_accuracy(model, validation, size_px=size_px), model.get_weights()
    if not checkpoint.restore_best(model):
        note = "The weights of the best epoch are damaged: those of the last epoch are used."
        context.journal.append(LogMessage(note))
        return model
    _reestimate_batch_norm(model, setup)
    if measure_accuracy(model, validation, size_px=size_px) <= last:
        model.set_weights(last_weights)
    return model


def _reestimate_batch_norm(model: keras.Model, setup: _Setup) -> None:
    """Gives the same result in a run that was resumed after its last epoch."""
    _seed_rngs(model, setup.plan.seed, setup.plan.chosen_epochs)
    reestimate_batch_norm(
        model, setup.pictures, size_px=setup.recipe.final_size_px, seed=setup.plan.seed
    )
