"""Runs that failed because the session database refused: what they need to go on is kept."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain import Finished
from core.domain.errors import StoreError, UnknownSession

REFUSED: Mapping[str, str] = {"refused_by": "session database"}
"""In the result of such a run."""


def is_refusal(error: BaseException) -> bool:
    """Whether the session database refused; not where a session was deleted by somebody."""
    return isinstance(error, StoreError) and not isinstance(error, UnknownSession)


def was_refused(finished: Finished | None) -> bool:
    """Whether a run ended so."""
    return finished is not None and REFUSED.items() <= finished.result.items()
