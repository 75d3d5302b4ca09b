"""What all visitors share of errors and explanations, and each thing's lifetime.

What these functions answer is read-only by agreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.domain import LabelScheme, ModelCard
from core.domain.errors import UnknownDataset
from core.evaluation.explain import (
    EMBEDDING_FILE,
    SALIENCY_FILE,
    EmbeddingPart,
    Occlusion,
    Patch,
    SaliencyPart,
    mean_faces,
    occlusion,
    read_embedding,
    read_saliency,
)
from core.evaluation.predictions import (
    VOTES_FILE,
    Evaluation,
    FoundPictures,
    find_pictures,
    read_part,
    read_votes_part,
)
from core.evaluation.robustness import PictureMeasures, measure_quality
from core.evaluation.scorecard import (
    AuditedDataset,
    EvaluatedPictures,
    LabelNoise,
    evaluated_pictures,
    suspected_by_model,
    suspected_by_others,
)
from core.models import Predictor, load_card, load_predictor
from core.models.runtimes import as_faces
from core.vision import DETECTOR, LANDMARKER, path_of
from pages.parts.evaluate import cached as evaluate_cached
from pages.parts.explore import cached as explore_cached
from pages.parts.explore.cached import DatasetView
from pages.parts.shell import cached as shell_cached


def evaluated(evaluation: Evaluation, split: str) -> EvaluatedPictures:
    """Predictions for each picture of a split.

    Raises:
        DamagedModel: the answers are missing or damaged.
    """
    return _evaluated(evaluation, evaluate_cached.version_of(evaluation), split)


@st.cache_resource(max_entries=8, show_spinner=False)
def _evaluated(_evaluation: Evaluation, version: str, split: str) -> EvaluatedPictures:  # noqa: ARG001
    answers = evaluate_cached.answers_of(_evaluation)[split]
    return evaluated_pictures(answers, temperature=_evaluation.temperature)


def pictures(evaluation: Evaluation, split: str) -> FoundPictures | None:
    """The evaluated pictures on this machine; None if they are not here."""
    names = [one.name for one in explore_cached.datasets()]
    known = tuple((name, explore_cached.version_of(DatasetView(name))) for name in names)
    return _pictures(evaluation, evaluate_cached.version_of(evaluation), split, known)


# Datasets are mapped from disk and shared with the data page; this holds positions only.
@st.cache_resource(max_entries=8, show_spinner="Looking for the pictures …")
def _pictures(
    _evaluation: Evaluation,
    version: str,  # noqa: ARG001 - part of the key, as is the next but one
    split: str,
    known: tuple[tuple[str, tuple[int | None, ...]], ...],  # noqa: ARG001
) -> FoundPictures | None:
    digests = evaluated(_evaluation, split).digests
    try:
        return find_pictures(
            _evaluation,
            digests,
            shell_cached.settings(),
            open_named=lambda name: explore_cached.dataset(DatasetView(name)),
        )
    except UnknownDataset:
        return None


def picture_measures(evaluation: Evaluation, split: str) -> PictureMeasures | None:
    """Brightness, contrast and sharpness of the pictures found here; None without them."""
    found = pictures(evaluation, split)
    if found is None:
        return None
    return _picture_measures(found, evaluate_cached.version_of(evaluation), split, found.name)


@st.cache_resource(max_entries=8, show_spinner="Measuring the pictures …")
def _picture_measures(
    _found: FoundPictures,
    version: str,  # noqa: ARG001 - part of the key, as are the next two
    split: str,  # noqa: ARG001
    name: str,  # noqa: ARG001
) -> PictureMeasures:
    return measure_quality(_found.pixels(np.flatnonzero(_found.here)))


def label_noise(evaluation: Evaluation, split: str) -> LabelNoise:
    """Likely label errors: by the audit or human votes, else by the model itself.

    Raises:
        UnreadableDataset, DamagedModel: an audit, or a file of the evaluation, is damaged.
    """
    audited, told = _audited(evaluation, split), evaluated(evaluation, split)
    key = "" if audited is None else "".join(f"{one.kind}{one.count}" for one in audited.problems)
    version = evaluate_cached.version_of(evaluation)
    return _label_noise(evaluation, told, audited, version, (split, key))


@st.cache_resource(max_entries=8, show_spinner=False)
def _label_noise(
    _evaluation: Evaluation,
    _evaluated: EvaluatedPictures,
    _audited: AuditedDataset | None,
    version: str,  # noqa: ARG001 - part of the key
    split_and_audit: tuple[str, str],
) -> LabelNoise:
    content = read_part(shell_cached.settings().models_dir, _evaluation, VOTES_FILE)
    votes = {} if content is None else read_votes_part(content)
    others = suspected_by_others(_evaluated, _audited, votes.get(split_and_audit[0]))
    return suspected_by_model(_evaluated) if others is None else others


def _audited(evaluation: Evaluation, split: str) -> AuditedDataset | None:
    """The audit of the dataset that holds the pictures, if it is of the dataset as it is now."""
    found = pictures(evaluation, split)
    if found is None or not found.name:
        return None
    audit = explore_cached.audit_of(found.name)
    if audit is None or audit.order_hash != explore_cached.order_of(found.name):
        return None
    return AuditedDataset(found.dataset, audit.problems)


def saliency(evaluation: Evaluation) -> SaliencyPart | None:
    """Saliency maps of the model; None if they were not computed.

    Raises:
        DamagedModel: the part is damaged.
    """
    return _saliency(evaluation, evaluation.files.get(SALIENCY_FILE, ""), evaluation.model)


# 4,000 pictures with two maps each take 0.6 MB.
@st.cache_resource(max_entries=8, show_spinner=False)
def _saliency(_evaluation: Evaluation, sha256: str, model: str) -> SaliencyPart | None:  # noqa: ARG001
    content = read_part(shell_cached.settings().models_dir, _evaluation, SALIENCY_FILE)
    return None if content is None else read_saliency(content)


def embedding(evaluation: Evaluation) -> EmbeddingPart | None:
    """The projection of all pictures; None if it was not computed.

    Raises:
        DamagedModel: the part is damaged.
    """
    return _embedding(evaluation, evaluation.files.get(EMBEDDING_FILE, ""), evaluation.model)


@st.cache_resource(max_entries=8, show_spinner=False)
def _embedding(_evaluation: Evaluation, sha256: str, model: str) -> EmbeddingPart | None:  # noqa: ARG001
    content = read_part(shell_cached.settings().models_dir, _evaluation, EMBEDDING_FILE)
    return None if content is None else read_embedding(content)


def backdrops(evaluation: Evaluation, split: str) -> tuple[NDArray[np.uint8], ...]:
    """A face for each class to lay its mean map over."""
    found = pictures(evaluation, split)
    name = "" if found is None else found.name or "outside"
    version = evaluate_cached.version_of(evaluation)
    return _backdrops(evaluated(evaluation, split), found, version, split, name)


@st.cache_resource(max_entries=8, show_spinner=False)
def _backdrops(
    _evaluated: EvaluatedPictures,
    _found: FoundPictures | None,
    version: str,  # noqa: ARG001 - part of the key, as are the next two
    split: str,  # noqa: ARG001
    name: str,  # noqa: ARG001
) -> tuple[NDArray[np.uint8], ...]:
    return mean_faces(_evaluated, _found)


def occlusion_of(model: str, face: NDArray[np.uint8], patch: Patch) -> Occlusion:
    """Occlusion of a face; not cached, as the face may be a visitor's.

    Args:
        face: grey uint8 `(size, size)`, of any size.
    Raises:
        ModelError: the model is not there, or damaged.
    """
    predictor = _predictor(model)
    return occlusion(predictor, as_faces(face[None], predictor.card.input)[0, ..., 0], patch=patch)


def _predictor(model: str) -> Predictor:
    models_dir = shell_cached.settings().models_dir
    card = load_card(models_dir, model)
    return _loaded(models_dir, card, repr(card))


# One for all visitors.
@st.cache_resource(max_entries=2, show_spinner="Loading the model …")
def _loaded(
    models_dir: Path,
    _card: ModelCard,
    version: str,  # noqa: ARG001 - part of the key
) -> Predictor:
    return load_predictor(models_dir, _card)


def scheme_of(model: str) -> LabelScheme:
    """The classes a model predicts; an evaluation may be under others.

    Raises:
        ModelError: the model is not there, or damaged.
    """
    return load_card(shell_cached.settings().models_dir, model).scheme


def scores_of(model: str, faces: Sequence[NDArray[np.uint8]]) -> NDArray[np.float64]:
    """Calibrated scores of each face, float64 `(n, k)`; not cached, as they may be a visitor's.

    Args:
        faces: grey uint8 `(size, size)`, all of one size.
    Raises:
        ModelError: the model is not there, or damaged.
    """
    return _predictor(model).scores(np.stack(faces))


def face_finders() -> tuple[Path, Path]:
    """The model files of face detection: landmarker and detector.

    Raises:
        AssetError: set-up is not complete.
    """
    assets_dir = shell_cached.settings().assets_dir
    return path_of(assets_dir, LANDMARKER), path_of(assets_dir, DETECTOR)
