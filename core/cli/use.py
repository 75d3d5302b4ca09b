"""The command `use`: shows or sets region and purpose."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from core.cli.common import exit_on_error, say, settings
from core.domain.errors import NotAllowedHere, PlanError
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store

_Choice = TypeVar("_Choice", bound=StrEnum)


def use(
    region: Annotated[str, typer.Option(help="Where Mien is used: eu-eea or elsewhere.")] = "",
    purpose: Annotated[
        str, typer.Option(help="What for: self-practice, research or classroom.")
    ] = "",
) -> None:
    """Show or set the region and purpose of this installation; without options nothing changes."""
    with exit_on_error():
        path = policy_store.path_in(settings().data_dir)
        if region or purpose:
            policy_store.write(path, _chosen(path, region, purpose))
        policy = policy_store.read(path)
        if policy is None:
            say("Region and purpose are not set. Set them with --region and --purpose.")
            return
        shown = "expressions are shown" if policy.emotion_shown else "no expression is shown"
        say(f"{policy.region}, {policy.purpose}: {shown}.")
        say("Everyone whose face is analysed must first agree to:")
        for sentence in policy.notice:
            say(f"- {sentence}")


def _chosen(path: Path, region: str, purpose: str) -> UsePolicy:
    if not (region and purpose):
        raise PlanError(
            "Region and purpose must be set together.", advice="Give both --region and --purpose."
        )
    chosen = UsePolicy(_one_of(Region, region), _one_of(Purpose, purpose))
    with suppress(NotAllowedHere):  # a damaged file is replaced
        if before := policy_store.read(path):
            return before.changed_to(chosen.region, chosen.purpose)
    return chosen


def _one_of(choices: type[_Choice], text: str) -> _Choice:
    try:
        return choices(text)
    except ValueError:
        raise PlanError(
            f"There is no {choices.__name__.lower()} {text!r}.",
            advice=f"Choose {' or '.join(choices)}.",
        ) from None
