"""What a person takes home of a practice: a report to print, CSV files, everything as ZIP."""

from core.practice.exporters.content import PracticeContent, practice_content
from core.practice.exporters.practice_formats import PRACTICE_EXPORTS, PracticeFormat

__all__ = ["PRACTICE_EXPORTS", "PracticeContent", "PracticeFormat", "practice_content"]
