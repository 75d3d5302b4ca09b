"""`python -m core evaluate`: judge models without a browser."""

from __future__ import annotations

import json
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
from core.dataset_commands import dataset_asked, file_asked
from core.evaluation.evaluator.plan import EvaluationPlan
from core.evaluation.evaluator.test_time_augmentation import VIEWS
from core.evaluation.predictions.evaluation_store import answers_in, load_evaluation
from core.evaluation.scorecard.summary import summary_of, summary_table
from core.label_options import Maps, label_pairs

_Splits = Annotated[
    list[str] | None,
    typer.Option(
        help="Repeatable; without it, all splits that are not learned from, or all pictures of a "
        "set without splits."
    ),
]


def evaluate(
    models: Annotated[
        list[str], typer.Argument(help="Names under models/; several answer together as one.")
    ],
    data: Annotated[
        str,
        typer.Option(help="A dataset of the catalogue by name, or a path: fer2013.csv, a folder."),
    ],
    split: _Splits = None,
    views: Annotated[str, typer.Option(help=f"One of: {', '.join(VIEWS)}.")] = "one",
    classes: Annotated[str, typer.Option(help="A mapping, such as 'confident or stressed'.")] = "",
    maps: Maps = None,
    corrected: Annotated[bool, typer.Option(help="Apply the dataset's corrections.")] = False,
    together: Annotated[str, typer.Option(help="What several models are called as one.")] = "",
    votes: Annotated[str, typer.Option(help="FER+'s votes, if they lie elsewhere.")] = "",
    threads: Annotated[int, typer.Option(help="Processor threads.")] = 2,
    csv: Annotated[Path | None, typer.Option(help="Write what was said of every picture.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write every figure here.")
    ] = None,
) -> None:
    """Judge models on a dataset, and tell the figures with their 95 % intervals."""
    with explained():
        expect_folders(csv, json_file, reads=(file_asked(data), votes))
        plan = EvaluationPlan(
            models=tuple(models),
            **dataset_asked(data, corrected=corrected),
            classes=classes,
            label_map=label_pairs(maps),
            splits=tuple(split or ()),
            views=views,
            together=together,
            votes=str(Path(votes).resolve()) if votes else "",
            threads=threads,
        )
        _tell_result(start_and_follow("evaluate", plan.to_json()), csv, json_file)


def _tell_result(told: dict[str, str], csv: Path | None, json_file: Path | None) -> None:
    if csv is not None:
        write_result(csv, Path(told["predictions"]).read_bytes())
    if "evaluation" in told:
        _tell(told["model"], told["evaluation"], json_file)
    else:
        typer.echo(f"What was said of every picture: {csv or told['predictions']}")


def _tell(model: str, slug: str, json_file: Path | None) -> None:
    models_dir = settings().models_dir
    evaluation = load_evaluation(models_dir, model, slug)
    summary = summary_of(evaluation, answers_in(models_dir, evaluation))
    typer.echo(summary_table(summary))
    for note in evaluation.notes:
        typer.echo(note)
    if json_file is not None:
        text = json.dumps(summary, indent=1, allow_nan=False) + "\n"
        write_result(json_file, text)
