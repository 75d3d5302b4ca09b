"""Checks one format: written, run, compared with the network, and benchmarked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.conversion.checks.benchmark import CPU_CLOCK, MANY, measure, versions_of
from core.conversion.checks.format_runtimes import open_in_runtime
from core.conversion.checks.parity import compare, refusal_of
from core.conversion.checks.reference_faces import ReferenceFaces
from core.conversion.formats import Format, Runtime
from core.conversion.plan import ConvertPlan
from core.domain import ONNX_FILE, ModelCard
from core.domain.errors import DamagedModel, UnwritableFormat
from core.domain.plain_values import from_plain, parse_json, to_plain
from core.domain.progress import ProgressCallback
from core.models import KERAS_FILE, ConvertedFormat, digest, predict
from core.models.runtimes import Engine, preprocess
from core.storage.atomic import write_atomic


@dataclass(frozen=True, eq=False)
class ConversionContext:
    """What all formats of one conversion share.

    Attributes:
        card: the model's.
        source: the model's file that formats are converted from.
        network: that file in memory, a keras.Model; None for other kinds.
        faces: to compare on.
        reference_logits: `(n, k)` logits of the network for them.
        plan: of the conversion.
        folder: where files are written until they are published.
    """

    card: ModelCard
    source: Path
    network: Any
    faces: ReferenceFaces
    reference_logits: NDArray[np.float64]
    plan: ConvertPlan
    folder: Path

    @property
    def source_format(self) -> str:
        """The format of the source; empty for LiteRT, which may be any of four."""
        return {KERAS_FILE: "keras", ONNX_FILE: "onnx"}.get(self.source.name, "")


@dataclass(frozen=True)
class FormatCandidate:
    """A file to be checked, once it is written.

    Attributes:
        name: a key of `FORMATS`, or `LIVE_FORMAT`.
        format: with its tolerance.
        runtime: runs the file.
        path: of the file.
        is_original: whether it is the model's own file, which is not written.
    """

    name: str
    format: Format
    runtime: Runtime
    path: Path
    is_original: bool = False


def check_format(
    candidate: FormatCandidate,
    shared: ConversionContext,
    done: Sequence[ConvertedFormat],
    on_progress: ProgressCallback,
) -> ConvertedFormat:
    """Write, run, compare and benchmark one format; refused where one of these fails.

    Args:
        done: formats checked before: an equal file has the same results.
    """
    on_progress(0, 1)
    row = ConvertedFormat(
        name=candidate.name,
        runtime=candidate.runtime,
        requires=versions_of(candidate.runtime),
        file="",
        sha256="",
        size_bytes=0,
        parity=None,
        speed=None,
        refusal="",
        faces=shared.faces.description,
        made_at="",
        source_sha256=digest(shared.source),
        notes=_notes(candidate, shared),
    )
    try:
        _write(candidate, shared)
        sizes = {"size_bytes": candidate.path.stat().st_size, "sha256": digest(candidate.path)}
        row = replace(row, **sizes)  # type: ignore[arg-type]
        same_file = next((one for one in done if one.sha256 == row.sha256), None)
        if same_file is not None and same_file.parity is not None:
            refusal = refusal_of(same_file.parity, candidate.format.tolerance)
            return replace(row, parity=same_file.parity, speed=same_file.speed, refusal=refusal)
        return _compared(row, candidate, shared, on_progress)
    except (UnwritableFormat, DamagedModel) as error:
        return replace(row, refusal=error.message)


def _write(candidate: FormatCandidate, shared: ConversionContext) -> None:
    if candidate.is_original:
        return
    if candidate.name == shared.source_format:
        shutil.copyfile(shared.source, candidate.path)
    elif shared.network is not None:
        from core.conversion.writers.keras_writers import write

        samples = preprocess(shared.faces.samples, shared.card.input)
        write(shared.network, candidate.name, candidate.path, samples)
    else:
        raise UnwritableFormat(
            f"{shared.card.name} has no Keras file, and {candidate.format.title} is made from a "
            "Keras file.",
            advice="Import the model as a Keras file, if there is one.",
        )


def _compared(
    row: ConvertedFormat,
    candidate: FormatCandidate,
    shared: ConversionContext,
    on_progress: ProgressCallback,
) -> ConvertedFormat:
    card, faces = shared.card, shared.faces

    def load(threads: int = 1) -> Engine:
        return open_in_runtime(candidate.runtime, candidate.path, threads=threads)

    logits = predict(load(shared.plan.threads), faces.pixels, card, on_progress=on_progress)
    found = compare(shared.reference_logits, logits, faces.labels, card)
    return replace(
        row,
        parity=found,
        refusal=refusal_of(found, candidate.format.tolerance),
        speed=measure(load, faces.pixels, card, clock=CPU_CLOCK),
    )


def _notes(candidate: FormatCandidate, shared: ConversionContext) -> tuple[str, ...]:
    if candidate.name == "litert-int8":
        return (f"Calibration data for quantization: {shared.faces.samples_description}.",)
    if (size := candidate.format.batch_size) is not None:
        return (f"{candidate.format.title}: {MANY} pictures are {MANY // size} calls.",)
    return ()


def save_checked(
    row: ConvertedFormat, candidate: FormatCandidate, shared: ConversionContext
) -> None:
    """Store a checked format; written last: without it the format counts as not done."""
    write_atomic(_row_file(candidate, shared), json.dumps(to_plain(row), allow_nan=False))


def load_checked(candidate: FormatCandidate, shared: ConversionContext) -> ConvertedFormat | None:
    """The stored result of an earlier attempt of this run; None if none, or of other files."""
    try:
        read = _row_file(candidate, shared).read_text(encoding="utf-8")
        row = from_plain(ConvertedFormat, parse_json(read))
        same = row.source_sha256 == digest(shared.source) and row.faces == shared.faces.description
        if row.passed:
            same = same and digest(candidate.path) == row.sha256
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return row if same else None


def _row_file(candidate: FormatCandidate, shared: ConversionContext) -> Path:
    return shared.folder / f"{candidate.name}.json"
