"""`python -m core conditions`: try a model under conditions without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.command_tools import (
    expect_folders,
    explained,
    settings,
    start_and_follow,
    write_result,
)
from core.domain.errors import DamagedModel, UnknownModel
from core.evaluation.predictions.evaluation_files import CONDITIONS_FILE
from core.evaluation.predictions.evaluation_store import (
    list_evaluations,
    load_evaluation,
    read_part,
)
from core.evaluation.robustness.corruptions import CORRUPTIONS
from core.evaluation.robustness.plan import KIND, ConditionsPlan
from core.evaluation.robustness.presentation import conditions_csv
from core.evaluation.robustness.report import ConditionsReport
from core.models import load_card

_Groups = Annotated[
    Path | None, typer.Option(help="CSV: a column 'picture' or 'subject', and groups.")
]
_Frames = Annotated[
    Path | None, typer.Option(help="Pictures or videos in which faces are looked for.")
]


def conditions(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    evaluation: Annotated[
        str, typer.Option(help="One of its evaluations; empty takes the newest.")
    ] = "",
    split: Annotated[str, typer.Option(help="Empty takes the one that judges.")] = "",
    only: Annotated[
        list[str] | None, typer.Option(help=f"Repeatable; of: {', '.join(CORRUPTIONS)}.")
    ] = None,
    pictures: Annotated[int, typer.Option(help="At most so many, drawn by chance.")] = 1000,
    poses: Annotated[bool, typer.Option(help="Read where heads point.")] = True,
    groups: _Groups = None,
    folder: Annotated[int, typer.Option(help="Groups by this level of folders, from 1.")] = 0,
    frames: _Frames = None,
    faces: Annotated[int, typer.Option(help="At most so many of them.")] = 40,
    seed: Annotated[int, typer.Option(help="Same seed, same pictures and changes.")] = 7,
    threads: Annotated[int, typer.Option(help="Processor threads.")] = 2,
    csv: Annotated[Path | None, typer.Option(help="Write every figure here.")] = None,
) -> None:
    """Spoil the pictures of an evaluation on purpose, and tell where the model fails."""
    with explained():
        expect_folders(csv, reads=tuple(filter(None, (groups, frames))))
        plan = ConditionsPlan(
            model=model,
            evaluation=evaluation or _newest(model),
            split=split,
            corruptions=tuple(only or ()),
            pictures=pictures,
            poses=poses,
            groups="" if groups is None else str(groups.resolve()),
            folder=folder,
            frames="" if frames is None else str(frames.resolve()),
            faces=faces,
            seed=seed,
            threads=threads,
        )
        told = start_and_follow(KIND, plan.to_json())
        if csv is not None:
            content = conditions_csv(_report(told["model"], told["evaluation"]))
            write_result(csv, content)


def _newest(model: str) -> str:
    models_dir = settings().models_dir
    load_card(models_dir, model)  # says which models there are, where there is none of that name
    found = list_evaluations(models_dir, model)
    if not found:
        raise UnknownModel(
            f"{model} was not evaluated yet.",
            advice=f"Do so first: python -m core evaluate {model} --data ...",
        )
    return found[0].slug


def _report(model: str, slug: str) -> ConditionsReport:
    models_dir = settings().models_dir
    content = read_part(models_dir, load_evaluation(models_dir, model, slug), CONDITIONS_FILE)
    if content is None:
        raise DamagedModel(
            f"{CONDITIONS_FILE} of {slug} vanished.", advice="Measure the conditions again."
        )
    return ConditionsReport.from_bytes(content)
