"""Commands for datasets: `datasets`, `prepare`, `audit` and `faces`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from core.cli.common import exit_on_error, say, settings, start_and_follow
from core.cli.label_options import Maps, Sheet, check_sheet_path, label_pairs, write_sheet
from core.datasets import DatasetSource
from core.datasets.audit import AuditPlan, load_audit
from core.datasets.catalogue import OpenPlan, entries, entry, free_name, name_from, remove
from core.datasets.face_extraction import FacesPlan, export_pictures
from core.datasets.labels import load_corrections
from core.datasets.orphaned_files import delete_orphaned_files, find_orphaned_files
from core.datasets.readers import FORMATS, ColumnNames
from core.datasets.report import PreparePlan, report_files
from core.domain import SCHEMES
from core.domain.counted import counted, hundredths
from core.domain.errors import DatasetError, UnknownDataset
from core.domain.wording import size
from core.jobs import terminal

datasets_app = typer.Typer(help="Datasets: list, add, remove.", no_args_is_help=True)

_Scheme = Annotated[
    str,
    typer.Option(
        help=f"One of: {', '.join(SCHEMES)}, own (keep the original labels), or ferplus: eight "
        "classes by majority vote of FER+ (file beside fer2013.csv)."
    ),
]
_Column = Annotated[
    str, typer.Option(help="Column of a CSV file or a list. Empty: detected by its usual names.")
]
_PictureColumn = Annotated[
    str, typer.Option(help="In a list beside pictures: column with the picture's file name.")
]
_BoxColumns = Annotated[
    str,
    typer.Option(
        help="In a list beside pictures: face bounding box; one column, or four separated by "
        "commas: left,top,right,bottom or x,y,width,height."
    ),
]
_People = Annotated[
    str,
    typer.Option(
        help="Pattern of file names with person and sequence, such as "
        "'{person}_{sequence}_{frame}'. Empty: detected; 'none': no people."
    ),
]


@datasets_app.command("list")
def list_datasets() -> None:
    """List the datasets of the catalogue."""
    for one in entries(settings().datasets_dir):
        say(f"{one.name}  {one.source.path}")


@datasets_app.command("add")
def add_dataset(
    path: Annotated[Path, typer.Argument(help="A CSV file, a folder or an archive.")],
    name: Annotated[str, typer.Option(help="Name of the dataset. Empty: the file's.")] = "",
    format: Annotated[str, typer.Option(help=f"One of: {', '.join(FORMATS)}.")] = "",  # noqa: A002
    scheme: _Scheme = "",
    align: Annotated[
        bool, typer.Option(help="Picture files: detect, align and crop the face.")
    ] = False,
    maps: Maps = None,
    people: _People = "",
    label_column: _Column = "",
    picture_column: _PictureColumn = "",
    box_columns: _BoxColumns = "",
    person_column: _Column = "",
    split_column: _Column = "",
    sample_sheet: Sheet = None,
) -> None:
    """Read a dataset and add it to the catalogue."""
    with exit_on_error():
        pairs = label_pairs(maps)
        source = DatasetSource(
            str(path.resolve()),
            format=format,
            scheme=scheme,
            align=align,
            label_map=pairs,
            people=people,
            columns=ColumnNames(
                label=label_column,
                picture=picture_column,
                box=box_columns,
                subject=person_column,
                split=split_column,
            ),
        )
        _open(OpenPlan(name or name_from(path.resolve()), source), sample_sheet)


@datasets_app.command("export-faces")
def export_faces(
    name: Annotated[str, typer.Argument(help="A folder under data/faces/, or its dataset.")],
    target: Annotated[Path, typer.Argument(help="A new folder or archive (.zip).")],
) -> None:
    """Export faces extracted from videos as PNG files. The files show people."""
    with exit_on_error():
        folders = settings()
        folder = folders.faces_dir / name
        if not folder.is_dir():
            folder = Path(entry(folders.datasets_dir, name).source.path)
        count = export_pictures(folder, target)
        say(f"{counted(count, 'face was', 'faces were')} written to {target}.")


@datasets_app.command("remove")
def remove_dataset(
    name: Annotated[str, typer.Argument(help="Name of the dataset.")],
    keep_faces: Annotated[
        bool,
        typer.Option("--keep-faces", help="Keep faces that were extracted from videos for it."),
    ] = False,
) -> None:
    """Remove a dataset and what Mien stores of it; the original files stay."""
    with exit_on_error():
        folders = settings()
        faces_dir = None if keep_faces else folders.faces_dir
        remove(
            folders.datasets_dir, name, folders.uploads_dir, folders.datasets_cache_dir, faces_dir
        )


@datasets_app.command("orphaned")
@datasets_app.command("leftovers", hidden=True)  # its earlier name, until the next release
def list_orphaned(
    delete: Annotated[
        list[str] | None, typer.Option(help="Delete those of this name permanently; repeatable.")
    ] = None,
) -> None:
    """List orphaned pictures: kept by Mien, and no longer used by any dataset."""
    with exit_on_error():
        found = find_orphaned_files(settings(), now=terminal.now())
        for one in found:
            say(f"{size(one.size_bytes):>10}  {one.kind}  {one.name}  {one.folders[0]}")
        if not found:
            say("None.")
        unknown = sorted({*(delete or ())} - {one.name for one in found})
        if unknown:
            raise DatasetError(
                f"There are no orphaned files named {unknown[0]!r}.",
                advice="Use a name from the list.",
            )
        delete_orphaned_files(one for one in found if one.name in (delete or ()))


def prepare(
    data: Annotated[str, typer.Option(help="A dataset's name, or a path, which is added first.")],
    classes: Annotated[str, typer.Option(help="A mapping, such as 'confident or stressed'.")] = "",
    pictures: Annotated[
        bool,
        typer.Option(
            "--pictures",
            "--sample-sheet",
            help="Include sample pictures in the report and write a sample sheet (PNG).",
        ),
    ] = False,
    with_audit: Annotated[bool, typer.Option("--audit", help="Audit it first.")] = False,
) -> None:
    """Validate a dataset and write a report on its classes and differences."""
    with exit_on_error():
        name = _added(data)
        if with_audit:
            start_and_follow("audit", AuditPlan(name).to_json())
        result = start_and_follow("prepare", PreparePlan(name, classes, pictures).to_json())
        say(f"The report: {result['report']}/report.html")
        say(f"Other files: {', '.join(report_files(Path(result['report']))[1:])}")


def audit(
    data: Annotated[str, typer.Option(help="A dataset's name, or a path, which is added first.")],
    model: Annotated[
        str, typer.Option(help="Model for the label noise check. Empty: the best.")
    ] = "",
    votes: Annotated[str, typer.Option(help="File of FER+ votes, if not beside the dataset.")] = "",
    threads: Annotated[int, typer.Option(help="Number of threads for face detection.")] = 2,
) -> None:
    """Check picture quality, face detection, duplicates and label noise."""
    with exit_on_error():
        name = _added(data)
        start_and_follow("audit", AuditPlan(name, model, votes, threads).to_json())
        found = load_audit(settings().datasets_dir / name)
        for problem in found.problems if found else ():
            share = problem.count / max(1, len(problem.scores))
            say(f"{problem.kind.value:16} {problem.count:>7,}  {hundredths(share):>8}")


def faces(
    path: Annotated[
        Path, typer.Argument(help="A RecruitView folder, a video, or a folder of them.")
    ],
    name: Annotated[str, typer.Option(help="Folder under data/faces/ for the result.")],
    every_s: Annotated[float, typer.Option(help="Sampling interval in seconds.")] = 1.0,
    size_px: Annotated[int, typer.Option(help="Side of the pictures in pixels.")] = 48,
    accept_licence: Annotated[
        bool, typer.Option(help="Accept RecruitView's licence, CC BY-NC 4.0 (non-commercial).")
    ] = False,
) -> None:
    """Extract faces from videos, as pictures for training."""
    with exit_on_error():
        plan = FacesPlan(
            path=str(path.resolve()),
            name=name,
            every_s=every_s,
            size_px=size_px,
            licence_accepted=accept_licence,
        )
        result = start_and_follow("faces", plan.to_json())
        folder = settings().faces_dir / result["faces"]
        say(f"To train on them: python -m core datasets add {folder}")


def dataset_option(data: str, *, corrected: bool) -> dict[str, Any]:
    """The dataset entries of a plan: a name in the catalogue, or a path.

    Args:
        corrected: whether the dataset's current corrections are applied.
    """
    folder = settings().datasets_dir
    try:
        name = entry(folder, data).name
    except UnknownDataset:
        return {"data": str(Path(data).resolve())}
    key = load_corrections(folder / name).key if corrected else ""
    return {"dataset": name, "corrections": key}


def dataset_path(data: str) -> str:
    """Path of a dataset that is given by name or by path."""
    try:
        return entry(settings().datasets_dir, data).source.path
    except UnknownDataset:
        return data


def _open(plan: OpenPlan, sample_sheet: Path | None) -> None:
    """Open a dataset; the sample sheet is written whether all labels are known or not.

    Args:
        sample_sheet: its path; None for no sheet.
    Raises:
        PlanError: it cannot be written there.
    """
    check_sheet_path(sample_sheet, plan.source)
    try:
        start_and_follow("open_dataset", plan.to_json())
    finally:
        write_sheet(sample_sheet, plan.source)


def _added(data: str) -> str:
    """The name of a dataset in the catalogue; a path that is not in it yet is added."""
    folder = settings().datasets_dir
    try:
        return entry(folder, data).name
    except UnknownDataset:
        path = Path(data).resolve()
        if not path.exists():
            raise
    known = next((one.name for one in entries(folder) if one.source.path == str(path)), None)
    if known is None:
        known = free_name(folder, path)
        say(f"It is added under the name {known!r}; `datasets add --name` gives another.")
        start_and_follow("open_dataset", OpenPlan(known, DatasetSource(str(path))).to_json())
    return known
