"""Which runs can be resumed: not those that would fail again in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain import Run, RunStatus
from core.domain.errors import DatasetError
from core.jobs.database_refusal import was_refused

UNREADABLE: Mapping[str, str] = {"refused_by": "input"}
"""In the result of a run that cannot read what its plan names."""

QUESTIONS = ("labels", "table")
"""In the result of a run that asks what labels or columns mean: the answers make another plan."""

_ONLY_READ = frozenset({"open_dataset"})


def is_unreadable(kind: str, error: BaseException) -> bool:
    """Whether a run of this kind failed because of the files that its plan names.

    Others read a dataset that may be opened again meanwhile.
    """
    return kind in _ONLY_READ and isinstance(error, DatasetError)


def can_resume(run: Run, plan: Mapping[str, Any]) -> bool:
    """Whether resuming a run that is over may lead to another end.

    Args:
        plan: of the run.
    """
    if run.status is RunStatus.COMPLETED:
        return False
    if run.finished is None:  # its process is gone; nothing was cleaned up
        return True
    result = run.finished.result
    if result.keys() & set(QUESTIONS) or UNREADABLE.items() <= result.items():
        return False
    # An upload is deleted with the end of its run, unless the session database refused.
    return plan.get("is_upload") is not True or was_refused(run.finished)
