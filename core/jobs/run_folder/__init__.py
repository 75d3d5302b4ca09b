"""The folder of one run: plan, journal of events, lease of its worker, notes."""

from core.jobs.run_folder.folder import create, find
from core.jobs.run_folder.lease import holder, label_of

__all__ = [
    "create",
    "find",
    "holder",
    "label_of",
]
