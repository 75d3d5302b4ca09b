"""`python -m core report` and `compare`: what an evaluation says, on paper and beside another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from core.command_tools import expect_folders, explained, settings, write_result
from core.domain.errors import PlanError
from core.evaluation.comparison.candidates import common_splits, contender, name_of
from core.evaluation.comparison.compare import compare_models
from core.evaluation.comparison.sentences import pair_sentence, verdict
from core.evaluation.predictions.evaluation_store import answers_in
from core.evaluation.report import (
    FullReport,
    chosen_evaluation,
    gather,
    to_html,
    to_json,
    to_markdown,
)
from core.jobs import terminal
from core.training.monitoring.provenance import surroundings_of

WRITERS: Mapping[str, Callable[[FullReport], str]] = {
    ".html": to_html,
    ".json": to_json,
    ".md": to_markdown,
}


def report(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    out: Annotated[
        Path, typer.Argument(help=f"A file ending in {', '.join(WRITERS)}; a page prints as PDF.")
    ],
    evaluation: Annotated[
        str, typer.Option(help="Its slug; empty takes that of the model's own dataset.")
    ] = "",
) -> None:
    """Write everything that an evaluation says: a page to print, numbers, or a model card."""
    with explained():
        writer = WRITERS.get(out.suffix.lower())
        if writer is None:
            raise PlanError(
                f"No report can be written as {out.name}.",
                advice=f"End its name in {' or '.join(WRITERS)}.",
            )
        expect_folders(out)
        here = settings()
        chosen = chosen_evaluation(here.models_dir, model, evaluation)
        around = surroundings_of(here, model, now=terminal.now())
        write_result(out, writer(gather(here.models_dir, chosen, around)))
        typer.echo(f"{name_of(chosen)} on {chosen.dataset} ({chosen.slug}), written to {out}")


def compare(
    models: Annotated[
        list[str],
        typer.Argument(help="Two or more names under models/; with a slug: compact-1/fer2013-flip"),
    ],
    split: Annotated[str, typer.Option(help="Empty takes the one that judges.")] = "",
) -> None:
    """Say which of several models is better on the pictures that all of them judged."""
    with explained():
        models_dir = settings().models_dir
        chosen = [
            chosen_evaluation(models_dir, name, slug)
            for name, _, slug in (one.partition("/") for one in models)
        ]
        answers = [answers_in(models_dir, one) for one in chosen]
        splits = common_splits(answers, judges=chosen[0].judges)
        if not splits or (split and split not in splits):
            raise PlanError(
                f"Not all of these judged {split or 'one and the same split'}.",
                advice=f"They share: {', '.join(splits)}." if splits else "Evaluate them on it.",
            )
        on = split or splits[0]
        found = compare_models(
            on, [contender(one, told[on]) for one, told in zip(chosen, answers, strict=True)]
        )
        typer.echo(verdict(found))
        for pair in found.pairs:
            typer.echo(f"{pair_sentence(pair)} Corrected p {pair.corrected_p:.3g}.")
