"""One format after the other on the bench: written, asked, compared, measured."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.conversion.checks.benchmark import OWN_TIME, measure, versions_of
from core.conversion.checks.format_runtimes import opened
from core.conversion.checks.parity import compare, refusal_of
from core.conversion.checks.reference_faces import Faces
from core.conversion.formats import Format, Runtime
from core.conversion.plan import ConvertPlan
from core.domain import ONNX_FILE, ModelCard
from core.domain.errors import DamagedModel, UnwritableFormat
from core.domain.plain_values import from_plain, to_plain
from core.models import KERAS_FILE, ConvertedFormat, digest, predict
from core.models.runtimes import Engine, preprocess
from core.storage.atomic import write_atomic

ProgressCallback = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Bench:
    """What every format is tested with.

    Attributes:
        card: the model's.
        source: its file that others are made from.
        network: that file in memory, a keras.Model; None where it is none.
        faces: to compare on.
        wanted: `(n, k)` logits of the network about them.
        plan: what was asked.
        folder: where files are written until they are published.
    """

    card: ModelCard
    source: Path
    network: Any
    faces: Faces
    wanted: NDArray[np.float64]
    plan: ConvertPlan
    folder: Path

    @property
    def given(self) -> str:
        """The format that the model has already; empty for LiteRT, which may be any of four."""
        return {KERAS_FILE: "keras", ONNX_FILE: "onnx"}.get(self.source.name, "")


@dataclass(frozen=True)
class Candidate:
    """A file to be tested, or still to be written.

    Attributes:
        name: a key of `FORMATS`, or `LIVE_FORMAT`.
        format: says what is tolerated.
        runtime: asks it.
        path: of the file.
        is_there: whether it needs no writing: it is the model's own.
    """

    name: str
    format: Format
    runtime: Runtime
    path: Path
    is_there: bool = False


def tested(
    candidate: Candidate, bench: Bench, done: Sequence[ConvertedFormat], tell: ProgressCallback
) -> ConvertedFormat:
    """One format written, asked, compared and measured; refused where one of these says no.

    Args:
        done: what was tested before: of an equal file nothing else is to be found out.
    """
    tell(0, 1)
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
        faces=bench.faces.words,
        made_at="",
        source_sha256=digest(bench.source),
        notes=_notes(candidate, bench),
    )
    try:
        _write(candidate, bench)
        sizes = {"size_bytes": candidate.path.stat().st_size, "sha256": digest(candidate.path)}
        row = replace(row, **sizes)  # type: ignore[arg-type]
        twin = next((one for one in done if one.sha256 == row.sha256), None)
        if twin is not None and twin.parity is not None:
            refusal = refusal_of(twin.parity, candidate.format.tolerance)
            return replace(row, parity=twin.parity, speed=twin.speed, refusal=refusal)
        return _asked(row, candidate, bench, tell)
    except (UnwritableFormat, DamagedModel) as error:
        return replace(row, refusal=error.message)


def _write(candidate: Candidate, bench: Bench) -> None:
    if candidate.is_there:
        return
    if candidate.name == bench.given:
        shutil.copyfile(bench.source, candidate.path)
    elif bench.network is not None:
        from core.conversion.writers.keras_writers import write

        samples = preprocess(bench.faces.samples, bench.card.input)
        write(bench.network, candidate.name, candidate.path, samples)
    else:
        raise UnwritableFormat(
            f"{bench.card.name} has no Keras file, and {candidate.format.title} is made from a "
            "Keras file.",
            advice="Import the model as a Keras file, if there is one.",
        )


def _asked(
    row: ConvertedFormat, candidate: Candidate, bench: Bench, tell: ProgressCallback
) -> ConvertedFormat:
    card, faces = bench.card, bench.faces

    def load(threads: int = 1) -> Engine:
        return opened(candidate.runtime, candidate.path, threads=threads)

    logits = predict(load(bench.plan.threads), faces.pixels, card, tell=tell)
    found = compare(bench.wanted, logits, faces.labels, card)
    return replace(
        row,
        parity=found,
        refusal=refusal_of(found, candidate.format.tolerance),
        speed=measure(load, faces.pixels, card, clock=OWN_TIME),
    )


def _notes(candidate: Candidate, bench: Bench) -> tuple[str, ...]:
    if candidate.name != "litert-int8":
        return ()
    return (f"Calibration data for quantization: {bench.faces.samples_words}.",)


def keep(row: ConvertedFormat, candidate: Candidate, bench: Bench) -> None:
    """Written last: without it the format counts as not done."""
    write_atomic(_row_file(candidate, bench), json.dumps(to_plain(row), allow_nan=False))


def kept(candidate: Candidate, bench: Bench) -> ConvertedFormat | None:
    """What an earlier attempt of this run found; None if nothing, or about other files."""
    try:
        read = _row_file(candidate, bench).read_text(encoding="utf-8")
        row = from_plain(ConvertedFormat, json.loads(read))
        same = row.source_sha256 == digest(bench.source) and row.faces == bench.faces.words
        if row.passed:
            same = same and digest(candidate.path) == row.sha256
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return row if same else None


def _row_file(candidate: Candidate, bench: Bench) -> Path:
    return bench.folder / f"{candidate.name}.json"
