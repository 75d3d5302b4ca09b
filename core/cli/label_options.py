"""Options of commands about labels: label mappings and sample sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.common import check_output_paths, say, settings, write_result
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
    """The pairs of `--map`: (label, class), the class empty where pictures are excluded.

    Raises:
        DatasetError: not a mapping, or a label is mapped twice.
    """
    pairs = tuple(_pair(one) for one in maps or ())
    labels = [nfc(label) for label, _ in pairs]
    repeated = next((label for label in labels if labels.count(label) > 1), None)
    if repeated is not None:
        raise DatasetError(f"{repeated[:40]!r} is mapped twice.", advice="Map each label once.")
    return pairs


def _pair(written: str) -> tuple[str, str]:
    label, equals, to = written.partition("=")
    if not equals:
        raise DatasetError(
            f"{written!r} is no mapping.", advice="Write it as contempt=disgust, or contempt=."
        )
    return label, to.strip()


def check_sheet_path(path: Path | None, source: DatasetSource) -> None:
    """Check, before anything is read, that a sample sheet can be written there.

    Raises:
        PlanError: it cannot.
    """
    if path is not None and path.suffix.lower() != ".png":
        raise PlanError(f"{path.name} does not end in .png.", advice="The sheet is a PNG picture.")
    check_output_paths(path, reads=(source.path,))


def write_sheet(path: Path | None, source: DatasetSource) -> None:
    """Write sample pictures of each label, if requested and the files could be read."""
    sheet = None if path is None else label_sheet(source, settings().datasets_cache_dir)
    if path is not None and sheet is not None:
        write_result(path, sheet.png())
        say(f"Sample pictures of each label: {path}")
