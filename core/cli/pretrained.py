"""The command `models pretrained`: which pretrained weights are here, and where to get others."""

from __future__ import annotations

import typer

from core.cli.common import exit_on_error, settings
from core.training.networks import all_weights_status


def pretrained() -> None:
    """List networks with pretrained weights, and where to get the weights."""
    with exit_on_error():
        for network, state in all_weights_status(settings().models_dir).items():
            typer.echo(f"{network}: {state}")
