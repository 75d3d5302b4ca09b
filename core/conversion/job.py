"""The conversion job: converts a saved model to other formats, checks and benchmarks each.

A format's result is stored in the run's folder as soon as it is done, so a resumed run continues
with the next one. The model's folder is changed once, at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.conversion.checks.check_formats import (
    ConversionContext,
    FormatCandidate,
    check_format,
    load_checked,
    save_checked,
)
from core.conversion.checks.format_runtimes import open_in_runtime
from core.conversion.checks.reference_faces import ReferenceFaces, faces_for
from core.conversion.formats import FORMATS, Format, Runtime
from core.conversion.plan import ConvertPlan
from core.conversion.publish import publish
from core.domain import ONNX_FILE, LogMessage, ModelCard
from core.domain.errors import ModelError
from core.domain.progress import ProgressCallback
from core.jobs import JobContext, ProgressReporter
from core.models import (
    KERAS_FILE,
    LIVE_FORMAT,
    ConvertedFormat,
    load_card,
    predict,
    verified_file,
)
from core.models.runtimes import Engine, runtime_of


def run(plan_read: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Convert one model.

    Returns:
        `model`: its name; `passed` and `refused`: names of formats, separated by commas.
    Raises:
        RunCancelled: the run was cancelled; finished formats are kept for a resumed run.
        MienError: the model or the dataset cannot be used.
        OSError: the disk refused; the model's folder is unchanged.
    """
    plan = ConvertPlan.from_json(plan_read)
    models_dir = context.settings.models_dir
    card = load_card(models_dir, plan.model)
    source = _source_of(models_dir, card)
    faces = faces_for(plan, card, context.settings)
    context.journal.append(LogMessage(f"Compared on {faces.description}"))
    chosen = plan.chosen
    reporter = ProgressReporter(context, len(chosen) + 2)
    shared = _conversion_context(
        plan, card, source, faces, context.folder, reporter.part(1, "The network")
    )
    candidates = [_format_candidate(one, shared) for one in chosen]
    candidates.append(_live_candidate(models_dir, card))
    rows: list[ConvertedFormat] = []
    for number, candidate in enumerate(candidates, start=2):
        on_progress = reporter.part(number, candidate.format.title)
        row = load_checked(candidate, shared)
        if row is None:
            made_at = context.clock().isoformat(timespec="seconds")
            row = replace(check_format(candidate, shared, rows, on_progress), made_at=made_at)
            save_checked(row, candidate, shared)
        rows.append(row)
        context.journal.append(LogMessage(_message(row, candidate)))
    publish(context.settings, card, rows, shared.folder)
    for one in candidates:
        if not one.is_original:  # it is published now
            one.path.unlink(missing_ok=True)
    return {
        "model": card.name,
        "passed": ", ".join(row.name for row in rows if row.passed and row.name != LIVE_FORMAT),
        "refused": ", ".join(row.name for row in rows if not row.passed),
    }


def _source_of(models_dir: Path, card: ModelCard) -> Path:
    """The file that formats are converted from: the network, or the imported file."""
    for file in (KERAS_FILE, ONNX_FILE, card.served_by):
        if file in card.files:
            return verified_file(models_dir, card, file)
    raise ModelError(
        f"{card.name} has no {KERAS_FILE}, so it cannot be converted.",
        advice="Restore that file, train again, or import the model as Keras or ONNX.",
    )


def _conversion_context(  # noqa: PLR0913 - the parts of one value
    plan: ConvertPlan,
    card: ModelCard,
    source: Path,
    faces: ReferenceFaces,
    folder: Path,
    on_progress: ProgressCallback,
) -> ConversionContext:
    """TensorFlow is imported here, after everything else was checked."""
    folder = folder / "result"
    folder.mkdir(parents=True, exist_ok=True)
    network: Any = None
    engine: Engine
    if source.name == KERAS_FILE:
        from core.conversion.writers.keras_runtimes import KerasEngine, prepare_one_thread
        from core.models.runtimes.keras_file import load_network

        prepare_one_thread()
        network = load_network(source)
        engine = KerasEngine(network)
    else:
        engine = open_in_runtime(Runtime(runtime_of(source.name)), source, threads=plan.threads)
    reference_logits = predict(engine, faces.pixels, card, on_progress=on_progress)
    return ConversionContext(card, source, network, faces, reference_logits, plan, folder)


def _format_candidate(chosen: Format, shared: ConversionContext) -> FormatCandidate:
    path = shared.folder / f"{shared.card.name}{chosen.suffix}"
    return FormatCandidate(chosen.name, chosen, chosen.runtime, path)


def _live_candidate(models_dir: Path, card: ModelCard) -> FormatCandidate:
    """The model's own file for live use, which the other formats' latency is compared with."""
    path = models_dir / card.name / card.served_by
    runtime = Runtime(runtime_of(card.served_by))
    # It has 8-bit weights or better, so it gets the tolerance of 8-bit weights.
    usual = FORMATS["litert-dynamic-int8" if runtime is Runtime.LITERT else "onnx"]
    live = replace(usual, title=f"The live file ({card.served_by})")
    return FormatCandidate(LIVE_FORMAT, live, runtime, path, is_original=True)


def _message(row: ConvertedFormat, candidate: FormatCandidate) -> str:
    return f"{candidate.format.title}: {'passed' if row.passed else f'refused. {row.refusal}'}"
