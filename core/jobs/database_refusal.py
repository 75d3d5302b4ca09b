"""Runs that failed because the session database refused: their uploads are kept for a resume."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain import Finished
from core.domain.errors import StoreError, UnknownSession

REFUSED: Mapping[str, str] = {"refused_by": "session database"}
"""In the result of such a run."""


def is_refusal(error: BaseException) -> bool:
    """Whether the session database refused; not where somebody deleted the session."""
    return isinstance(error, StoreError) and not isinstance(error, UnknownSession)


def was_refused(finished: Finished | None) -> bool:
    """Whether a run ended because of a refusal."""
    return finished is not None and REFUSED.items() <= finished.result.items()
