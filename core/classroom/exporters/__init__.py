"""What a class leaves: its teacher's report and files, and each learner's own rows."""

from core.classroom.exporters.learner_csv import learner_csv

__all__ = ["learner_csv"]
