"""The command `models pretrained`: which pretrained weights are here, and where to get others."""

from __future__ import annotations

from core.cli.common import exit_on_error, say, settings
from core.training.networks import all_weights_status


def pretrained() -> None:
    """List networks with pretrained weights, and where to get the weights."""
    with exit_on_error():
        for network, state in all_weights_status(settings().models_dir).items():
            say(f"{network}: {state}")
