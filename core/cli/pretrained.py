"""Weights learned elsewhere, on the command line: which are here, and where to get the others."""

from __future__ import annotations

import typer

from core.cli.common import exit_on_error, settings
from core.training.networks import states


def pretrained() -> None:
    """Say which networks can begin with weights learned elsewhere, and where to get them."""
    with exit_on_error():
        for network, state in states(settings().models_dir).items():
            typer.echo(f"{network}: {state}")
