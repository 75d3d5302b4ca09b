"""All pictures of a split on one plane: those that look alike to the model lie side by side.

What the network's last layer reads of each picture is reduced to 50 numbers by principal components
and then laid out by t-SNE (van der Maaten & Hinton 2008), which keeps neighbours together; how far
apart two groups lie, and how large they are, says nothing. The plane of the first two principal
components is kept beside it: there, distances do count, but fewer of them show.
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
FEWEST = 8
"""Pictures; with fewer there are no neighbours to keep together."""

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "what it answers to each picture": "the scores",
        "what its last layer reads of each picture": "the features of the last layer",
    }
)
"""What was projected as it stands in a file -> as it is shown."""

_ARRAYS = ("split", "source", "perplexity", "digests", "labels", "said", "tsne", "pca", "explained")


@dataclass(frozen=True, eq=False)
class EmbeddingPart:
    """Where the pictures of one split lie.

    Attributes:
        split: whose pictures.
        source: what was projected; shown as `SOURCES` has it.
        perplexity: about how many neighbours of each picture t-SNE looks at.
        digests: uint64 `(n,)`.
        labels: int16 `(n,)`, class numbers, or `UNLABELLED`.
        said: int16 `(n,)`, class numbers.
        tsne, pca: float16 `(n, 2)`, in [-1, 1].
        explained: float32 `(2,)`: share of the features' variance along each axis of `pca`.
    """

    split: str
    source: str
    perplexity: float
    digests: NDArray[np.uint64]
    labels: NDArray[np.int16]
    said: NDArray[np.int16]
    tsne: NDArray[np.float16]
    pca: NDArray[np.float16]
    explained: NDArray[np.float32]

    def __post_init__(self) -> None:
        count = len(self.digests)
        if self.labels.shape != (count,) or self.said.shape != (count,):
            raise ValueError(f"{self.labels.shape} labels for {count} pictures")
        for plane in (self.tsne, self.pca):
            if plane.shape != (count, 2) or not np.isfinite(plane).all():
                raise ValueError(f"{plane.shape} places for {count} pictures")

    def __len__(self) -> int:
        return len(self.digests)

    def tally(self, rows: NDArray[np.int64]) -> tuple[dict[int, int], int]:
        """Of some pictures: label -> how many, the most first; and how many were named wrong."""
        labels, said = self.labels[rows], self.said[rows]
        numbers, counts = np.unique(labels, return_counts=True)
        order = np.argsort(-counts, kind="stable")
        wrong = int(((labels != said) & (labels != UNLABELLED)).sum())
        return {int(numbers[at]): int(counts[at]) for at in order}, wrong


@dataclass(frozen=True, eq=False)
class Layout:
    """Two planes of the same pictures; see `EmbeddingPart`."""

    tsne: NDArray[np.float16]
    pca: NDArray[np.float16]
    explained: NDArray[np.float32]
    perplexity: float


def lay_out(features: NDArray[np.float32], *, perplexity: float, seed: int) -> Layout:
    """Bring features to two numbers a picture, twice; the same features give the same plane.

    Args:
        features: float32 `(n, f)`.
        perplexity: lowered where there are too few pictures for it.
    Raises:
        EmptySplit: fewer pictures than `FEWEST`.
    """
    if len(features) < FEWEST:
        raise EmptySplit(
            f"{counted(len(features), 'picture is', 'pictures are')} too few for a projection.",
            advice=f"Choose a split with {FEWEST} or more.",
        )
    if not np.ptp(features, axis=0).any():  # the model makes the same of every picture
        nowhere = np.zeros((len(features), 2), dtype=np.float16)
        return Layout(nowhere, nowhere, np.zeros(2, dtype=np.float32), perplexity)
    # Here, as it takes seconds to import and only a worker needs it.
    from threadpoolctl import threadpool_limits

    # Load-bearing: t-SNE's threads wait for one another thousands of times, turning in circles; on
    # a busy machine of two cores two of them took fifteen times as long as one. One thread also
    # adds up in one order, so that the plane is the same everywhere.
    with threadpool_limits(1):
        return _laid_out(features, perplexity, seed)


def write_embedding(part: EmbeddingPart) -> bytes:
    """A part as the content of its file."""
    file = io.BytesIO()
    np.savez_compressed(file, **{name: np.asarray(getattr(part, name)) for name in _ARRAYS})  # type: ignore[arg-type]
    return file.getvalue()


def read_embedding(content: bytes) -> EmbeddingPart:
    """The inverse of `write_embedding`.

    Raises:
        DamagedModel: it is none.
    """
    try:
        with np.load(io.BytesIO(content)) as read:
            arrays = {name: read[name] for name in _ARRAYS}
        split, source = str(arrays.pop("split")), str(arrays.pop("source"))
        perplexity = float(arrays.pop("perplexity"))
        return EmbeddingPart(split, source, perplexity, **arrays)
    except DAMAGED_CONTENT as error:
        raise DamagedModel(
            f"{EMBEDDING_FILE} cannot be read: {short_message(error)}.",
            advice="Explain the model again.",
        ) from error


def _laid_out(features: NDArray[np.float32], perplexity: float, seed: int) -> Layout:
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
    # Begun from the principal components: it then keeps more of the whole (Kobak & Berens 2019).
    laid = TSNE(2, perplexity=perplexity, init=_start(reduced), random_state=seed).fit_transform(
        reduced
    )
    return Layout(_within_one(laid), _within_one(reduced[:, :2]), ratio, float(perplexity))


def _start(reduced: NDArray[np.floating]) -> NDArray[np.float32]:
    """The first two components, small: t-SNE's own scale for a start."""
    first = reduced[:, :2].astype(np.float32)
    return first / max(float(first[:, 0].std()), 1e-12) * np.float32(1e-4)


def _within_one(plane: NDArray[np.floating]) -> NDArray[np.float16]:
    """Centred, and with one scale for both axes."""
    middle = plane - (plane.max(axis=0) + plane.min(axis=0)) / 2
    reach = float(np.abs(middle).max())
    return np.asarray(middle / reach if reach > 0 else middle, dtype=np.float16)
