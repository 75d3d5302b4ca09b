"""What learners' devices send becomes seconds in the database."""

from core.classroom.ingest.analysis_pool import AnalysisPool
from core.classroom.ingest.class_desk import ClassDesk, ClassSources
from core.classroom.ingest.class_ingest import ClassIngest
from core.classroom.ingest.learner_stream import newest_of
from core.classroom.ingest.seconds_meter import SecondsMeter
from core.classroom.ingest.seconds_writer import SecondsWriter
from core.classroom.ingest.server_learner import LearnerGate, NotAsked, ServerLearner
from core.classroom.ingest.server_learners import (
    ANALYSIS_THREADS,
    MAX_SERVER_LEARNERS,
    ServerLearners,
)
from core.classroom.ingest.study_rows import StudyRows

__all__ = [
    "ANALYSIS_THREADS",
    "MAX_SERVER_LEARNERS",
    "AnalysisPool",
    "ClassDesk",
    "ClassIngest",
    "ClassSources",
    "LearnerGate",
    "NotAsked",
    "SecondsMeter",
    "SecondsWriter",
    "ServerLearner",
    "ServerLearners",
    "StudyRows",
    "newest_of",
]
