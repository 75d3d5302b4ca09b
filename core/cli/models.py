"""Commands for saved models: `models`, `import`, `calibrate` and `convert`."""

from __future__ import annotations

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
from core.cli.pretrained import pretrained
from core.conversion import FORMATS, ConvertPlan
from core.conversion.importing import IMPORTED_SUFFIXES, ImportPlan, read_labels
from core.conversion.package import package
from core.datasets.catalogue import entry
from core.domain import ColourOrder, Interpolation, OutputKind, Scaling
from core.domain.counted import hundredths
from core.domain.errors import PlanError, UnknownDataset
from core.domain.wording import exactly, points, size
from core.evaluation.evaluator import calibrate
from core.jobs import terminal
from core.models import ConvertedFormat, list_cards, load_card, read_formats
from core.training.monitoring import attach_folds, attach_reference
from core.vision.faces import CROPS


def _one_of(what: str, known: tuple[str, ...], usual: str) -> str:
    return f"{what}: {', '.join(known)}. {usual}"


_Labels = Annotated[
    str,
    typer.Option(
        help="A labels file (text, CSV, JSON), or the labels separated by commas, in the "
        "order of the outputs. Empty: the order of seven expressions is detected with "
        "--data."
    ),
]
_Description = Annotated[
    str, typer.Option(help="Model architecture (JSON), if the file holds weights only.")
]
_Pictures = Annotated[
    str,
    typer.Option(
        help="Labelled pictures to detect scaling and class order with: a dataset of the "
        "catalogue by name, or a path."
    ),
]
_Scaling = Annotated[
    str,
    typer.Option(help=_one_of("Pixel scaling", tuple(Scaling), "Empty: detected.")),
]
_Colours = Annotated[
    str, typer.Option(help=_one_of("Colour order", tuple(ColourOrder), "Empty: detected."))
]
_Interpolation = Annotated[
    str,
    typer.Option(
        help=_one_of(
            "Interpolation of smaller faces",
            tuple(Interpolation),
            "Empty: detected with --data, else bilinear.",
        )
    ),
]
_Answers = Annotated[
    str, typer.Option(help=_one_of("Output type", tuple(OutputKind), "Empty: detected."))
]
_Crop = Annotated[str, typer.Option(help=_one_of("Face crop", tuple(CROPS), "As in its training."))]


def import_model(
    model: Annotated[Path, typer.Argument(help=f"A file that ends in {IMPORTED_SUFFIXES}.")],
    labels: _Labels = "",
    data: _Pictures = "",
    architecture: _Description = "",
    name: Annotated[str, typer.Option(help="Folder under models/; empty: the file's name.")] = "",
    leave_out: Annotated[str, typer.Option(help="Labels to exclude, separated by commas.")] = "",
    size: Annotated[
        int, typer.Option(help="Input size in pixels, if the file does not define it.")
    ] = 0,
    scaling: _Scaling = "",
    colours: _Colours = "",
    interpolation: _Interpolation = "",
    answers: _Answers = "",
    crop: _Crop = "fer2013",
) -> None:
    """Import a model that was trained elsewhere."""
    with exit_on_error():
        path, dataset = _pictures(data)
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
            data=path,
            dataset=dataset,
        )
        result = start_and_follow("import_model", plan.to_json())
        say(f"{result['model']}: imported, not evaluated yet.")


def calibrate_model(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    evaluation: Annotated[str, typer.Option(help="Evaluation to use. Empty: the newest.")] = "",
    split: Annotated[
        str, typer.Option(help="Split to calibrate on. Empty: the validation split.")
    ] = "",
) -> None:
    """Calibrate an imported model (temperature scaling) on one of its evaluations."""
    with exit_on_error():
        card = calibrate(settings().models_dir, model, evaluation=evaluation, split=split)
        say(
            f"{card.name}: temperature {card.temperature:.3f}, not sure below "
            f"{card.not_sure_below:.3f}"
        )


def _pictures(data: str) -> tuple[str, str]:
    """The path or the catalogue name of labelled pictures; the other one is empty."""
    if not data:
        return "", ""
    try:
        return "", entry(settings().datasets_dir, data).name
    except UnknownDataset:
        return str(Path(data).resolve()), ""


