"""The nouns: frozen values that check themselves; no input, no output."""

from core.vocabulary.audit import NOBODYS_TWIN, Problem, ProblemKind
from core.vocabulary.card import ModelCard, ModelInput
from core.vocabulary.dataset import UNLABELLED, Dataset, PictureSet, SplitProtocol
from core.vocabulary.frame import Box, Face, Frame, RgbPicture
from core.vocabulary.naming import new_id
from core.vocabulary.observation import (
    FaceQuality,
    HeadPose,
    Moment,
    Observation,
    RejectReason,
    Session,
    SourceKind,
)
from core.vocabulary.report import ClassScores, EvaluationReport, Interval
from core.vocabulary.run import (
    BatchDone,
    CheckpointSaved,
    DataReady,
    EpochEnded,
    Finished,
    Progress,
    Run,
    RunEvent,
    RunStatus,
    Said,
    Started,
)
from core.vocabulary.scheme import (
    CONFIDENT2,
    EXPRESSIVENESS3,
    FER7,
    SCHEMES,
    TO_CONFIDENT2,
    EmotionScores,
    LabelMap,
    LabelScheme,
    mean_scores,
    normalised,
)
from core.vocabulary.timeline import NOBODY, Timeline

__all__ = [
    "CONFIDENT2",
    "EXPRESSIVENESS3",
    "FER7",
    "NOBODY",
    "NOBODYS_TWIN",
    "SCHEMES",
    "TO_CONFIDENT2",
    "UNLABELLED",
    "BatchDone",
    "Box",
    "CheckpointSaved",
    "ClassScores",
    "DataReady",
    "Dataset",
    "EmotionScores",
    "EpochEnded",
    "EvaluationReport",
    "Face",
    "FaceQuality",
    "Finished",
    "Frame",
    "HeadPose",
    "Interval",
    "LabelMap",
    "LabelScheme",
    "ModelCard",
    "ModelInput",
    "Moment",
    "Observation",
    "PictureSet",
    "Problem",
    "ProblemKind",
    "Progress",
    "RejectReason",
    "RgbPicture",
    "Run",
    "RunEvent",
    "RunStatus",
    "Said",
    "Session",
    "SourceKind",
    "SplitProtocol",
    "Started",
    "Timeline",
    "mean_scores",
    "new_id",
    "normalised",
]
