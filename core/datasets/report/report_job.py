"""The job that writes the report on a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.datasets.audit.audit_store import Audit, load_audit
from core.datasets.catalogue.catalogue import entry, open_entry
from core.datasets.labels.class_mapping import apply_map, map_named
from core.datasets.labels.corrections import apply_corrections, load_corrections
from core.datasets.report.content import PreparationReport
from core.datasets.report.pictures import sample_sheet
from core.datasets.report.plan import PreparePlan
from core.datasets.report.published_claims import measured_claims
from core.datasets.report.report_folder import write_report
from core.datasets.summary.summary import describe
from core.domain import DataReady, Dataset, LogMessage
from core.domain.dataset import order_hash
from core.domain.errors import PlanError
from core.drift import name_of, reference_of_pictures, replace_reference
from core.jobs import JobContext, ProgressReporter

REPORT_DIR = "report"


def run(plan_read: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Report on one dataset, with its corrections and its last audit.

    Returns:
        `dataset`: its name, and `report`: the folder of the files.
    Raises:
        RunCancelled: the run was cancelled.
        MienError: the dataset cannot be opened, or the report cannot be written.
    """
    plan = PreparePlan.from_json(plan_read)
    settings = context.settings
    folder = settings.datasets_dir / plan.dataset
    published = open_entry(settings.datasets_dir, plan.dataset, settings.datasets_cache_dir)
    audit = load_audit(folder)
    dataset = apply_corrections(published, load_corrections(folder))
    if plan.classes:
        label_map = map_named(settings.schemes_dir, dataset.scheme, plan.classes)
        dataset = apply_map(dataset, label_map)
    context.journal.append(DataReady(dataset.sizes))
    summary = describe(
        dataset, on_progress=ProgressReporter(context, 1).part(1, "Counting and averaging")
    )
    problems = () if audit is None or _is_stale(audit, published) else audit.problems
    notes = _notes(audit, published)
    report = PreparationReport(
        summary=summary,
        made_at=context.clock(),
        problems=problems,
        claims=measured_claims(problems),
        notes=notes,
    )
    sheet = sample_sheet(dataset, seed=plan.seed) if plan.pictures else None
    entry(settings.datasets_dir, plan.dataset)  # raises if the dataset was removed meanwhile
    _save_drift_reference(dataset, plan, context)
    target = report_dir(folder, plan.classes)
    write_report(target, report, with_pictures=sheet)
    return {"dataset": plan.dataset, "report": str(target)}


def _save_drift_reference(dataset: Dataset, plan: PreparePlan, context: JobContext) -> None:
    """Save the dataset's distributions as a drift reference for later sessions."""
    split = dataset.split_names[0] if dataset.protocol is None else dataset.protocol.train
    name = name_of(" ".join(("dataset", plan.dataset, plan.classes)))
    try:
        reference = reference_of_pictures(
            dataset[split],
            None,
            dataset.scheme,
            name=name,
            source=f"{split} of {dataset.name}.",
            made_at=context.clock(),
        )
    except PlanError as error:
        context.journal.append(LogMessage(f"No drift reference was made: {error}"))
        return
    replace_reference(context.settings.data_dir, reference)


def report_dir(folder: Path, classes: str) -> Path:
    """The folder of the report on a dataset under a class mapping.

    Args:
        folder: of the dataset, in the catalogue.
        classes: name of the mapping; empty for none.
    """
    return folder / REPORT_DIR / (classes.lower().replace(" ", "-") or "as-in-the-files")


def _is_stale(audit: Audit, dataset: Dataset) -> bool:
    return audit.order_hash != order_hash(dataset.pictures)


def _notes(audit: Audit | None, dataset: Dataset) -> tuple[str, ...]:
    if audit is None:
        return ("The pictures have not been audited yet.",)
    if _is_stale(audit, dataset):
        return (
            "The pictures have changed since the audit, so the audit is left out of the report.",
        )
    return audit.all_notes
