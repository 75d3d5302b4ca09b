"""`python -m core use`: where and for what Mien runs here."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from core.cli.common import explained, settings
from core.domain.errors import PlanError
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store

_Word = TypeVar("_Word", bound=StrEnum)


def use(
    region: Annotated[str, typer.Option(help="eu-eea or elsewhere.")] = "",
    purpose: Annotated[str, typer.Option(help="self-practice, research or classroom.")] = "",
) -> None:
    """Say where and for what Mien runs here, or choose it: without options nothing is changed."""
    with explained():
        path = policy_store.path_in(settings().data_dir)
        if region or purpose:
            policy_store.write(path, _chosen(region, purpose))
        policy = policy_store.read(path)
        if policy is None:
            typer.echo("Nobody has chosen yet: --region and --purpose do.")
            return
        shown = "expressions are shown" if policy.emotion_shown else "no expression is shown"
        typer.echo(f"{policy.region}, {policy.purpose}: {shown}.")
        typer.echo("Everyone whose face is read agrees to this before:")
        for sentence in policy.notice:
            typer.echo(f"- {sentence}")


def _chosen(region: str, purpose: str) -> UsePolicy:
    if not (region and purpose):
        raise PlanError(
            "Where and for what belong together.", advice="Give both --region and --purpose."
        )
    return UsePolicy(_one_of(Region, region), _one_of(Purpose, purpose))


def _one_of(words: type[_Word], said: str) -> _Word:
    try:
        return words(said)
    except ValueError:
        raise PlanError(
            f"There is no {words.__name__.lower()} {said!r}.",
            advice=f"Choose {' or '.join(words)}.",
        ) from None
