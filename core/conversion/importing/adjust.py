"""Tries other preprocessing for an imported model, changes it, or removes the model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from core.conversion.importing.synthetic_faces import (
    SyntheticFacePredictions,
    predict_synthetic_faces,
)
from core.domain import ModelCard, ModelInput, Scaling
from core.domain.errors import ModelError
from core.evaluation.predictions import list_evaluations
from core.models import formats_folder, load_card, verified_file, write_card
from core.models.runtimes import open_engine
from core.storage.file_lock import file_lock
from core.storage.own_files import delete_ours, discard_ours


def synthetic_face_predictions(models_dir: Path, card: ModelCard) -> SyntheticFacePredictions:
    """A registered model's predictions for the synthetic faces, with the preprocessing of `card`.

    Raises:
        DamagedModel: its file differs from its card, or does not accept this preprocessing.
    """
    return predict_synthetic_faces(
        open_engine(verified_file(models_dir, card, card.served_by)), card
    )


def predictions_by_scaling(
    models_dir: Path, card: ModelCard
) -> dict[Scaling, SyntheticFacePredictions]:
    """The same with every scaling.

    Raises:
        DamagedModel: as `synthetic_face_predictions`.
    """
    engine = open_engine(verified_file(models_dir, card, card.served_by))
    return {
        scaling: predict_synthetic_faces(
            engine, replace(card, input=replace(card.input, scaling=scaling))
        )
        for scaling in Scaling
    }


def is_evaluated(models_dir: Path, card: ModelCard) -> bool:
    """Whether a model has been evaluated: then its preprocessing must not change."""
    return bool(card.reports or list_evaluations(models_dir, card.name))


def set_input(models_dir: Path, name: str, model_input: ModelInput) -> ModelCard:
    """Change an imported model's preprocessing; its other formats are deleted.

    Args:
        model_input: of the same shape as before.
    Returns:
        The new card.
    Raises:
        ModelError: no such model, one that was trained here, or one that has been evaluated.
    """
    with file_lock(models_dir / name):
        card = load_card(models_dir, name)
        _expect_changeable(models_dir, card, model_input)
        note = (
            f"Preprocessing set by hand: scaling {model_input.scaling}, crop {model_input.crop}, "
            f"interpolation {model_input.interpolation}."
        )
        new = replace(card, input=model_input, input_notes=(note,))
        # Formats were converted and compared with the old preprocessing.
        discard_ours(formats_folder(models_dir, name), within=models_dir)
        write_card(models_dir / name, new)
    return new


def _expect_changeable(models_dir: Path, card: ModelCard, model_input: ModelInput) -> None:
    _expect_imported(card)
    if is_evaluated(models_dir, card):
        raise ModelError(
            f"{card.name} has been evaluated with its current preprocessing.",
            advice="Import it again under another name to change it.",
        )
    if model_input.shape != card.input.shape:
        raise ModelError(
            f"The input shape of {card.name} is {card.input.shape}, not {model_input.shape}.",
            advice="Only scaling, colour order, crop and interpolation can be changed.",
        )


def remove_import(models_dir: Path, name: str) -> None:
    """Delete an imported model with its evaluations and formats.

    Raises:
        ModelError: no such model, one that was trained here, or the disk refused.
    """
    _expect_imported(load_card(models_dir, name))
    try:
        with file_lock(models_dir / name):
            delete_ours(models_dir / name, within=models_dir)
    except OSError as error:
        raise ModelError(
            f"{name} cannot be removed: {error.strerror or error}.",
            advice=f"Check the permissions of {models_dir / name}, or delete it by hand.",
        ) from error


def _expect_imported(card: ModelCard) -> None:
    if not card.origin:
        raise ModelError(
            f"{card.name} was trained here.", advice="Choose a model that was imported."
        )
