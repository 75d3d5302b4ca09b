"""The conversion job: a saved model in, other formats of it out, each tested and measured.

What a format gave is kept in the run's folder as soon as it is done, so a run that was stopped or
lost goes on with the next one. The model's folder is touched once, at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.conversion.checks.check_formats import (
    Bench,
    Candidate,
    ProgressCallback,
    keep,
    kept,
    tested,
)
from core.conversion.checks.format_runtimes import opened
from core.conversion.checks.reference_faces import Faces, faces_for
from core.conversion.formats import FORMATS, Format, Runtime
from core.conversion.plan import ConvertPlan
from core.conversion.publish import publish
from core.domain import ONNX_FILE, LogMessage, ModelCard
from core.domain.errors import ModelError
from core.jobs import JobContext, ProgressReporter
from core.models import (
    KERAS_FILE,
    LIVE_FORMAT,
    ConvertedFormat,
    load_card,
    predict,
    runtime_of,
    verified_file,
)
from core.models.runtimes import Engine


def run(plan_read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Convert one model.

    Returns:
        `model`: its name; `passed` and `refused`: names of formats, divided by commas.
    Raises:
        RunCancelled: somebody asked to stop; the formats done are kept for a resumed run.
        MienError: the model or the dataset cannot be used.
        OSError: the disk refused; the model's folder is as it was.
    """
    plan = ConvertPlan.from_json(plan_read)
    models_dir = place.settings.models_dir
    card = load_card(models_dir, plan.model)
    source = _source_of(models_dir, card)
    faces = faces_for(plan, card, place.settings)
    place.journal.append(LogMessage(f"Compared on {faces.words}"))
    chosen = plan.chosen
    teller = ProgressReporter(place, len(chosen) + 2)
    bench = _bench(plan, card, source, faces, place.folder, teller.part(1, "The network"))
    candidates = [_candidate(one, bench) for one in chosen]
    candidates.append(_live_candidate(models_dir, card))
    rows: list[ConvertedFormat] = []
    for number, candidate in enumerate(candidates, start=2):
        tell = teller.part(number, candidate.format.title)
        row = kept(candidate, bench)
        if row is None:
            made_at = place.clock().isoformat(timespec="seconds")
            row = replace(tested(candidate, bench, rows, tell), made_at=made_at)
            keep(row, candidate, bench)
        rows.append(row)
        place.journal.append(LogMessage(_told(row, candidate)))
    publish(place.settings, card, rows, bench.folder)
    for one in candidates:
        if not one.is_there:  # it lies beside the model now
            one.path.unlink(missing_ok=True)
    return {
        "model": card.name,
        "passed": ", ".join(row.name for row in rows if row.passed and row.name != LIVE_FORMAT),
        "refused": ", ".join(row.name for row in rows if not row.passed),
    }


def _source_of(models_dir: Path, card: ModelCard) -> Path:
    """The file that others are made from: the network, or what a model was imported as."""
    for file in (KERAS_FILE, ONNX_FILE, card.served_by):
        if file in card.files:
            return verified_file(models_dir, card, file)
    raise ModelError(
        f"{card.name} has no {KERAS_FILE}, so it cannot be converted.",
        advice="Restore that file, train again, or import the model as Keras or ONNX.",
    )


def _bench(  # noqa: PLR0913 - the parts of one value
    plan: ConvertPlan,
    card: ModelCard,
    source: Path,
    faces: Faces,
    folder: Path,
    tell: ProgressCallback,
) -> Bench:
    """TensorFlow wakes up here, when everything else is known to be in order."""
    folder = folder / "result"
    folder.mkdir(parents=True, exist_ok=True)
    network: Any = None
    asked: Engine
    if source.name == KERAS_FILE:
        from core.conversion.writers.keras_runtimes import KerasEngine, prepare_one_thread
        from core.models.runtimes.keras_file import load_network

        prepare_one_thread()
        network = load_network(source)
        asked = KerasEngine(network)
    else:
        asked = opened(Runtime(runtime_of(source.name)), source, threads=plan.threads)
    wanted = predict(asked, faces.pixels, card, tell=tell)
    return Bench(card, source, network, faces, wanted, plan, folder)


def _candidate(chosen: Format, bench: Bench) -> Candidate:
    path = bench.folder / f"{bench.card.name}{chosen.suffix}"
    return Candidate(chosen.name, chosen, chosen.runtime, path)


def _live_candidate(models_dir: Path, card: ModelCard) -> Candidate:
    """The file that the model came with for live use, which the others are measured against."""
    path = models_dir / card.name / card.served_by
    runtime = Runtime(runtime_of(card.served_by))
    # It was made with 8-bit weights or better: that is what it has to keep to.
    usual = FORMATS["litert-dynamic-int8" if runtime is Runtime.LITERT else "onnx"]
    live = replace(usual, title=f"The live file ({card.served_by})")
    return Candidate(LIVE_FORMAT, live, runtime, path, is_there=True)


def _told(row: ConvertedFormat, candidate: Candidate) -> str:
    return f"{candidate.format.title}: {'passed' if row.passed else f'refused. {row.refusal}'}"
