"""A saved model's other formats: their files, test results and speed.

`models/<model>/formats/formats.json` holds one row per format, passed or refused; the files lie
beside it. A row is valid only as long as the model's own file is the one it was made from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.domain import Interval, ModelCard
from core.domain.errors import DamagedModel
from core.domain.plain_values import from_plain, parse_json, to_plain

FORMATS_FOLDER = "formats"
FORMATS_FILE = "formats.json"
LIVE_FORMAT = "live"
"""Name of the row for the model's own file, which live pages use by default."""

BROWSER_FORMAT = "litert-dynamic-int8-batch-1"
"""Name of the format that browsers run, through the JavaScript runtime of LiteRT."""


@dataclass(frozen=True)
class Latency:
    """Latency of one call, in milliseconds of CPU time on one core.

    Attributes:
        median_ms, p95_ms: over many calls, after a warm-up.
    """

    median_ms: float
    p95_ms: float


@dataclass(frozen=True)
class Speed:
    """Speed of a format with one thread.

    Attributes:
        load_ms: opening the file and one prediction, with its runtime imported already.
        one, many: a call with 1 picture, and one with 32.
        machine: processor and system it was measured on.
        load_average: runnable processes over the last minute, while it was measured; CPU time
            grows a little with it, as cores share caches. Below 0: not available on this system.
    """

    load_ms: float
    one: Latency
    many: Latency
    machine: str
    load_average: float


@dataclass(frozen=True)
class Parity:
    """How far a format's predictions are from the network's.

    Attributes:
        faces: pictures compared.
        max_difference, mean_difference: between scores, over all pictures and classes.
        changed_labels: share of pictures whose top label differs.
        accuracy_change: accuracy of the format minus the network's, with the 95 % interval of a
            paired comparison; None where the pictures have no human labels.
        ece_change: of the expected calibration error; None likewise.
    """

    faces: int
    max_difference: float
    mean_difference: float
    changed_labels: float
    accuracy_change: Interval | None = None
    ece_change: float | None = None


@dataclass(frozen=True)
class ConvertedFormat:
    """One format of a model: passed, or refused with the reason.

    Attributes:
        name: a key of `conversion.FORMATS`, or `LIVE_FORMAT`.
        runtime: what runs it: litert, onnx, keras or saved-model.
        requires: pinned packages it was tested with.
        file: path from the model's folder; empty where no file was published.
        sha256: of the file; empty where nothing was written.
        size_bytes: 0 where nothing was written.
        parity, speed: None where the format did not get that far.
        refusal: the reason why it must not be used; empty for a format that passed.
        faces: description of the pictures it was tested on.
        notes: what else a user must know.
        made_at: UTC, ISO 8601.
        source_sha256: of the file it was made from.
    """

    name: str
    runtime: str
    requires: tuple[str, ...]
    file: str
    sha256: str
    size_bytes: int
    parity: Parity | None
    speed: Speed | None
    refusal: str
    faces: str
    made_at: str
    source_sha256: str
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it may be published and used."""
        return not self.refusal


def formats_folder(models_dir: Path, model: str) -> Path:
    """The folder of a model's other formats, whether or not it exists."""
    return models_dir / model / FORMATS_FOLDER


def read_formats(models_dir: Path, card: ModelCard) -> tuple[ConvertedFormat, ...]:
    """Every row valid for the model's current file; empty where it was never converted.

    Raises:
        DamagedModel: the list cannot be read.
    """
    return formats_in(models_dir / card.name, card)


def formats_in(folder: Path, card: ModelCard) -> tuple[ConvertedFormat, ...]:
    """The same for a model's folder, which may still have another name."""
    path = folder / FORMATS_FOLDER / FORMATS_FILE
    try:
        read = parse_json(path.read_text(encoding="utf-8"))
        rows = from_plain(tuple[ConvertedFormat, ...], read["formats"])
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise DamagedModel(
            f"The list of formats of {card.name} cannot be read: {error}.",
            advice="Convert the model again; its own files are not touched.",
        ) from error
    known = set(card.files.values())
    return tuple(one for one in rows if one.source_sha256 in known)


def formats_as_bytes(rows: Iterable[ConvertedFormat]) -> bytes:
    """The content of `formats.json`."""
    content = {"formats": to_plain(list(rows))}
    return (json.dumps(content, indent=1, allow_nan=False) + "\n").encode()


def has_file(models_dir: Path, card: ModelCard, row: ConvertedFormat) -> bool:
    """Whether the file of a format that passed exists; its content is not checked."""
    return row.passed and bool(row.file) and (models_dir / card.name / row.file).is_file()
