"""Log loss: the cross-entropy of logits."""

from __future__ import annotations

import numpy as np

from core.evaluation.metrics.arrays import Counts, Floats


def log_loss(logits: Floats, truth: Counts) -> float:
    """Mean negative log of the true class's score, in nats: the cross-entropy of logits."""
    return float(log_losses(logits, truth).mean())


def log_losses(logits: Floats, truth: Counts) -> Floats:
    """Negative log of the true class's score, picture by picture: float64 `(n,)`, nats.

    Load-bearing: computed from logits. Small scores would have to be clipped before the logarithm,
    which would make a model with confident errors look better than it is.

    Args:
        logits: `(n, k)`, divided by the temperature.
        truth: `(n,)`, class numbers.
    """
    return np.asarray(-log_softmax(logits)[np.arange(len(truth)), truth])


def log_softmax(logits: Floats) -> Floats:
    """Natural logarithms of the scores, float64, row by row, without overflow or underflow."""
    logits = np.asarray(logits, dtype=np.float64)
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
