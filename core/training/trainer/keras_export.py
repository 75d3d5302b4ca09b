"""From a trained network to its files: batch normalisation folded, converted, and asked again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from core.conversion.writers.keras_litert import LiteRtFormat, write_litert
from core.conversion.writers.keras_macs import count_mmac
from core.domain import Dataset, softmax
from core.domain.errors import ModelError
from core.models import KERAS_FILE, LITERT_FILE, litert_logits
from core.training.fit.keras_inference import logits_of
from core.training.networks.keras_blocks import Build
from core.training.networks.keras_layers import EPSILON
from core.training.networks.keras_networks import NETWORKS, build
from core.training.plan import TrainingPlan

# A file may replace the network when it changes hardly any answer. Measured for dynamic int8 on
# PublicTest: about 99 % of the labels and a mean difference of 0.005; a broken file is far off.
LEAST_AGREEMENT = 0.98
MOST_MEAN_DIFFERENCE = 0.01


@dataclass(frozen=True, eq=False)
class Finish:
    """What is left when training is over.

    Attributes:
        keras_file, litert_file: plain, without our own layers.
        weights: numbers in the finished network.
        mmac: million multiply-accumulates a picture.
        logits: split name -> float64 `(n, k)`, answered by the LiteRT file: the one that is used.
        parity: a sentence saying how far the LiteRT file is from the network.
    """

    keras_file: Path
    litert_file: Path
    weights: int
    mmac: float
    logits: dict[str, NDArray[np.float64]]
    parity: str


def finish(trained: keras.Model, dataset: Dataset, plan: TrainingPlan, folder: Path) -> Finish:
    """Fold, convert, check that the file answers like the network, and ask it about each split.

    Raises:
        ModelError: no format gives the network's answers.
    """
    folder.mkdir(parents=True, exist_ok=True)
    recipe = plan.chosen_recipe
    how = Build(len(dataset.scheme), size_px=recipe.final_size_px, folded=True)
    plain = fold(trained, how)
    plain.save(folder / KERAS_FILE)
    parity = _smallest_that_agrees(plain, dataset, folder / LITERT_FILE, plan.threads)
    asked = (dataset.required_protocol.validation, dataset.required_protocol.test)
    return Finish(
        keras_file=folder / KERAS_FILE,
        litert_file=folder / LITERT_FILE,
        weights=plain.count_params(),
        mmac=count_mmac(plain),
        logits={
            name: litert_logits(folder / LITERT_FILE, dataset[name].pixels, threads=plan.threads)
            for name in asked
        },
        parity=parity,
    )


def _smallest_that_agrees(plain: keras.Model, dataset: Dataset, path: Path, threads: int) -> str:
    validation = dataset.required_protocol.validation
    pictures = dataset[validation]
    wanted = logits_of(plain, pictures.pixels, size_px=plain.input_shape[1])
    for number_format in (LiteRtFormat.DYNAMIC_INT8, LiteRtFormat.FLOAT32):
        write_litert(plain, path, number_format)
        got = litert_logits(path, pictures.pixels, threads=threads)
        agreement = float((got.argmax(axis=1) == wanted.argmax(axis=1)).mean())
        differences = np.abs(softmax(got) - softmax(wanted))
        if agreement >= LEAST_AGREEMENT and differences.mean() <= MOST_MEAN_DIFFERENCE:
            return (
                f"The LiteRT file ({number_format.value}) predicts the same class as the network "
                f"on {agreement * 100:.2f} % of {validation}; scores differ by "
                f"{differences.mean():.4f} on average and {differences.max():.3f} at most."
            )
    raise ModelError(
        f"The converted file agrees with the network on only {agreement * 100:.1f} % of the "
        "pictures.",
        advice="The network is kept in the run's folder; report this with console.log.",
    )


_FOLDED = (keras.layers.Conv2D, keras.layers.Dense)  # both end in the axis of their outputs


def fold(trained: keras.Model, how: Build) -> keras.Model:
    """A plain float32 network, without our own layers, that gives the same logits.

    Networks of Keras' own layers are built again in float32 and keep their normalisation.

    For each convolution or dense layer with kernel W followed by gamma, beta, mean, variance:
    W' = W * s and b' = beta - mean * s, where s = gamma / sqrt(variance + epsilon).

    Args:
        trained: a network made by `keras_networks.build` with `folded=False`.
        how: the same, with `folded=True` and a fixed `size_px`.
    """
    with _float32():
        plain = build(trained.name, how)
    if not NETWORKS[trained.name].folds:
        plain.set_weights(trained.get_weights())
        return plain
    for layer in plain.layers:
        if isinstance(layer, _FOLDED) and layer.name.endswith("_conv"):
            norm = trained.get_layer(layer.name.removesuffix("_conv") + "_norm")
            kernel = np.asarray(trained.get_layer(layer.name).kernel, dtype=np.float64)
            scale = np.asarray(norm.gamma, np.float64) / np.sqrt(
                np.asarray(norm.moving_variance, np.float64) + EPSILON
            )
            bias = np.asarray(norm.beta, np.float64) - np.asarray(norm.moving_mean) * scale
            layer.set_weights([kernel * scale, bias])
        elif layer.weights:
            layer.set_weights(trained.get_layer(layer.name).get_weights())
    return plain


class _float32:  # noqa: N801 - reads as the context it is
    """Build inside this and get float32 layers, whatever policy training set."""

    def __enter__(self) -> None:
        self._before = keras.config.dtype_policy()
        keras.config.set_dtype_policy("float32")

    def __exit__(self, *_: object) -> None:
        keras.config.set_dtype_policy(self._before)
