"""Looking at an imported model with other preprocessing, keeping it, and removing the model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from core.conversion.importing.drawn_faces import DrawnFacePredictions, predict_drawn_faces
from core.domain import ModelCard, ModelInput, Scaling
from core.domain.errors import ModelError
from core.evaluation.predictions import list_evaluations
from core.models import formats_folder, load_card, verified_file, write_card
from core.models.runtimes import open_engine
from core.storage.file_lock import file_lock
from core.storage.own_files import delete_ours, discard_ours


def predictions_on_drawn(models_dir: Path, card: ModelCard) -> DrawnFacePredictions:
    """Predictions of a saved model for the synthetic faces, prepared as `card` says.

    Raises:
        DamagedModel: its file is not what its card says, or cannot be asked like this.
    """
    return predict_drawn_faces(open_engine(verified_file(models_dir, card, card.served_by)), card)


def predictions_by_scaling(
    models_dir: Path, card: ModelCard
) -> dict[Scaling, DrawnFacePredictions]:
    """The same with every scaling there is.

    Raises:
        DamagedModel: as `predictions_on_drawn`.
    """
    engine = open_engine(verified_file(models_dir, card, card.served_by))
    return {
        scaling: predict_drawn_faces(
            engine, replace(card, input=replace(card.input, scaling=scaling))
        )
        for scaling in Scaling
    }


def is_evaluated(models_dir: Path, card: ModelCard) -> bool:
    """Whether anything is known of how good it is: then its preprocessing stays."""
    return bool(card.reports or list_evaluations(models_dir, card.name))


def keep_input(models_dir: Path, name: str, wanted: ModelInput) -> ModelCard:
    """Prepare an imported model's pictures in another way from now on; its other formats go.

    Args:
        wanted: of the same shape as before.
    Returns:
        The new card.
    Raises:
        ModelError: no such model, one that was trained here, or one that was judged already.
    """
    with file_lock(models_dir / name):
        card = load_card(models_dir, name)
        _expect_free_to_change(models_dir, card, wanted)
        told = (
            f"Preprocessing set by hand: scaling {wanted.scaling}, crop {wanted.crop}, "
            f"interpolation {wanted.interpolation}."
        )
        new = replace(card, input=wanted, input_notes=(told,))
        # Formats were made and compared for pictures as they were prepared until now.
        discard_ours(formats_folder(models_dir, name), within=models_dir)
        write_card(models_dir / name, new)
    return new


def _expect_free_to_change(models_dir: Path, card: ModelCard, wanted: ModelInput) -> None:
    _expect_imported(card)
    if is_evaluated(models_dir, card):
        raise ModelError(
            f"{card.name} has been evaluated with its current preprocessing.",
            advice="Import it again under another name to change it.",
        )
    if wanted.shape != card.input.shape:
        raise ModelError(
            f"The input shape of {card.name} is {card.input.shape}, not {wanted.shape}.",
            advice="Only scaling, colour order, crop and interpolation can be changed.",
        )


def remove_import(models_dir: Path, name: str) -> None:
    """Delete an imported model with everything that was found out about it.

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
