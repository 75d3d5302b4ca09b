"""The command line of Mien: `python -m core --help`."""

from __future__ import annotations

from collections.abc import Mapping

import typer

from core.cli.lazy_group import LazyCommand, LazyGroup

COMMANDS: Mapping[str, LazyCommand] = {
    "prepare": LazyCommand(
        "core.cli.datasets:prepare",
        "Validate a dataset and write a report on its classes and differences.",
    ),
    "audit": LazyCommand(
        "core.cli.datasets:audit",
        "Check picture quality, face detection, duplicates and label noise.",
    ),
    "faces": LazyCommand(
        "core.cli.datasets:faces", "Extract faces from videos, as pictures for training."
    ),
    "analyse": LazyCommand(
        "core.cli.recordings:analyse",
        "Analyse recordings in a background process and store a session for each.",
    ),
    "classes": LazyCommand(
        "core.cli.classes:classes_app",
        "Classes: list, delete one or what a learner of it shared.",
    ),
    "compare": LazyCommand(
        "core.cli.evaluation:compare",
        "Compare models on the pictures that all of them were evaluated on.",
    ),
    "convert": LazyCommand(
        "core.cli.models:convert",
        "Convert a model to other formats; test each against the network and measure latency.",
    ),
    "errors": LazyCommand(
        "core.cli.explain:errors",
        "List the classes that a model confuses, the most frequent first.",
    ),
    "evaluate": LazyCommand(
        "core.cli.evaluation:evaluate",
        "Evaluate models on a dataset, and print the metrics with their 95 % CI.",
    ),
    "explain": LazyCommand(
        "core.cli.explain:explain",
        "Compute saliency maps and t-SNE of an evaluation, and save them with it.",
    ),
    "export": LazyCommand(
        "core.cli.sessions:export",
        "Write stored sessions to one file; its name's ending chooses the format.",
    ),
    "import-sessions": LazyCommand(
        "core.cli.sessions:import_sessions",
        "Import sessions from files: exports of Mien, and tables of Py-Feat and OpenFace.",
    ),
    "report": LazyCommand(
        "core.cli.evaluation:report",
        "Write a report on an evaluation: a page to print, JSON, or a model card.",
    ),
    "robustness": LazyCommand(
        "core.cli.evaluation:robustness",
        "Measure a model's accuracy on corrupted pictures, by picture quality and by group.",
    ),
    "conditions": LazyCommand(  # its earlier name, until the next release
        "core.cli.evaluation:robustness",
        "Measure a model's accuracy on corrupted pictures, by picture quality and by group.",
        hidden=True,
    ),
    "sessions": LazyCommand(
        "core.cli.sessions:sessions",
        "List the stored sessions, newest first: id, begin, rows, who read the faces, title.",
    ),
    "stream": LazyCommand(
        "core.cli.stream:stream",
        "Print a session's rows as JSON lines, as they are stored, until it ends; Ctrl-C stops.",
    ),
    "train": LazyCommand(
        "core.cli.training:train",
        "Train a model and follow the run. Ctrl-C stops it; `runs resume` resumes it.",
    ),
    "use": LazyCommand(
        "core.cli.use:use",
        "Show or set the region and purpose of this installation; without options nothing changes.",
    ),
    "validate": LazyCommand(
        "core.cli.validate:validate",
        "Compare measures with ratings that people gave to clips: correlations with intervals.",
    ),
    "import": LazyCommand(
        "core.cli.models:import_model", "Import a model that was trained elsewhere."
    ),
    "calibrate": LazyCommand(
        "core.cli.models:calibrate_model",
        "Calibrate an imported model (temperature scaling) on one of its evaluations.",
    ),
    "assets": LazyCommand(
        "core.cli.installation:assets",
        "Download the models for face detection and build the eye in the browser; what is there "
        "and intact is kept.",
    ),
    "doctor": LazyCommand(
        "core.cli.installation:doctor",
        "Check what is installed and works; exit code 1 if something does not.",
    ),
    "runs": LazyCommand(
        "core.cli.runs:runs_app",
        "Runs (trainings, sweeps and other jobs): list, cancel, resume, note, delete.",
    ),
    "sweep": LazyCommand(
        "core.cli.sweeps:sweep_app",
        "Hyperparameter search: many short runs of a recipe, each with other values.",
    ),
    "datasets": LazyCommand("core.cli.datasets:datasets_app", "Datasets: list, add, remove."),
    "models": LazyCommand(
        "core.cli.models:models_app",
        "Saved models: list, drift references, out-of-fold predictions.",
    ),
}
"""Name of each command -> where it is."""


class _Commands(LazyGroup):
    table = COMMANDS


app = typer.Typer(
    cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback(help="Mien without a browser.")
def _mien() -> None:
    """Load-bearing: makes a group of a Typer whose commands are not registered with it."""
