"""The import job: registers a model that was trained elsewhere, and reports progress as events.

Every guess is stated on screen and on the card, and so is a missing evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from core.conversion.importing.importable_formats import IMPORTERS
from core.conversion.importing.importers import ImportedFiles, synthetic_input
from core.conversion.importing.infer_preprocessing import infer_preprocessing
from core.conversion.importing.inspection import guess_output_kind
from core.conversion.importing.label_file import OutputLabels, output_labels
from core.conversion.importing.plan import MAX_BYTES, ImportPlan
from core.conversion.importing.refused_files import expect_no_pytorch
from core.conversion.importing.synthetic_faces import predict_synthetic_faces
from core.domain import NOT_FOR, LogMessage, ModelCard, OutputKind
from core.domain.errors import DamagedModel, ModelError, UnknownModel
from core.jobs import JobContext, RunCancelled
from core.models import digest, list_cards, save
from core.models.runtimes import Engine, open_engine
from core.storage.own_files import discard_ours
from core.storage.path_checks import is_file
from core.storage.placeholder_file import find_placeholder

UNCALIBRATED_THRESHOLD = 0.5
"""The threshold of a model that is not calibrated yet: one label has more than half."""


def run(plan_read: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Import one model.

    Returns:
        `model`: its name in the registry.
    Raises:
        RunCancelled: the run was cancelled.
        MienError: the file or its labels cannot be used, or the disk refused.
    """
    plan = ImportPlan.from_json(plan_read)
    return {"model": _registered_before(context) or _imported(plan, context)}


def _imported(plan: ImportPlan, context: JobContext) -> str:
    path = Path(plan.path)
    _expect_file(path)
    if plan.labels:  # wrong ones are refused before anything slow
        output_labels(plan.labels, plan.leave_out)
    name = _free_name(plan, context.settings.models_dir)
    context.journal.append(LogMessage(f"Inspecting {path.name}."))
    folder = context.folder / "result"
    discard_ours(folder, within=context.folder)
    folder.mkdir()
    imported = _importer(path)(path, plan, folder)

    _check_cancelled(context)
    engine = open_engine(imported.files[imported.served_by])
    if plan.has_pictures:
        context.journal.append(
            LogMessage("Testing preprocessing and class order on labelled pictures.")
        )
    check_cancelled = partial(_check_cancelled, context)
    inferred = infer_preprocessing(
        engine, imported.guess, plan, context.settings, check_cancelled=check_cancelled
    )
    imported = replace(imported, guess=inferred.guess, order_note=inferred.order_note)
    classes = output_labels(inferred.labels, plan.leave_out)
    kind = _output_kind(engine, imported, plan, labels=len(inferred.labels))
    card = _card(name, imported, classes, kind, now=context.clock())
    origin = f"{path.name}, sha256 {digest(path)}"
    card = replace(card, origin=origin, run_id=context.folder.name)
    check = predict_synthetic_faces(engine, card)
    for sentence in (*imported.sentences, classes.sentence, check.sentence):
        context.journal.append(LogMessage(sentence))
    _check_cancelled(context)
    return save(context.settings.models_dir, card, imported.files).name


def _registered_before(context: JobContext) -> str:
    """The model that this run registered before it was interrupted; empty if none."""
    cards = list_cards(context.settings.models_dir)
    return next((card.name for card in cards if card.run_id == context.folder.name), "")


def _expect_file(path: Path) -> None:
    if not is_file(path):
        raise UnknownModel(
            f"There is no file {path.name} any more.", advice="Give its path, or upload it again."
        )
    if (found := find_placeholder(path)) is not None:
        raise DamagedModel(f"{path.name} is {found.what}.", advice=found.advice)
    expect_no_pytorch(path)
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ModelError(
            f"{path.name} has {size / 2**20:,.0f} MB.",
            advice=f"Models of up to {MAX_BYTES / 2**20:,.0f} MB can be imported.",
        )


def _free_name(plan: ImportPlan, models_dir: Path) -> str:
    """The name given; one derived from the file's name is numbered where it is taken."""
    name = plan.model_name
    if not (models_dir / name).exists():
        return name
    if plan.name:
        raise ModelError(f"There is a model {name} already.", advice="Choose another name.")
    counted = (f"{name}-{number}" for number in range(2, 10_000))
    return next(one for one in counted if not (models_dir / one).exists())


def _importer(path: Path) -> Callable[[Path, ImportPlan, Path], ImportedFiles]:
    """What reads a file of this suffix; `folder` takes the files that it makes."""
    importer: Callable[[Path, ImportPlan, Path], ImportedFiles] = resolve_name(
        IMPORTERS[path.suffix.lower()].function
    )
    return importer


def _check_cancelled(context: JobContext) -> None:
    if context.stop_requested():
        raise RunCancelled


def _output_kind(
    engine: Engine, imported: ImportedFiles, plan: ImportPlan, *, labels: int
) -> OutputKind:
    found = guess_output_kind(engine.predict(synthetic_input(imported.guess)), labels)
    if not plan.answers or plan.answers == found:
        return found
    if OutputKind.SHARE in {found, plan.answers}:
        raise ModelError(
            f"The model's outputs are {found.value}, and {plan.answers} were expected.",
            advice="Leave the output type to automatic detection.",
        )
    return OutputKind(plan.answers)


def _card(
    name: str, imported: ImportedFiles, classes: OutputLabels, kind: OutputKind, *, now: datetime
) -> ModelCard:
    weights, mmac = imported.size
    return ModelCard(
        name=name,
        scheme=classes.scheme,
        input=imported.guess.input,
        temperature=1.0,
        not_sure_below=UNCALIBRATED_THRESHOLD,
        weights=weights,
        mmac=mmac,
        files={},
        made_at=now.isoformat(timespec="seconds"),
        run_id="",
        recipe=None,
        data=None,
        limits=(
            "Imported: it was trained elsewhere. Its training data is not known, so test "
            "pictures may be among it.",
            *imported.file_notes,
            classes.sentence,
            "Accuracy by subgroup was not measured.",
        ),
        not_for=NOT_FOR,
        answers=kind,
        outputs=classes.outputs,
        served_by=imported.served_by,
        input_notes=imported.guess.sentences,
    )
