"""Export of a trained network: batch normalisation folded, converted to LiteRT, verified."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from core.conversion.writers.keras_litert import LiteRtFormat, write_litert
from core.conversion.writers.keras_macs import count_mmac
from core.domain import Dataset, softmax
from core.domain.counted import hundredths, tenths
from core.domain.errors import ModelError
from core.models import KERAS_FILE, LITERT_FILE, litert_logits
from core.training.fit.keras_inference import predict_logits
from core.training.networks.keras_blocks import NetworkSpec
from core.training.networks.keras_layers import EPSILON
from core.training.networks.keras_networks import NETWORKS, build
from core.training.plan import TrainingPlan

# A converted file is accepted if its predictions hardly differ. Measured for dynamic int8 on
# PublicTest: about 99 % of the labels and a mean difference of 0.005; a broken file is far off.
MIN_AGREEMENT = 0.98
MAX_MEAN_DIFFERENCE = 0.01


@dataclass(frozen=True, eq=False)
class ExportedModel:
    """Files and predictions of an exported network.

    Attributes:
        keras_file, litert_file: without custom layers.
        weights: number of weights.
        mmac: million multiply-accumulates per picture.
        logits: split name -> float64 `(n, k)`, computed with the LiteRT file: the one that is used.
        parity: a sentence on how much the LiteRT file's predictions differ from the network's.
    """

    keras_file: Path
    litert_file: Path
    weights: int
    mmac: float
    logits: dict[str, NDArray[np.float64]]
    parity: str


def export_model(
    network: keras.Model, dataset: Dataset, plan: TrainingPlan, folder: Path
) -> ExportedModel:
    """Fold, convert, verify the file's predictions, and predict the validation and test splits.

    Raises:
        ModelError: no format reproduces the network's predictions.
    """
    folder.mkdir(parents=True, exist_ok=True)
    recipe = plan.chosen_recipe
    spec = NetworkSpec(len(dataset.scheme), size_px=recipe.final_size_px, folded=True)
    plain = fold(network, spec)
    plain.save(folder / KERAS_FILE)
    parity = _smallest_matching_file(plain, dataset, folder / LITERT_FILE, plan.threads)
    splits = (dataset.required_protocol.validation, dataset.required_protocol.test)
    return ExportedModel(
        keras_file=folder / KERAS_FILE,
        litert_file=folder / LITERT_FILE,
        weights=plain.count_params(),
        mmac=count_mmac(plain),
        logits={
            name: litert_logits(folder / LITERT_FILE, dataset[name].pixels, threads=plan.threads)
            for name in splits
        },
        parity=parity,
    )


def _smallest_matching_file(plain: keras.Model, dataset: Dataset, path: Path, threads: int) -> str:
    validation = dataset.required_protocol.validation
    pictures = dataset[validation]
    expected = predict_logits(plain, pictures.pixels, size_px=plain.input_shape[1])
    for number_format in (LiteRtFormat.DYNAMIC_INT8, LiteRtFormat.FLOAT32):
        write_litert(plain, path, number_format)
        converted = litert_logits(path, pictures.pixels, threads=threads)
        agreement = float((converted.argmax(axis=1) == expected.argmax(axis=1)).mean())
        differences = np.abs(softmax(converted) - softmax(expected))
        if agreement >= MIN_AGREEMENT and differences.mean() <= MAX_MEAN_DIFFERENCE:
            return (
                f"The LiteRT file ({number_format.value}) predicts the same class as the network "
                f"on {hundredths(agreement)} of {validation}; scores differ by "
                f"{differences.mean():.4f} on average and {differences.max():.3f} at most."
            )
    raise ModelError(
        f"The converted file agrees with the network on only {tenths(agreement)} of the pictures.",
        advice="The network is kept in the run's folder; report this with console.log.",
    )


_FOLDED = (keras.layers.Conv2D, keras.layers.Dense)  # in both, outputs are the kernel's last axis


def fold(network: keras.Model, spec: NetworkSpec) -> keras.Model:
    """A float32 network without custom layers that computes the same logits.

    Networks of Keras' own layers are rebuilt in float32 and keep their normalisation.

    For each convolution or dense layer with kernel W followed by gamma, beta, mean, variance:
    W' = W * s and b' = beta - mean * s, where s = gamma / sqrt(variance + epsilon).

    Args:
        network: made by `keras_networks.build` with `folded=False`.
        spec: the same, with `folded=True` and a fixed `size_px`.
    """
    with _float32():
        plain = build(network.name, spec)
    if not NETWORKS[network.name].foldable:
        plain.set_weights(network.get_weights())
        return plain
    for layer in plain.layers:
        if isinstance(layer, _FOLDED) and layer.name.endswith("_conv"):
            norm = network.get_layer(layer.name.removesuffix("_conv") + "_norm")
            kernel = np.asarray(network.get_layer(layer.name).kernel, dtype=np.float64)
            scale = np.asarray(norm.gamma, np.float64) / np.sqrt(
                np.asarray(norm.moving_variance, np.float64) + EPSILON
            )
            bias = np.asarray(norm.beta, np.float64) - np.asarray(norm.moving_mean) * scale
            layer.set_weights([kernel * scale, bias])
        elif layer.weights:
            layer.set_weights(network.get_layer(layer.name).get_weights())
    return plain


class _float32:  # noqa: N801 - a context manager, named like a function
    """Layers built inside are float32, whatever dtype policy training has set."""

    def __enter__(self) -> None:
        self._before = keras.config.dtype_policy()
        keras.config.set_dtype_policy("float32")

    def __exit__(self, *_: object) -> None:
        keras.config.set_dtype_policy(self._before)
