"""Names of expressions, and scores over them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.domain.errors import LabelSchemeMismatch


@dataclass(frozen=True)
class LabelScheme:
    """Expression names in the order of a model's outputs.

    Attributes:
        name: short, lower case, unique.
        labels: lower-case names; position is the class number, and class 0 is a class.
    """

    name: str
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.labels) < 2 or len(set(self.labels)) != len(self.labels):
            raise ValueError(f"{self.name}: a scheme has two or more distinct labels")

    def __len__(self) -> int:
        return len(self.labels)

    def index(self, label: str) -> int:
        """Class number of a label.

        Raises:
            LabelSchemeMismatch: the scheme has no such label.
        """
        try:
            return self.labels.index(label)
        except ValueError:
            raise LabelSchemeMismatch(
                f"{self.name} has no label {label!r}.",
                advice=f"It has: {', '.join(self.labels)}.",
            ) from None


# Class numbers as published with FER2013 (Goodfellow et al. 2013).
FER7 = LabelScheme("fer7", ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"))

# FER2013's mapping of the viva sensor: happy and neutral, against fear, angry and sad.
CONFIDENT2 = LabelScheme("confident-stressed", ("confident", "stressed"))

# Three levels of how much a face moves while somebody speaks.
EXPRESSIVENESS3 = LabelScheme("expressiveness", ("reserved", "balanced", "expressive"))

SCHEMES: Mapping[str, LabelScheme] = {
    scheme.name: scheme for scheme in (FER7, CONFIDENT2, EXPRESSIVENESS3)
}


@dataclass(frozen=True)
class LabelMap:
    """A mapping from labels to the labels of a scheme.

    Attributes:
        name: as shown on screen.
        target: the scheme mapped to.
        pairs: (label, label of the target), each label once; None excludes its pictures.
    """

    name: str
    target: LabelScheme
    pairs: tuple[tuple[str, str | None], ...]

    def __post_init__(self) -> None:
        sources = [source for source, _ in self.pairs]
        if len(set(sources)) != len(sources):
            raise ValueError(f"{self.name}: a label is mapped twice in {sources}")
        for _, label in self.pairs:
            if label is not None:
                self.target.index(label)

    def __getitem__(self, label: str) -> str | None:
        """The target's label; None excludes pictures with this label.

        Raises:
            LabelSchemeMismatch: the map does not contain this label.
        """
        for source, found in self.pairs:
            if source == label:
                return found
        raise LabelSchemeMismatch(
            f"{self.name} does not say what becomes of {label!r}.",
            advice="Choose a label for it, or leave it out.",
        )


# As the viva sensor describes it; surprise and disgust are excluded.
TO_CONFIDENT2 = LabelMap(
    "confident or stressed",
    CONFIDENT2,
    (
        ("happy", "confident"),
        ("neutral", "confident"),
        ("fear", "stressed"),
        ("angry", "stressed"),
        ("sad", "stressed"),
        ("surprise", None),
        ("disgust", None),
    ),
)


@dataclass(frozen=True, eq=False)
class EmotionScores:
    """How strongly one face shows each expression of a scheme.

    Attributes:
        scheme: names the entries of `values`, in order.
        values: float32, shape `(len(scheme),)`, each in [0, 1], summing to 1; read-only.
    """

    scheme: LabelScheme
    values: NDArray[np.float32]

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=np.float32)
        if values.shape != (len(self.scheme),):
            raise ValueError(
                f"{self.scheme.name} needs {len(self.scheme)} scores, got shape {values.shape}"
            )
        # So that NaN is refused too: nothing is true of it.
        if not (values.min() >= 0 and abs(float(values.sum()) - 1) <= 1e-3):
            raise ValueError(f"scores must lie in [0, 1] and sum to 1, got {values.tolist()}")
        values.flags.writeable = False
        object.__setattr__(self, "values", values)

    def __getitem__(self, label: str) -> float:
        return float(self.values[self.scheme.index(label)])

    @property
    def top(self) -> str:
        """The label with the highest score; the first of ties."""
        return self.scheme.labels[int(self.values.argmax())]

    @property
    def top_score(self) -> float:
        """The highest score, in [1 / k, 1]."""
        return float(self.values.max())

    @property
    def entropy(self) -> float:
        """Shannon entropy in nats, 0 (certain) to log k (no idea)."""
        positive = self.values[self.values > 0].astype(np.float64)
        return max(0.0, float(-(positive * np.log(positive)).sum()))


def mean_scores(scores: Sequence[EmotionScores]) -> EmotionScores:
    """The average of several scores of one scheme.

    Raises:
        ValueError: nothing to average.
        LabelSchemeMismatch: the schemes differ.
    """
    if not scores:
        raise ValueError("nothing to average")
    scheme = scores[0].scheme
    if any(one.scheme != scheme for one in scores):
        raise LabelSchemeMismatch(
            "Cannot average scores of different schemes.",
            advice="Average those of one model, or of models that name the same labels.",
        )
    return normalised(scheme, np.mean([one.values for one in scores], axis=0))


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores from logits `(n, k)`, row by row, without overflow."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def normalised(scheme: LabelScheme, values: ArrayLike) -> EmotionScores:
    """Scores from non-negative numbers with a positive, finite sum.

    Raises:
        ValueError: a negative or infinite number, or nothing but zeros.
    """
    raw = np.asarray(values, dtype=np.float64)
    total = float(raw.sum())
    if not math.isfinite(total) or total <= 0:
        raise ValueError(f"cannot normalise {raw.tolist()}")
    return EmotionScores(scheme, (raw / total).astype(np.float32))
