"""`python -m core import` and `calibrate`: models trained elsewhere, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.command_tools import explained, settings, start_and_follow
from core.conversion.importing.label_file import read_labels
from core.conversion.importing.plan import ImportPlan
from core.datasets.catalogue.catalogue import entry
from core.domain import Answers, ColourOrder, Interpolation, Scaling
from core.domain.errors import PlanError, UnknownDataset
from core.evaluation.evaluator.recalibrate import calibrate
from core.vision.faces.crop import CROPS


def _one_of(what: str, known: tuple[str, ...], usual: str) -> str:
    return f"{what}: {', '.join(known)}. {usual}"


_Labels = Annotated[
    str,
    typer.Option(
        help="A labels file (text, CSV, JSON), or the labels with commas, in order. Empty measures "
        "the order of seven expressions with --data."
    ),
]
_Description = Annotated[
    str, typer.Option(help="JSON that describes the network, where the file holds weights alone.")
]
_Pictures = Annotated[
    str,
    typer.Option(
        help="Labelled pictures to measure scaling and labels' order with: a dataset of the "
        "catalogue by name, or a path."
    ),
]
_Scaling = Annotated[
    str,
    typer.Option(help=_one_of("Pictures' numbers", tuple(Scaling), "Empty measures or guesses.")),
]
_Colours = Annotated[
    str, typer.Option(help=_one_of("Colour order", tuple(ColourOrder), "Empty guesses."))
]
_Interpolation = Annotated[
    str,
    typer.Option(
        help=_one_of(
            "Smaller faces are enlarged by",
            tuple(Interpolation),
            "Empty measures it with --data, else takes bilinear.",
        )
    ),
]
_Answers = Annotated[
    str, typer.Option(help=_one_of("Its numbers are", tuple(Answers), "Empty looks."))
]
_Crop = Annotated[
    str, typer.Option(help=_one_of("How faces are cut out", tuple(CROPS), "As it was trained."))
]


def import_model(
    model: Annotated[Path, typer.Argument(help="A .keras, .h5, .onnx or .tflite file.")],
    labels: _Labels = "",
    data: _Pictures = "",
    architecture: _Description = "",
    name: Annotated[str, typer.Option(help="Folder under models/; empty: the file's name.")] = "",
    leave_out: Annotated[str, typer.Option(help="Labels not to use, with commas.")] = "",
    size: Annotated[int, typer.Option(help="Side of its pictures in pixels, if it is open.")] = 0,
    scaling: _Scaling = "",
    colours: _Colours = "",
    interpolation: _Interpolation = "",
    answers: _Answers = "",
    crop: _Crop = "fer2013",
) -> None:
    """Bring a model that was trained elsewhere, in a process of its own."""
    with explained():
        at, dataset = _pictures(data)
        plan = ImportPlan(
            str(model.resolve()),
            _labels(labels) if labels else (),
            name=name,
            leave_out=_listed(leave_out),
            size_px=size,
            scaling=scaling,
            colour_order=colours,
            interpolation=interpolation,
            answers=answers,
            crop=crop,
            architecture=str(Path(architecture).resolve()) if architecture else "",
            data=at,
            dataset=dataset,
        )
        made = start_and_follow("import_model", plan.to_json())["model"]
        typer.echo(f"{made}: not judged here yet.")


def calibrate_model(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    evaluation: Annotated[str, typer.Option(help="Which of its evaluations; empty: newest.")] = "",
    split: Annotated[str, typer.Option(help="Empty takes one that does not judge.")] = "",
) -> None:
    """Calibrate an imported model on the answers of one of its evaluations."""
    with explained():
        card = calibrate(settings().models_dir, model, evaluation=evaluation, split=split)
        typer.echo(
            f"{card.name}: temperature {card.temperature:.3f}, not sure below "
            f"{card.not_sure_below:.3f}"
        )


def _pictures(data: str) -> tuple[str, str]:
    """Where labelled pictures are: a path, or a name in the catalogue; the other one is empty."""
    if not data:
        return "", ""
    try:
        return "", entry(settings().datasets_dir, data).name
    except UnknownDataset:
        return str(Path(data).resolve()), ""


def _labels(given: str) -> tuple[str, ...]:
    path = Path(given)
    if "," not in given:
        try:
            return read_labels(path.read_bytes())
        except OSError as error:
            raise PlanError(
                f"The labels file {given[:60]} cannot be read.",
                advice="Give a file, or the labels with commas between them.",
            ) from error
    return read_labels(given.encode())


def _listed(given: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in given.split(",") if one.strip())
