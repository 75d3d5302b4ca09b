"""What a teacher sees of a class: figures of groups over the time, and what holds now."""

from core.classroom.board.alerts import Alert, AlertKind, Dip
from core.classroom.board.board import LOOKS_EVERY_S, Board
from core.classroom.board.sums import LONGEST_S
from core.classroom.board.view import (
    FACING,
    INDEX,
    PART_FIGURES,
    PRESENT,
    WINDOW_S,
    AskedQuestion,
    BoardView,
    ClassWindows,
    Figure,
    FigureSeries,
    FlagMinutes,
    LearnerCounts,
    LearnerNow,
    RaisedHand,
    Withheld,
)

__all__ = [
    "FACING",
    "INDEX",
    "LONGEST_S",
    "LOOKS_EVERY_S",
    "PART_FIGURES",
    "PRESENT",
    "WINDOW_S",
    "Alert",
    "AlertKind",
    "AskedQuestion",
    "Board",
    "BoardView",
    "ClassWindows",
    "Dip",
    "Figure",
    "FigureSeries",
    "FlagMinutes",
    "LearnerCounts",
    "LearnerNow",
    "RaisedHand",
    "Withheld",
]
