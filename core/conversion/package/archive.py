"""Packages one format of a model as an archive that works without Mien."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from core.conversion.formats import FORMATS, Runtime
from core.conversion.package.browser_example import BROWSER_EXAMPLE_FILE, browser_example_for
from core.conversion.package.example_code import example_for
from core.conversion.package.readme import licence_text, readme_text
from core.domain import ModelCard, ModelInput
from core.domain.errors import DamagedModel
from core.domain.plain_values import to_plain
from core.models import (
    BROWSER_FORMAT,
    CARD_FILE,
    CARD_TEXT_FILE,
    ConvertedFormat,
    card_page,
    format_file,
)
from core.models.runtimes import preprocess
from core.storage.corrupt_data import DAMAGED_BYTES, short_message
from core.vision.faces import CROPS, EYE_DISTANCE, EYES_CENTRE, FER2013_CROP, MOUTH_CENTRE

SUMS_FILE = "SHA256SUMS"
_SAVED_MODEL_FOLDER = "saved_model"
_PICTURE_READER = "pillow"
_TIME = (1980, 1, 1, 0, 0, 0)  # fixed, so that equal contents make equal archives


def package(models_dir: Path, card: ModelCard, row: ConvertedFormat) -> bytes:
    """A ZIP with the model's file, its card, its preprocessing, and an example program.

    Args:
        row: a format that passed, from `read_formats`.
    Raises:
        DamagedModel: the format was refused, or its file is not the one that was tested.
    """
    path = format_file(models_dir, card, row)
    folder = f"{card.name}-{row.name}"
    files = _files(models_dir, card, row, path)
    checksums = "".join(
        f"{sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, SUMS_FILE: checksums.encode()}.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def package_name(card: ModelCard, row: ConvertedFormat) -> str:
    """The archive's file name."""
    return f"{card.name}-{row.name}.zip"


def preprocessing(card: ModelCard, batch_size: int | None = None) -> dict[str, Any]:
    """Preprocessing of a face picture, and postprocessing of the outputs to scores.

    Args:
        batch_size: pictures that the file takes in each call; None for any number.
    """
    model_input = card.input
    face: dict[str, Any] = {
        "size_px": model_input.size_px,
        "crop": model_input.crop,
        "crop_in_words": CROPS.get(model_input.crop, ""),
        "interpolation": model_input.interpolation.value,
        "interpolation_in_words": "of faces that are smaller; larger ones are averaged",
    }
    if model_input.crop == FER2013_CROP:
        # Fractions of the picture's side, from its top left corner.
        face["eyes_middle"], face["mouth_middle"] = list(EYES_CENTRE), list(MOUTH_CENTRE)
        face["eyes_apart"] = EYE_DISTANCE
    factor, shift = _scaling(model_input)
    return {
        "face": face,
        "input": {
            "dtype": "float32",
            "shape": [batch_size, *model_input.shape],
            "channels": model_input.channels,
            "grey": "0.299 R + 0.587 G + 0.114 B, rounded to whole numbers from 0 to 255",
            "colour_order": model_input.colour_order.value,
            "layout": model_input.layout.value,
            "in_words": "value / 255 * factor + shift, for each channel in the order given",
            "factor": factor,
            "shift": shift,
        },
        "output": {
            "kind": card.answers.value,
            "columns": [int(one) for one in card.outputs],
            "labels": list(card.scheme.labels),
            "temperature": card.temperature,
            "in_words": "scores are softmax(logits / temperature)",
            "not_sure_below": card.not_sure_below,
        },
    }


def _scaling(model_input: ModelInput) -> tuple[list[float], list[float]]:
    """Pixel scaling as a factor and a shift for each channel in the model's order.

    Derived from `preprocess`, which live pages use, so that the two cannot differ.
    """
    black, white = (
        preprocess(np.full((1, 1, 1, model_input.channels), one, np.float32), model_input).reshape(
            -1
        )
        for one in (0.0, 1.0)
    )
    return (white - black).tolist(), black.tolist()


def _files(models_dir: Path, card: ModelCard, row: ConvertedFormat, path: Path) -> dict[str, bytes]:
    known = FORMATS.get(row.name)
    runtime = Runtime(row.runtime) if known is None else known.runtime
    batch_size = None if known is None else known.batch_size
    saved_model = runtime is Runtime.SAVED_MODEL
    model = _SAVED_MODEL_FOLDER if saved_model else f"{card.name}{path.suffix}"
    text: Mapping[str, str] = {
        "README.md": readme_text(card, row, model),
        "example.py": example_for(runtime, model),
        "requirements.txt": "".join(f"{one}\n" for one in _requirements(row)),
        "preprocessing.json": _json(preprocessing(card, batch_size)),
        "labels.txt": "".join(f"{label}\n" for label in card.scheme.labels),
        CARD_FILE: _json(card.to_json()),
        CARD_TEXT_FILE: card_page(models_dir / card.name, card),
        "format.json": _json(to_plain(row)),
        "LICENCE-AND-LIMITS.txt": licence_text(card, runtime),
    }
    if row.name == BROWSER_FORMAT:
        text = {**text, BROWSER_EXAMPLE_FILE: browser_example_for(model)}
    return {
        **(_unpacked(path) if saved_model else {model: path.read_bytes()}),
        **{name: content.encode() for name, content in text.items()},
    }


def _unpacked(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(archive.namelist())
            return {f"{_SAVED_MODEL_FOLDER}/{name}": archive.read(name) for name in names}
    except DAMAGED_BYTES as error:
        raise DamagedModel(
            f"{path.name} is no archive: {short_message(error)}.", advice="Convert the model again."
        ) from error


def _requirements(row: ConvertedFormat) -> tuple[str, ...]:
    try:
        return (*row.requires, f"{_PICTURE_READER}=={version(_PICTURE_READER)}")
    except PackageNotFoundError:
        return (*row.requires, _PICTURE_READER)


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, allow_nan=False) + "\n"
