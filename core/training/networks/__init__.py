"""Networks by name, and their pretrained weights."""

from core.training.networks.pretrained import all_weights_status, weights_status

__all__ = [
    "all_weights_status",
    "weights_status",
]
