"""Training elsewhere: Ray, notebooks, and the bundle that travels."""

from core.training.remote.file_transfer import stay_here
from core.training.remote.notebook import file_name, notebook_of

__all__ = [
    "file_name",
    "notebook_of",
    "stay_here",
]
