"""Training on other machines: Ray clusters, notebooks, and the bundle they use."""

from core.training.remote.file_transfer import resume_locally
from core.training.remote.notebook import build_notebook, file_name

__all__ = [
    "build_notebook",
    "file_name",
    "resume_locally",
]
