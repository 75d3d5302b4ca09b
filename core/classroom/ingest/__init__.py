"""What learners' devices send becomes seconds in the database."""

from core.classroom.ingest.analysis_pool import AnalysisPool
from core.classroom.ingest.seconds_meter import SecondsMeter
from core.classroom.ingest.server_learner import (
    ANALYSIS_THREADS,
    MAX_SERVER_LEARNERS,
    LearnerGate,
    NotAsked,
    ServerLearner,
    ServerLearners,
)

__all__ = [
    "ANALYSIS_THREADS",
    "MAX_SERVER_LEARNERS",
    "AnalysisPool",
    "LearnerGate",
    "NotAsked",
    "SecondsMeter",
    "ServerLearner",
    "ServerLearners",
]
