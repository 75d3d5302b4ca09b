"""Titles of figures and flags in a class's files, and what nobody should conclude from them.

These words are read in the EU and EEA too: a figure that may not be shown there has its words in
`_LIMITS` alone, and these go with the figure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from core.classroom.board.shown_here import MIX
from core.classroom.board.view import FACING, INDEX, PART_FIGURES, PRESENT, Withheld
from core.domain.classroom import FlagKind
from core.measures import MEASURES, PART_TITLES

FIGURE_TITLES: Mapping[str, str] = {
    PRESENT: "Present",
    FACING: "Heads towards the screen",
    INDEX: "Engagement index",
    **{name: PART_TITLES[part] for part, name in PART_FIGURES.items()},
}

FLAG_TITLES: Mapping[FlagKind, str] = {
    FlagKind.LOST: "Lost",
    FlagKind.TOO_FAST: "Too fast",
    FlagKind.AGAIN: "Again",
    FlagKind.FINE: "Fine",
    FlagKind.HAND: "Hand up",
    FlagKind.QUESTION: "Question",
}


def withheld_words(why: Withheld, smallest_group: int) -> str:
    """Why there is no figure, in a table's cell."""
    return {
        Withheld.NOT_MEASURED: "not measured",
        Withheld.TOO_FEW: f"fewer than {smallest_group}",
        Withheld.ONE_CHANGED: "group changed by one learner",
        Withheld.ONE_LEFT: "one withdrew",
    }[why]


_LIMITS: Mapping[str, str] = {
    PRESENT: (
        "Present says that a face was before a camera: not who it was, and not what the person did."
    ),
    FACING: (
        "Heads towards the screen tell where heads pointed, not where eyes looked: who writes, "
        "reads on paper or thinks turns away, too."
    ),
    INDEX: f"The engagement index: {MEASURES['engagement_index'].limits}",
    MIX: (
        "Expressions shown are what a model recognises in faces, not what goes on in a learner, "
        "and the model errs more often for some people than for others."
    ),
}

_ALWAYS = (
    "Not measured is not away: a camera that was paused, a hidden tab and a lost connection are "
    "among the reasons, and nobody has to share.",
    "Intervals say how much chance among these learners can do. They know neither errors of the "
    "cameras nor any other class.",
    "A dip has no one cause: work on paper, talk with a neighbour, a break or the light do the "
    "same. It is no verdict on a slide, a teacher or a learner.",
    "Nothing here is about one learner, and nothing of it may grade anybody.",
)


def limits_of(names: Collection[str]) -> tuple[str, ...]:
    """What not to conclude from these figures.

    Args:
        names: of figures; `MIX` for the shares of expressions.
    """
    return (*(words for name, words in _LIMITS.items() if name in names), *_ALWAYS)
