"""The command `validate`: what measures have to do with ratings that people gave."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import Annotated

import typer

from core.cli.common import exit_on_error, say, settings
from core.domain.counted import counted, percent
from core.domain.errors import PlanError
from core.domain.wording import listed
from core.policy import policy_file as policy_store
from core.policy import require_use
from core.recordings import clip_timeline
from core.settings import Settings
from core.storage.path_checks import is_there
from core.validation import REPORT_FILES, ClipReader, accept_licence, validate_measures
from core.validation.measuring import MeasuredClip
from core.validation.readers import open_clips
from core.validation.report import terminal_lines
from core.vision.recognition import load_live_model, model_version


def validate(
    data: Annotated[
        Path,
        typer.Argument(
            help="A CSV file (file, person, a column for each rating), or the folder of UBFC-Phys "
            "or RecruitView."
        ),
    ],
    out: Annotated[Path, typer.Argument(help="Folder for the report and each clip's figures.")],
    model: Annotated[str, typer.Option(help="Name of a saved model; empty takes the best.")] = "",
    every_s: Annotated[
        float, typer.Option(help="Sampling interval in seconds; 0: every frame.")
    ] = 0.0,
    accept: Annotated[
        bool,
        typer.Option("--accept-licence", help="Accept the terms of a dataset that has some."),
    ] = False,
) -> None:
    """Compare measures with ratings that people gave to clips: correlations with intervals.

    Everyone shown must have agreed to be analysed. It can be interrupted: clips that were analysed
    are kept in the folder, and not read again.
    """
    with exit_on_error():
        if is_there(out) and not out.is_dir():
            raise PlanError(f"{out} is a file.", advice="Give the name of a folder.")
        folders = settings()
        require_use(policy_store.read(policy_store.path_in(folders.data_dir)))
        dataset = open_clips(data.resolve())
        accept_licence(dataset, accepted=accept)
        clips = counted(len(dataset.clips), "clip")
        say(f"{dataset.title}: {clips} of {counted(dataset.persons, 'person', 'persons')}.")
        reader = _reader(folders, model, every_s)
        report = validate_measures(
            dataset,
            out,
            reader,
            now=datetime.now(UTC),
            on_clip=lambda number, one: say(f"{number:,} of {clips}: {_of_clip(one)}"),
        )
        for line in terminal_lines(report):
            say(line)
        say(f"Written to {out}: {listed(tuple(REPORT_FILES))}.")


def _reader(folders: Settings, model: str, every_s: float) -> ClipReader:
    if not 0 <= every_s < inf:
        raise PlanError("The sampling interval is 0 s or longer.", advice="Choose another.")
    loaded = load_live_model(folders.models_dir, model)
    return ClipReader(
        analyse=lambda video: clip_timeline(video, folders, loaded, every_s=every_s),
        model=loaded.card.name,
        model_version=model_version(folders.models_dir, model).version,
        every_s=every_s,
    )


def _of_clip(one: MeasuredClip) -> str:
    if one.left_out or one.figures is None:
        return f"{one.clip.name} is left out. {one.left_out}"
    return f"{one.clip.name}, {percent(one.figures.usable_share)} usable"
