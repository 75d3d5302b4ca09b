"""Computes saliency maps and features of a model's predictions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import ModelCard
from core.domain.progress import ProgressCallback
from core.evaluation.explain.occlusion import occlusion
from core.evaluation.explain.saliency import (
    GRAD_CAM,
    OCCLUSION,
    TOP_CLASS,
    MapChecks,
    SaliencyPart,
    mean_maps,
    normalised_maps,
)
from core.evaluation.explain.sanity_checks import check_maps, map_similarity
from core.evaluation.scorecard.errors import EvaluatedPictures
from core.models import Predictor
from core.models.runtimes import as_faces, preprocess

CHECKED_PICTURES = 200
"""Pictures in the sanity check of maps."""

CHECKED_WITH_RANDOM_WEIGHTS = 32
"""Pictures in the comparison with random weights."""

OCCLUDED_PER_CLASS = 24
"""Pictures of each class to occlude where there is no Keras network: 225 predictions each."""

_OCCLUSION_SIDE = 12


@dataclass(frozen=True, eq=False)
class ExplainedPictures:
    """Maps and features of some of the evaluated pictures.

    Attributes:
        positions: int64 `(n,)`: which of the evaluated pictures.
        maps: float32 `(n, 2, s, s)`: for the predicted class, and for the label.
        method: of the maps.
        features: float32 `(n, f)`: input of the last layer; None without a Keras network.
        untrained: similarity of maps to those of the network with random weights.
    """

    positions: NDArray[np.int64]
    maps: NDArray[np.float32]
    method: str
    features: NDArray[np.float32] | None = None
    untrained: float | None = None


def maps_by_network(  # noqa: PLR0913 - network and card, pictures, seed and progress
    network: Any,
    card: ModelCard,
    pixels: NDArray[np.uint8],
    evaluated: EvaluatedPictures,
    positions: NDArray[np.int64],
    *,
    seed: int,
    on_progress: ProgressCallback,
) -> ExplainedPictures:
    """Grad-CAM++ and features of every picture.

    Args:
        network: a keras.Model.
        pixels: uint8 `(n, size, size)`: the pictures at `positions`.
        seed: of the random weights in the sanity check.
    """
    from core.evaluation.explain.keras_saliency import compute_grad_cam, untrained

    targets = _network_outputs(_target_outputs(evaluated, positions, card), card)
    faces = preprocess(pixels, card.input)
    outputs = compute_grad_cam(network, faces, targets, on_progress=on_progress)
    sampled = np.random.default_rng(seed).permutation(len(faces))[:CHECKED_WITH_RANDOM_WEIGHTS]
    random = compute_grad_cam(untrained(network, seed=seed), faces[sampled], targets[sampled])
    alike = map_similarity(outputs.maps[sampled, 0], random.maps[:, 0])
    return ExplainedPictures(positions, outputs.maps, GRAD_CAM, outputs.features, alike)


def maps_by_occlusion(
    model: Predictor,
    pixels: NDArray[np.uint8],
    evaluated: EvaluatedPictures,
    positions: NDArray[np.int64],
    *,
    on_progress: ProgressCallback,
) -> ExplainedPictures:
    """Occlusion maps of every picture, for models without a Keras file.

    Args:
        pixels: uint8 `(n, size, size)`: the pictures at `positions`.
    """
    targets, maps = _target_outputs(evaluated, positions, model.card), []
    size = (_OCCLUSION_SIDE, _OCCLUSION_SIDE)
    for number, face in enumerate(as_faces(pixels, model.card.input)):
        found = occlusion(model, face[..., 0])
        class_numbers = np.where(
            targets[number] == TOP_CLASS, found.scores.argmax(), targets[number]
        )
        chosen = normalised_maps(found.drops[class_numbers])
        maps.append([cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in chosen])
        on_progress(number + 1, len(pixels))
    return ExplainedPictures(positions, np.asarray(maps, dtype=np.float32), OCCLUSION)


def sample_of_each_class(
    evaluated: EvaluatedPictures, positions: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Sample of each class: correct and misclassified, each half of `OCCLUDED_PER_CLASS`."""
    shuffled, chosen = rng.permutation(positions), []
    for label in np.unique(evaluated.labels[positions]):
        for named in (evaluated.right, ~evaluated.right):
            same = shuffled[(evaluated.labels[shuffled] == label) & named[shuffled]]
            chosen.append(same[: OCCLUDED_PER_CLASS // 2])
    return np.sort(np.concatenate(chosen))


def check_sample(
    explained: ExplainedPictures,
    model: Predictor,
    pixels: NDArray[np.uint8],
    rng: np.random.Generator,
) -> MapChecks | None:
    """Sanity check of the maps on a sample.

    Args:
        pixels: uint8 `(n, size, size)`: the pictures of `explained`.
    """
    sampled = np.sort(rng.permutation(len(pixels))[:CHECKED_PICTURES])
    faces = as_faces(pixels[sampled], model.card.input)[..., 0]
    found = check_maps(model, faces, explained.maps[sampled, 0], rng=rng)
    return None if found is None else replace(found, untrained=explained.untrained)


def saliency_part(
    explained: ExplainedPictures,
    evaluated: EvaluatedPictures,
    *,
    split: str,
    keep: int,
    checks: MapChecks | None,
) -> SaliencyPart:
    """Mean maps of every class, and maps of some pictures, misclassified ones first.

    Args:
        keep: number of pictures whose own maps are stored.
    """
    at, predicted_maps = explained.positions, explained.maps[:, 0]
    classes, labels = len(evaluated.classes), evaluated.labels[at]
    right, wrong = evaluated.right[at], evaluated.wrong[at]
    right_means, right_counts = mean_maps(predicted_maps[right], labels[right], classes=classes)
    wrong_means, wrong_counts = mean_maps(predicted_maps[wrong], labels[wrong], classes=classes)
    stored = np.argsort(~wrong, kind="stable")[:keep]
    return SaliencyPart(
        split=split,
        method=explained.method,
        classes=evaluated.classes,
        right=right_means,
        wrong=wrong_means,
        right_counts=right_counts,
        wrong_counts=wrong_counts,
        digests=evaluated.digests[at[stored]],
        maps=predicted_maps[stored].astype(np.float16),
        truth_maps=explained.maps[stored, 1].astype(np.float16),
        checks=checks,
    )


def with_more_maps(
    part: SaliencyPart, explained: ExplainedPictures, evaluated: EvaluatedPictures
) -> SaliencyPart:
    """Add maps of more pictures, replacing older ones of the same pictures."""
    digests, maps = evaluated.digests[explained.positions], explained.maps.astype(np.float16)
    if part.maps.shape[1:] != maps.shape[2:]:  # of another network, or made in another way
        return replace(part, digests=digests, maps=maps[:, 0], truth_maps=maps[:, 1])
    old = ~np.isin(part.digests, digests)
    return replace(
        part,
        digests=np.concatenate([part.digests[old], digests]),
        maps=np.concatenate([part.maps[old], maps[:, 0]]),
        truth_maps=np.concatenate([part.truth_maps[old], maps[:, 1]]),
    )


def empty_part(
    split: str, explained: ExplainedPictures, evaluated: EvaluatedPictures
) -> SaliencyPart:
    """A part without any map, of the shape of these maps."""
    side, k = explained.maps.shape[-1], len(evaluated.classes)
    empty, none = np.zeros((k, side, side), np.float16), np.zeros(k, np.int64)
    few = np.zeros((0, side, side), np.float16)
    return SaliencyPart(
        split, explained.method, evaluated.classes, empty, empty, none, none,
        np.zeros(0, np.uint64), few, few,
    )  # fmt: skip


def _target_outputs(
    evaluated: EvaluatedPictures, positions: NDArray[np.int64], card: ModelCard
) -> NDArray[np.int64]:
    """Outputs to explain: of the predicted class and of the label, int64 `(n, 2)`.

    `TOP_CLASS` where the model has no output of that name, as under a mapping.
    """
    known = {label: number for number, label in enumerate(card.scheme.labels)}
    output_of = np.array([known.get(name, TOP_CLASS) for name in evaluated.classes], dtype=np.int64)
    predicted, labels = evaluated.predicted[positions], evaluated.labels[positions]
    truth = np.where(evaluated.labelled[positions], labels, predicted)
    return np.stack([output_of[predicted], output_of[truth]], axis=1)


def _network_outputs(targets: NDArray[np.int64], card: ModelCard) -> NDArray[np.int64]:
    """The same outputs in the order of the network, which may differ from its card's."""
    if not card.outputs:
        return targets
    places = np.array([*card.outputs, TOP_CLASS], dtype=np.int64)  # TOP is -1: the last one
    return places[targets]
