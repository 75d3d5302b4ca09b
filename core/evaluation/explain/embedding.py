"""Projections of all pictures of a split onto a plane: t-SNE and principal components.

The features that the network's last layer reads are reduced to 50 principal components and then
projected by t-SNE (van der Maaten & Hinton 2008), which preserves neighbourhoods; distances between
groups and their sizes have no meaning. The first two principal components are stored too: they
preserve distances, but show only two of many directions.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.domain import UNLABELLED
from core.domain.counted import counted
from core.domain.errors import DamagedModel, EmptySplit
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message

EMBEDDING_FILE = "embedding.npz"
"""Part of an evaluation."""

COMPONENTS = 50
MIN_PICTURES = 8
"""With fewer pictures there are no neighbourhoods to preserve."""

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "what it answers to each picture": "the scores",
        "what its last layer reads of each picture": "the features of the last layer",
    }
)
"""What was projected, as stored in a file -> as shown."""

# Field -> name in the file.
_ARRAYS = {
    **{name: name for name in ("split", "source", "perplexity", "digests", "labels")},
    "predicted": "said",
    **{name: name for name in ("tsne", "pca", "explained")},
}


@dataclass(frozen=True, eq=False)
class EmbeddingPart:
    """Projections of the pictures of one split.

    Attributes:
        split: whose pictures.
        source: what was projected; shown as `SOURCES` has it.
        perplexity: of t-SNE, about the number of neighbours considered.
        digests: uint64 `(n,)`.
        labels: int16 `(n,)`, class numbers, or `UNLABELLED`.
        predicted: int16 `(n,)`, class numbers.
        tsne, pca: float16 `(n, 2)`, in [-1, 1].
        explained: float32 `(2,)`: share of the features' variance along each axis of `pca`.
    """

    split: str
    source: str
    perplexity: float
    digests: NDArray[np.uint64]
    labels: NDArray[np.int16]
    predicted: NDArray[np.int16]
    tsne: NDArray[np.float16]
    pca: NDArray[np.float16]
    explained: NDArray[np.float32]

    def __post_init__(self) -> None:
        count = len(self.digests)
        if self.labels.shape != (count,) or self.predicted.shape != (count,):
            raise ValueError(f"{self.labels.shape} labels for {count} pictures")
        for plane in (self.tsne, self.pca):
            if plane.shape != (count, 2) or not np.isfinite(plane).all():
                raise ValueError(f"{plane.shape} coordinates for {count} pictures")

    def __len__(self) -> int:
        return len(self.digests)

    def tally(self, rows: NDArray[np.int64]) -> tuple[dict[int, int], int]:
        """Of some pictures: label -> how many, the most first; and how many are misclassified."""
        labels, predicted = self.labels[rows], self.predicted[rows]
        numbers, counts = np.unique(labels, return_counts=True)
        order = np.argsort(-counts, kind="stable")
        wrong = int(((labels != predicted) & (labels != UNLABELLED)).sum())
        return {int(numbers[at]): int(counts[at]) for at in order}, wrong


@dataclass(frozen=True, eq=False)
class Projections:
    """Both projections of the same pictures; see `EmbeddingPart`."""

    tsne: NDArray[np.float16]
    pca: NDArray[np.float16]
    explained: NDArray[np.float32]
    perplexity: float


def project_features(features: NDArray[np.float32], *, perplexity: float, seed: int) -> Projections:
    """Project features onto a plane by t-SNE and PCA; equal features give equal projections.

    Args:
        features: float32 `(n, f)`.
        perplexity: reduced where there are too few pictures for it.
    Raises:
        EmptySplit: fewer pictures than `MIN_PICTURES`.
    """
    if len(features) < MIN_PICTURES:
        raise EmptySplit(
            f"{counted(len(features), 'picture is', 'pictures are')} too few for a projection.",
            advice=f"Choose a split with {MIN_PICTURES} or more.",
        )
    if not np.ptp(features, axis=0).any():  # all pictures have the same features
        origin = np.zeros((len(features), 2), dtype=np.float16)
        return Projections(origin, origin, np.zeros(2, dtype=np.float32), perplexity)
    # Here, as it takes seconds to import and only a worker needs it.
    from threadpoolctl import threadpool_limits

    # Load-bearing: t-SNE's threads busy-wait for one another thousands of times; on a busy machine
    # of two cores two of them took fifteen times as long as one. One thread also sums in one order,
    # so that the projection is the same everywhere.
    with threadpool_limits(1):
        return _projected(features, perplexity, seed)


def write_embedding(part: EmbeddingPart) -> bytes:
    """A part as the content of its file."""
    file = io.BytesIO()
    arrays = {stored: np.asarray(getattr(part, name)) for name, stored in _ARRAYS.items()}
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def read_embedding(content: bytes) -> EmbeddingPart:
    """The inverse of `write_embedding`.

    Raises:
        DamagedModel: it is not such a file.
    """
    try:
        with np.load(io.BytesIO(content)) as read:
            arrays = {name: read[stored] for name, stored in _ARRAYS.items()}
        split, source = str(arrays.pop("split")), str(arrays.pop("source"))
        perplexity = float(arrays.pop("perplexity"))
        return EmbeddingPart(split, source, perplexity, **arrays)
    except DAMAGED_CONTENT as error:
        raise DamagedModel(
            f"{EMBEDDING_FILE} cannot be read: {short_message(error)}.",
            advice="Explain the model again.",
        ) from error


def _projected(features: NDArray[np.float32], perplexity: float, seed: int) -> Projections:
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    count = min(COMPONENTS, *features.shape)
    components = PCA(count, svd_solver="full").fit(features)
    reduced = components.transform(features)
    if count == 1:  # one feature: the second axis is empty
        reduced = np.column_stack([reduced, np.zeros(len(reduced))])
    ratio = np.zeros(2, dtype=np.float32)
    ratio[: min(2, count)] = components.explained_variance_ratio_[:2]
    perplexity = min(perplexity, (len(features) - 1) / 3)
    # Initialised with the principal components, which preserves more of the global structure
    # (Kobak & Berens 2019).
    tsne = TSNE(2, perplexity=perplexity, init=_start(reduced), random_state=seed).fit_transform(
        reduced
    )
    return Projections(_within_one(tsne), _within_one(reduced[:, :2]), ratio, float(perplexity))


def _start(reduced: NDArray[np.floating]) -> NDArray[np.float32]:
    """The first two components at t-SNE's usual scale of an initialisation."""
    first = reduced[:, :2].astype(np.float32)
    return first / max(float(first[:, 0].std()), 1e-12) * np.float32(1e-4)


def _within_one(plane: NDArray[np.floating]) -> NDArray[np.float16]:
    """Centred and scaled to [-1, 1], with one scale for both axes."""
    middle = plane - (plane.max(axis=0) + plane.min(axis=0)) / 2
    reach = float(np.abs(middle).max())
    return np.asarray(middle / reach if reach > 0 else middle, dtype=np.float16)
