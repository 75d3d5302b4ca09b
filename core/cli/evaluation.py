"""Commands for evaluation: `evaluate`, `robustness`, `report` and `compare`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from core.cli.common import (
    check_output_paths,
    exit_on_error,
    say,
    settings,
    start_and_follow,
    write_result,
)
from core.cli.datasets import dataset_option, dataset_path
from core.cli.label_options import Maps, label_pairs
from core.domain.errors import DamagedModel, PlanError, UnknownModel
from core.domain.wording import p_equals
from core.evaluation.comparison import (
    common_splits,
    compare_models,
    compared_model,
    conclusion,
    name_of,
    pair_sentence,
)
from core.evaluation.evaluator import VIEWS, EvaluationPlan
from core.evaluation.predictions import (
    ROBUSTNESS_FILE,
    list_evaluations,
    load_evaluation,
    load_predictions,
    read_part,
)
from core.evaluation.report import (
    REPORT_SUFFIXES,
    build_report,
    chosen_evaluation,
    report_format,
)
from core.evaluation.robustness import (
    CORRUPTIONS,
    KIND,
    RobustnessPlan,
    RobustnessReport,
    robustness_csv,
)
from core.evaluation.scorecard import summary_of, summary_table
from core.jobs import terminal
from core.models import load_card
from core.training.monitoring import surroundings_of

_Groups = Annotated[
    Path | None, typer.Option(help="CSV: a column 'picture' or 'subject', and groups.")
]
_Frames = Annotated[
    Path | None, typer.Option(help="Folder of pictures or videos to measure face detection on.")
]


_Corruptions = Annotated[
    list[str] | None,
    typer.Option(help=f"Repeatable; all without it. One of: {', '.join(CORRUPTIONS)}."),
]
_MostPictures = Annotated[int, typer.Option(help="Maximum number of pictures, sampled at random.")]
_FolderLevel = Annotated[int, typer.Option(help="Take groups from this level of folders, from 1.")]
_OldOnly = Annotated[list[str] | None, typer.Option("--only", hidden=True)]
_OldPoses = Annotated[bool | None, typer.Option("--poses/--no-poses", hidden=True)]


def robustness(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    evaluation: Annotated[
        str, typer.Option(help="One of its evaluations; empty takes the newest.")
    ] = "",
    split: Annotated[str, typer.Option(help="Empty takes the test split.")] = "",
    corruption: _Corruptions = None,
    pictures: _MostPictures = 1000,
    head_pose: Annotated[bool, typer.Option(help="Estimate the head pose.")] = True,
    groups: _Groups = None,
    folder: _FolderLevel = 0,
    frames: _Frames = None,
    faces: Annotated[int, typer.Option(help="Maximum number of faces in frames.")] = 40,
    seed: Annotated[int, typer.Option(help="Seed of the sample and of the corruptions.")] = 7,
    threads: Annotated[int, typer.Option(help="Processor threads.")] = 2,
    csv: Annotated[Path | None, typer.Option(help="Write all metrics here (CSV).")] = None,
    only: _OldOnly = None,
    poses: _OldPoses = None,
) -> None:
    """Measure a model's accuracy on corrupted pictures, by picture quality and by group."""
    with exit_on_error():
        check_output_paths(csv, reads=tuple(filter(None, (groups, frames))))
        plan = RobustnessPlan(
            model=model,
            evaluation=evaluation or _newest(model),
            split=split,
            corruptions=(*(corruption or ()), *(only or ())),
            pictures=pictures,
            poses=head_pose if poses is None else poses,
            groups="" if groups is None else str(groups.resolve()),
            folder=folder,
            frames="" if frames is None else str(frames.resolve()),
            faces=faces,
            seed=seed,
            threads=threads,
        )
        result = start_and_follow(KIND, plan.to_json())
        if csv is not None:
            content = robustness_csv(_report(result["model"], result["evaluation"]))
            write_result(csv, content)


def _newest(model: str) -> str:
    models_dir = settings().models_dir
    load_card(models_dir, model)  # raises with the names of all models, if this one is unknown
    found = list_evaluations(models_dir, model)
    if not found:
        raise UnknownModel(
            f"{model} has not been evaluated yet.",
            advice=f"Run: python -m core evaluate {model} --data ...",
        )
    return found[0].slug


def _report(model: str, slug: str) -> RobustnessReport:
    models_dir = settings().models_dir
    content = read_part(models_dir, load_evaluation(models_dir, model, slug), ROBUSTNESS_FILE)
    if content is None:
        raise DamagedModel(
            f"{ROBUSTNESS_FILE} of {slug} is gone.", advice="Measure the robustness again."
        )
    return RobustnessReport.from_bytes(content)


_Splits = Annotated[
    list[str] | None,
    typer.Option(
        help="Repeatable; without it, all splits but the training split, or all pictures of a "
        "dataset without splits."
    ),
]


