"""What a model makes of pictures: where it looks, and what it sees in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import ModelCard
from core.evaluation.explain.occlusion import occlusion
from core.evaluation.explain.saliency import (
    GRAD_CAM,
    OCCLUSION,
    TOP,
    MapChecks,
    SaliencyPart,
    mean_maps,
    normalised_maps,
)
from core.evaluation.explain.sanity_checks import check_maps, map_similarity
from core.evaluation.scorecard.errors import EvaluatedPictures
from core.models import Predictor
from core.models.runtimes import as_faces, preprocess

ProgressCallback = Callable[[int, int], None]

CHECKED_PICTURES = 200
"""Pictures that maps are checked on."""

CHECKED_WITH_RANDOM_WEIGHTS = 32
"""The same with random weights: one more look at the network, and every map is like the next."""

OCCLUDED_PER_CLASS = 24
"""Pictures of each class that are covered place by place, where there is no network to look into:
225 answers each."""

_OCCLUSION_PLACES = 12


@dataclass(frozen=True, eq=False)
class ExplainedPictures:
    """What was found about some of the judged pictures.

    Attributes:
        positions: int64 `(n,)`: which of the judged pictures.
        maps: float32 `(n, 2, s, s)`: for the class that was said, and for the label's.
        method: how the maps were made.
        features: float32 `(n, f)`: what the last layer reads; None where nobody can tell.
        untrained: likeness of maps to those of the network with random weights.
    """

    positions: NDArray[np.int64]
    maps: NDArray[np.float32]
    method: str
    features: NDArray[np.float32] | None = None
    untrained: float | None = None


def maps_by_network(  # noqa: PLR0913 - whom, at what, from where, and how far that is
    network: Any,
    card: ModelCard,
    pixels: NDArray[np.uint8],
    judged: EvaluatedPictures,
    positions: NDArray[np.int64],
    *,
    seed: int,
    tell: ProgressCallback,
) -> ExplainedPictures:
    """Grad-CAM++ and features of every picture.

    Args:
        network: a keras.Model.
        pixels: uint8 `(n, size, size)`: the pictures at `positions`.
        seed: of the random weights that maps are compared with.
    """
    from core.evaluation.explain.keras_saliency import compute_grad_cam, untrained

    asked = _network_outputs(_asked(judged, positions, card), card)
    faces = preprocess(pixels, card.input)
    seen = compute_grad_cam(network, faces, asked, tell=tell)
    some = np.random.default_rng(seed).permutation(len(faces))[:CHECKED_WITH_RANDOM_WEIGHTS]
    random = compute_grad_cam(untrained(network, seed=seed), faces[some], asked[some])
    alike = map_similarity(seen.maps[some, 0], random.maps[:, 0])
    return ExplainedPictures(positions, seen.maps, GRAD_CAM, seen.features, alike)


def maps_by_occlusion(
    model: Predictor,
    pixels: NDArray[np.uint8],
    judged: EvaluatedPictures,
    positions: NDArray[np.int64],
    *,
    tell: ProgressCallback,
) -> ExplainedPictures:
    """Occlusion maps of every picture, for models that cannot be looked into.

    Args:
        pixels: uint8 `(n, size, size)`: the pictures at `positions`.
    """
    asked, maps = _asked(judged, positions, model.card), []
    places = (_OCCLUSION_PLACES, _OCCLUSION_PLACES)
    for number, face in enumerate(as_faces(pixels, model.card.input)):
        found = occlusion(model, face[..., 0])
        wanted = np.where(asked[number] == TOP, found.scores.argmax(), asked[number])
        chosen = normalised_maps(found.drops[wanted])
        maps.append([cv2.resize(one, places, interpolation=cv2.INTER_AREA) for one in chosen])
        tell(number + 1, len(pixels))
    return ExplainedPictures(positions, np.asarray(maps, dtype=np.float32), OCCLUSION)


def sample_of_each_class(
    judged: EvaluatedPictures, positions: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Of each class, right and wrong, at most half of `OCCLUDED_PER_CLASS`."""
    shuffled, chosen = rng.permutation(positions), []
    for label in np.unique(judged.labels[positions]):
        for named in (judged.right, ~judged.right):
            same = shuffled[(judged.labels[shuffled] == label) & named[shuffled]]
            chosen.append(same[: OCCLUDED_PER_CLASS // 2])
    return np.sort(np.concatenate(chosen))


def checked(
    looked: ExplainedPictures,
    model: Predictor,
    pixels: NDArray[np.uint8],
    rng: np.random.Generator,
) -> MapChecks | None:
    """Whether the maps mean anything, on a sample.

    Args:
        pixels: uint8 `(n, size, size)`: the pictures of `looked`.
    """
    some = np.sort(rng.permutation(len(pixels))[:CHECKED_PICTURES])
    faces = as_faces(pixels[some], model.card.input)[..., 0]
    found = check_maps(model, faces, looked.maps[some, 0], rng=rng)
    return None if found is None else replace(found, untrained=looked.untrained)


def saliency_part(
    looked: ExplainedPictures,
    judged: EvaluatedPictures,
    *,
    split: str,
    keep: int,
    checks: MapChecks | None,
) -> SaliencyPart:
    """Means of every class, and maps of some pictures, wrong ones first.

    Args:
        keep: how many pictures keep maps of their own.
    """
    at, said_maps = looked.positions, looked.maps[:, 0]
    classes, labels = len(judged.classes), judged.labels[at]
    right, wrong = judged.right[at], judged.wrong[at]
    right_means, right_counts = mean_maps(said_maps[right], labels[right], classes=classes)
    wrong_means, wrong_counts = mean_maps(said_maps[wrong], labels[wrong], classes=classes)
    kept = np.argsort(~wrong, kind="stable")[:keep]
    return SaliencyPart(
        split=split,
        method=looked.method,
        classes=judged.classes,
        right=right_means,
        wrong=wrong_means,
        right_counts=right_counts,
        wrong_counts=wrong_counts,
        digests=judged.digests[at[kept]],
        maps=said_maps[kept].astype(np.float16),
        truth_maps=looked.maps[kept, 1].astype(np.float16),
        checks=checks,
    )


def with_more_maps(
    part: SaliencyPart, looked: ExplainedPictures, judged: EvaluatedPictures
) -> SaliencyPart:
    """Maps of more pictures beside those there are, in place of older ones of the same pictures."""
    digests, maps = judged.digests[looked.positions], looked.maps.astype(np.float16)
    if part.maps.shape[1:] != maps.shape[2:]:  # of another network, or made in another way
        return replace(part, digests=digests, maps=maps[:, 0], truth_maps=maps[:, 1])
    old = ~np.isin(part.digests, digests)
    return replace(
        part,
        digests=np.concatenate([part.digests[old], digests]),
        maps=np.concatenate([part.maps[old], maps[:, 0]]),
        truth_maps=np.concatenate([part.truth_maps[old], maps[:, 1]]),
    )


def empty_part(split: str, looked: ExplainedPictures, judged: EvaluatedPictures) -> SaliencyPart:
    """A part without any map or mean yet, of the shape of these maps."""
    side, k = looked.maps.shape[-1], len(judged.classes)
    empty, none = np.zeros((k, side, side), np.float16), np.zeros(k, np.int64)
    few = np.zeros((0, side, side), np.float16)
    return SaliencyPart(
        split, looked.method, judged.classes, empty, empty, none, none,
        np.zeros(0, np.uint64), few, few,
    )  # fmt: skip


def _asked(
    judged: EvaluatedPictures, positions: NDArray[np.int64], card: ModelCard
) -> NDArray[np.int64]:
    """The outputs for the class that was said and for the label's: int64 `(n, 2)`.

    `TOP` where the model has no output of that name, as under a mapping, or there is no label.
    """
    known = {label: number for number, label in enumerate(card.scheme.labels)}
    output_of = np.array([known.get(name, TOP) for name in judged.classes], dtype=np.int64)
    said, labels = judged.said[positions], judged.labels[positions]
    truth = np.where(judged.labelled[positions], labels, said)
    return np.stack([output_of[said], output_of[truth]], axis=1)


def _network_outputs(asked: NDArray[np.int64], card: ModelCard) -> NDArray[np.int64]:
    """The same outputs where the network itself counts them in another order than its card."""
    if not card.outputs:
        return asked
    places = np.array([*card.outputs, TOP], dtype=np.int64)  # TOP is -1: the last one
    return places[asked]
