"""Networks by name, and where pretrained backbones come from."""

from core.training.networks.pretrained import state_of, states

__all__ = [
    "state_of",
    "states",
]
