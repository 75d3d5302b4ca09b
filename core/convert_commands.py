"""`python -m core convert`: a saved model in other formats, without a browser."""

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
from core.conversion import FORMATS, ConvertPlan
from core.conversion.package.archive import package
from core.domain.errors import PlanError
from core.domain.wording import points, size
from core.models import load_card
from core.models.formats import ConvertedFormat, read_formats


def convert(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    to: Annotated[
        list[str] | None,
        typer.Option(help=f"Repeatable; all without it. One of: {', '.join(FORMATS)}."),
    ] = None,
    data: Annotated[
        str,
        typer.Option(help="Compare on this dataset; empty: what it learned from, or drawn faces."),
    ] = "",
    pictures: Annotated[int, typer.Option(help="Compare on at most so many; 0: all.")] = 0,
    threads: Annotated[int, typer.Option(help="While comparing.")] = 1,
    zip_to: Annotated[
        Path | None,
        typer.Option("--zip", help="Also write the one format asked for, with all it takes, here."),
    ] = None,
) -> None:
    """Write a model in other formats, test each against the network, and measure it here."""
    with explained():
        plan = ConvertPlan(
            model=model,
            formats=tuple(to or ()),
            dataset=data,
            pictures=pictures,
            threads=threads,
        )
        expect_folders(zip_to)
        if zip_to is not None and len(plan.chosen) != 1:
            raise PlanError(
                f"An archive holds one format, and {len(plan.chosen)} are asked for.",
                advice="Name one: --to litert-float16.",
            )
        start_and_follow("convert", plan.to_json())
        models_dir = settings().models_dir
        card = load_card(models_dir, model)
        asked = {one.name for one in plan.chosen}
        rows = [one for one in read_formats(models_dir, card) if one.name in asked]
        for row in rows:
            typer.echo(line_of(row))
        if zip_to is not None:
            write_result(zip_to, package(models_dir, card, rows[0]))


def line_of(row: ConvertedFormat) -> str:
    """A format in one line of a list."""
    words = [f"{row.name:20}"]
    if row.size_bytes:
        words.append(f"{size(row.size_bytes):>8}")
    if row.speed is not None:
        words.append(f"{row.speed.one.median_ms:7.2f} ms {row.speed.many.median_ms:7.1f} ms of 32")
    if row.parity is not None:
        words.append(f"{row.parity.changed_labels:6.2%} labels changed")
        if row.parity.accuracy_change is not None:
            words.append(f"accuracy {points(row.parity.accuracy_change)} points")
    return "  ".join((*words, "passed" if row.passed else f"refused: {row.refusal}"))
