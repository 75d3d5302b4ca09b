"""Training elsewhere: Ray, notebooks, and the bundle that travels."""

from core.training.remote.file_transfer import resume_locally
from core.training.remote.notebook import build_notebook, file_name

__all__ = [
    "build_notebook",
    "file_name",
    "resume_locally",
]
