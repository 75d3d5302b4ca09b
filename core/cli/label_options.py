"""What commands say about labels: what each stands for, and a picture that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.common import expect_folders, settings, write_result
from core.datasets.readers import DatasetSource
from core.datasets.report import label_sheet
from core.domain.errors import DatasetError, PlanError
from core.domain.wording import nfc

Maps = Annotated[
    list[str] | None,
    typer.Option("--map", help="LABEL=CLASS, or LABEL= to exclude its pictures; repeatable."),
]
Sheet = Annotated[
    Path | None,
    typer.Option(
        help="Write sample pictures of each label to this PNG, to see what a numeric label "
        "means. Also written where labels are unknown."
    ),
]


def label_pairs(maps: list[str] | None) -> tuple[tuple[str, str], ...]:
    """What `--map` says: (label, class), the class empty where pictures are left out.

    Raises:
        DatasetError: it maps nothing, or a label twice.
    """
    pairs = tuple(_pair(one) for one in maps or ())
    said = [nfc(label) for label, _ in pairs]
    twice = next((label for label in said if said.count(label) > 1), None)
    if twice is not None:
        raise DatasetError(f"{twice[:40]!r} is mapped twice.", advice="Map each label once.")
    return pairs


def _pair(written: str) -> tuple[str, str]:
    label, equals, to = written.partition("=")
    if not equals:
        raise DatasetError(
            f"{written!r} is no mapping.", advice="Write it as contempt=disgust, or contempt=."
        )
    return label, to.strip()


def expect_sheet(path: Path | None, source: DatasetSource) -> None:
    """Before anything is read: whether a sheet of pictures can be written there.

    Raises:
        PlanError: it cannot.
    """
    if path is not None and path.suffix.lower() != ".png":
        raise PlanError(f"{path.name} does not end in .png.", advice="The sheet is a PNG picture.")
    expect_folders(path, reads=(source.path,))


def write_sheet(path: Path | None, source: DatasetSource) -> None:
    """Write pictures of each label, where somebody asked for them and the files were read."""
    sheet = None if path is None else label_sheet(source, settings().datasets_cache_dir)
    if path is not None and sheet is not None:
        write_result(path, sheet.png())
        typer.echo(f"Sample pictures of each label: {path}")