def _labels(option: str) -> tuple[str, ...]:
    path = Path(option)
    if "," not in option:
        try:
            return read_labels(path.read_bytes())
        except OSError as error:
            raise PlanError(
                f"The labels file {option[:60]} cannot be read.",
                advice="Give a file, or the labels separated by commas.",
            ) from error
    return read_labels(option.encode())


def _listed(option: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in option.split(",") if one.strip())


models_app = typer.Typer(help="Saved models: list, drift references, out-of-fold predictions.")
models_app.command("pretrained")(pretrained)


@models_app.callback(invoke_without_command=True)
def models(context: typer.Context) -> None:
    """List the saved models, best first."""
    if context.invoked_subcommand is not None:
        return
    for card in list_cards(settings().models_dir):
        report = card.test_report or next(iter(card.reports[-1:]), None)
        figure = "not evaluated"
        if report is not None:
            figure = f"{report.dataset} {report.split} {exactly(report.accuracy)}".strip()
        say(f"{card.name}  {card.weights:,} parameters  {figure}")


@models_app.command("reference")
def models_reference(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    data: Annotated[Path, typer.Option(help="Its training dataset.")],
) -> None:
    """Create a model's drift reference from its validation split."""
    with exit_on_error():
        attach_reference(settings(), model, data.resolve(), now=terminal.now())


@models_app.command("folds")
def models_folds(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    tables: Annotated[
        list[Path], typer.Argument(help="out_of_fold.npz of each cross-validation fold's run.")
    ],
) -> None:
    """Store cross-validated (out-of-fold) predictions beside the model trained on all data."""
    with exit_on_error():
        attach_folds(settings(), model, tables)


_Formats = Annotated[
    list[str] | None,
    typer.Option(help=f"Format; repeatable. Default: all. One of: {', '.join(FORMATS)}."),
]
_TestData = Annotated[
    str,
    typer.Option(
        help="Test dataset for the comparison. Empty: its training dataset, or synthetic faces."
    ),
]


def convert(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    to: _Formats = None,
    data: _TestData = "",
    pictures: Annotated[
        int, typer.Option(help="Maximum number of pictures for the comparison; 0: all.")
    ] = 0,
    threads: Annotated[int, typer.Option(help="Number of threads for the comparison.")] = 1,
    zip_to: Annotated[
        Path | None,
        typer.Option(
            "--zip",
            help="Also write the chosen format with its example as a ZIP archive to this path.",
        ),
    ] = None,
) -> None:
    """Convert a model to other formats; test each against the network and measure latency."""
    with exit_on_error():
        plan = ConvertPlan(
            model=model,
            formats=tuple(to or ()),
            dataset=data,
            pictures=pictures,
            threads=threads,
        )
        check_output_paths(zip_to)
        if zip_to is not None and len(plan.chosen) != 1:
            raise PlanError(
                f"An archive holds one format, and {len(plan.chosen)} are asked for.",
                advice="Choose one: --to litert-float16.",
            )
        start_and_follow("convert", plan.to_json())
        models_dir = settings().models_dir
        card = load_card(models_dir, model)
        names = {one.name for one in plan.chosen}
        rows = [one for one in read_formats(models_dir, card) if one.name in names]
        for row in rows:
            say(line_of(row))
        if zip_to is not None:
            write_result(zip_to, package(models_dir, card, rows[0]))


def line_of(row: ConvertedFormat) -> str:
    """A format as one line of a list."""
    cells = [f"{row.name:20}"]
    if row.size_bytes:
        cells.append(f"{size(row.size_bytes):>8}")
    if row.speed is not None:
        cells.append(f"{row.speed.one.median_ms:7.2f} ms {row.speed.many.median_ms:7.1f} ms of 32")
    if row.parity is not None:
        cells.append(f"{hundredths(row.parity.changed_labels):>8} predictions changed")
        if row.parity.accuracy_change is not None:
            cells.append(f"accuracy {points(row.parity.accuracy_change)} points")
    return "  ".join((*cells, "passed" if row.passed else f"refused: {row.refusal}"))
