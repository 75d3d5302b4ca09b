"""Remarks in words."""

from __future__ import annotations

from core.domain.counted import counted
from core.practice.answers.remark import Remark, RemarkKind


def remark_text(remark: Remark) -> str:
    """A remark as one calm sentence, with its figure."""
    seconds, of_s = remark.seconds or 0.0, remark.of_s or 0.0
    if remark.kind is RemarkKind.FACING:
        return f"You faced the screen for {round(seconds)} of {counted(round(of_s), 'second')}."
    return f"{round(seconds)} of {counted(round(of_s), 'second')} could be measured."