def evaluate(
    models: Annotated[
        list[str], typer.Argument(help="Names under models/; several form an ensemble.")
    ],
    data: Annotated[
        str,
        typer.Option(help="A dataset of the catalogue by name, or a path: fer2013.csv, a folder."),
    ],
    split: _Splits = None,
    views: Annotated[
        str, typer.Option(help=f"Test-time augmentation: {', '.join(VIEWS)}.")
    ] = "one",
    classes: Annotated[
        str, typer.Option(help="A mapping of classes, such as 'confident or stressed'.")
    ] = "",
    maps: Maps = None,
    corrected: Annotated[bool, typer.Option(help="Apply the dataset's corrections.")] = False,
    ensemble_name: Annotated[str, typer.Option(help="Name of the ensemble.")] = "",
    votes: Annotated[str, typer.Option(help="File of FER+'s votes, if it lies elsewhere.")] = "",
    threads: Annotated[int, typer.Option(help="Processor threads.")] = 2,
    csv: Annotated[Path | None, typer.Option(help="Write the predictions here (CSV).")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write all metrics here (JSON).")
    ] = None,
    together: Annotated[str, typer.Option("--together", hidden=True)] = "",
) -> None:
    """Evaluate models on a dataset, and print the metrics with their 95 % CI."""
    with exit_on_error():
        check_output_paths(csv, json_file, reads=(dataset_path(data), votes))
        plan = EvaluationPlan(
            models=tuple(models),
            **dataset_option(data, corrected=corrected),
            classes=classes,
            label_map=label_pairs(maps),
            splits=tuple(split or ()),
            views=views,
            together=ensemble_name or together,
            votes=str(Path(votes).resolve()) if votes else "",
            threads=threads,
        )
        _print_result(start_and_follow("evaluate", plan.to_json()), csv, json_file)


def _print_result(result: dict[str, str], csv: Path | None, json_file: Path | None) -> None:
    if csv is not None:
        write_result(csv, Path(result["predictions"]).read_bytes())
    if "evaluation" in result:
        _print_metrics(result["model"], result["evaluation"], json_file)
    else:
        say(f"Predictions: {csv or result['predictions']}")


def _print_metrics(model: str, slug: str, json_file: Path | None) -> None:
    models_dir = settings().models_dir
    evaluation = load_evaluation(models_dir, model, slug)
    summary = summary_of(evaluation, load_predictions(models_dir, evaluation))
    for line in (*summary_table(summary).splitlines(), *evaluation.notes):
        say(line)
    if json_file is not None:
        text = json.dumps(summary, indent=1, allow_nan=False) + "\n"
        write_result(json_file, text)


def report(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    out: Annotated[
        Path,
        typer.Argument(
            help=f"A file ending in {', '.join(REPORT_SUFFIXES)}; print the page to make a PDF."
        ),
    ],
    evaluation: Annotated[
        str,
        typer.Option(help="Name of the evaluation; empty takes that on the model's own dataset."),
    ] = "",
) -> None:
    """Write a report on an evaluation: a page to print, JSON, or a model card."""
    with exit_on_error():
        chosen_format = report_format(out.name)
        check_output_paths(out)
        here = settings()
        chosen = chosen_evaluation(here.models_dir, model, evaluation)
        around = surroundings_of(here, model, now=terminal.now())
        write_result(out, chosen_format.write(build_report(here.models_dir, chosen, around)))
        say(f"{name_of(chosen)} on {chosen.dataset} ({chosen.slug}), written to {out}")


def compare(
    models: Annotated[
        list[str],
        typer.Argument(
            help="Two or more names under models/; with an evaluation: compact-1/fer2013-flip"
        ),
    ],
    split: Annotated[str, typer.Option(help="Empty takes the test split.")] = "",
) -> None:
    """Compare models on the pictures that all of them were evaluated on."""
    with exit_on_error():
        models_dir = settings().models_dir
        chosen = [
            chosen_evaluation(models_dir, name, slug)
            for name, _, slug in (one.partition("/") for one in models)
        ]
        answers = [load_predictions(models_dir, one) for one in chosen]
        splits = common_splits(answers, test_split=chosen[0].judges)
        if not splits or (split and split not in splits):
            raise PlanError(
                f"Not all of these were evaluated on {split or 'one and the same split'}.",
                advice=f"They share: {', '.join(splits)}." if splits else "Evaluate them on it.",
            )
        on = split or splits[0]
        found = compare_models(
            on, [compared_model(one, told[on]) for one, told in zip(chosen, answers, strict=True)]
        )
        say(conclusion(found))
        for pair in found.pairs:
            say(f"{pair_sentence(pair)} Corrected {p_equals(pair.corrected_p)}.")
