"""Remarks in words: calm, with a figure, and what to do where that is not plain."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.domain.counted import counted, percent
from core.practice.answers.head_direction import Direction
from core.practice.answers.readability import Hindrance, hindrance_text, remedy_text
from core.practice.answers.remark import Remark, RemarkKind

_TO: Mapping[Direction, str] = {
    Direction.DOWN: "down",
    Direction.UP: "up",
    Direction.LEFT: "to your left",
    Direction.RIGHT: "to your right",
}


def remark_text(remark: Remark) -> str:
    """A remark as one sentence, in whole seconds. "Looked" is where the head pointed."""
    return _TEXTS[remark.kind](remark)


def clock_text(time_s: float) -> str:
    """A moment of an answer: "1:05"."""
    minutes, seconds = divmod(int(time_s), 60)
    return f"{minutes}:{seconds:02d}"


def _of(remark: Remark) -> str:
    """ "40 of 95 seconds"; never more than there are."""
    of_s = round(remark.of_s or 0.0)
    return f"{min(of_s, round(remark.seconds or 0.0))} of {counted(of_s, 'second')}"


def _looked_away(remark: Remark) -> str:
    where = "" if remark.third is None else f", mostly in the {remark.third} third"
    to = "away" if remark.direction is None else _TO[remark.direction]
    return f"You looked {to} for {_of(remark)}{where}."


def _silence(remark: Remark) -> str:
    lasted = counted(round(remark.seconds or 0.0), "second")
    return f"You were silent for {lasted} from {clock_text(remark.begins_s)} on."


def _first_word(remark: Remark) -> str:
    return f"Your first word came after {counted(round(remark.seconds or 0.0), 'second')}."


def _tense(remark: Remark) -> str:
    value = remark.value or 0.0
    return (
        f"In the {remark.third} third, brows or lips were {value:.1f} SD tenser than in your own "
        "calm face."
    )


def _still(remark: Remark) -> str:
    share = 1.0 - (remark.value or 0.0)
    earlier = "all" if share >= 1.0 else percent(share)
    return f"Your face moved less than in {earlier} of your own earlier answers."


def _not_measured(remark: Remark) -> str:
    hindrance = Hindrance(remark.reason, remark.seconds or 0.0, others_in_view=False)
    return (
        f"{_of(remark)} could not be read, mostly for one reason ({hindrance_text(hindrance)}): "
        f"{remedy_text(hindrance)}."
    )


_TEXTS: Mapping[RemarkKind, Callable[[Remark], str]] = {
    RemarkKind.LOOKED_AWAY: _looked_away,
    RemarkKind.LONG_SILENCE: _silence,
    RemarkKind.LATE_FIRST_WORD: _first_word,
    RemarkKind.TENSION: _tense,
    RemarkKind.STILL_FACE: _still,
    RemarkKind.OTHER_FACE: lambda one: f"Another face was in the picture for {_of(one)}.",
    RemarkKind.NOT_MEASURED: _not_measured,
    RemarkKind.FACING: lambda one: f"You faced the screen for {_of(one)}.",
    RemarkKind.MEASURED: lambda one: f"{_of(one)} could be measured.",
}
