"""What a class leaves: its teacher's report and files, and each learner's own rows."""

from core.classroom.exporters.class_files import ClassFile, class_files
from core.classroom.exporters.class_report import ClassReport, Stretch, StretchFigure, class_report
from core.classroom.exporters.class_words import FIGURE_TITLES, FLAG_TITLES
from core.classroom.exporters.learner_csv import learner_csv

__all__ = [
    "FIGURE_TITLES",
    "FLAG_TITLES",
    "ClassFile",
    "ClassReport",
    "Stretch",
    "StretchFigure",
    "class_files",
    "class_report",
    "learner_csv",
]
