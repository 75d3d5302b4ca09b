"""Values of every class that is kept as JSON, each with something in every field."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from core.conversion import ConvertPlan
from core.conversion.importing.plan import ImportPlan
from core.datasets import DatasetSource
from core.datasets.audit import AuditPlan
from core.datasets.catalogue import OpenPlan
from core.datasets.face_extraction.plan import FacesPlan
from core.datasets.labels.corrections import Corrections, Exclude, Merge, Relabel
from core.datasets.readers.csv_pixels import ColumnNames
from core.datasets.report import PreparePlan
from core.domain import (
    FER7,
    ClassScores,
    EvaluationReport,
    Interval,
    LabelScheme,
    ModelCard,
    ModelInput,
    OutputKind,
    Scaling,
    SplitProtocol,
    plain_values,
)
from core.domain.provenance import Calibration, RecipeUsed, TrainingData
from core.domain.question_set import Question
from core.drift.quantity import Quantity
from core.drift.reference import DriftReference, MixReference, NumberReference
from core.evaluation.evaluator.plan import EvaluationPlan
from core.evaluation.explain.plan import ExplainPlan
from core.evaluation.metrics.significance import Difference, PairedTest
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.robustness.accuracy_by_quality import AccuracyByQuality, QualityBin
from core.evaluation.robustness.detection_rate import (
    DetectionCurve,
    DetectionPoint,
    DetectionReport,
)
from core.evaluation.robustness.plan import RobustnessPlan
from core.evaluation.robustness.report import CorruptionCurve, CorruptionPoint, RobustnessReport
from core.evaluation.subgroups.report import (
    Gap,
    GroupFigures,
    GroupsReport,
    read_groups,
    write_groups,
)
from core.measures import Calibration as MeasuredOwn
from core.measures import EyeRange, FacingCone, RestingShape
from core.measures.calibration import LIVE_BLENDSHAPES
from core.models import ConvertedFormat, Latency, Parity, Speed
from core.recordings.plan import RecordingPlan
from core.training import TrainingPlan, recipe_named
from core.training.monitoring.preview import PreviewPlan
from core.training.recipes.recipe import recipe_from
from core.training.sweeps.plan import SweepPlan
from core.training.sweeps.summary import SweepSummary, TrialState, TrialSummary
from core.validation.measuring import ClipFigures


class Stored(NamedTuple):
    """A value with how it is written as JSON and read back."""

    value: Any
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _by_method(value: Any) -> Stored:
    return Stored(value, type(value).to_json, type(value).from_json)


def _by_annotations(value: Any) -> Stored:
    return Stored(value, plain_values.to_plain, partial(plain_values.from_plain, type(value)))


INTERVAL = Interval(0.5, 0.25, np.float64(0.75))  # as numpy computes it
TRAINING = TrainingPlan(
    "two-block",
    dataset="fer2013",
    corrections="0a1b2c",
    classes="Confident or stressed",
    votes="/data/fer2013new.csv",
    name="mine",
    epochs=3,
    threads=2,
    pictures=100,
    options={"dropout": 0.25, "sizes_px": [[48, 1.0]], "augmentation": {"flip": 0.5}},
    trial_of="2026-11-21-0136-calm-otter",
    trial=4,
    cluster="ray://there:10001",
)
DIFFERENCE = Difference(40, Interval(-0.5, -0.75, -0.25), PairedTest(3, 9, 0.125, 0.0625))
POINT = CorruptionPoint(0, INTERVAL, INTERVAL, INTERVAL, None, 0.125, INTERVAL)
REPORT = EvaluationReport(
    "PrivateTest",
    4,
    ((2, 0), (1, 1)),
    INTERVAL,
    INTERVAL,
    (ClassScores("calm", 0.5, 0.25, 0.125, 2), ClassScores("tense", 1.0, 0.5, 0.75, 2, INTERVAL)),
    0.25,
    0.125,
    0.6931,
)
CARD = ModelCard(
    name="compact-1",
    scheme=FER7,
    input=ModelInput(48),
    temperature=1.25,
    not_sure_below=0.5,
    weights=123456,
    mmac=12.5,
    files={"model.tflite": "ab" * 32},
    made_at="2026-11-21T01:36:00+00:00",
    run_id="2026-11-21-0136-calm-otter",
    recipe=RecipeUsed("compact", 60, 7, {"dropout": 0.5, "augmentation": {"flip": 0.0}}),
    data=TrainingData(
        "FER2013", "cd" * 32, 28709, SplitProtocol("Training", "PublicTest", "PrivateTest")
    ),
)
IMPORTED = replace(
    CARD,
    scheme=LabelScheme("two", ("calm", "tense")),
    input=ModelInput(64, "tight", 3, Scaling.SIGNED),
    recipe=None,
    data=None,
    reports=(REPORT, replace(REPORT, dataset="faces")),
    limits=("Small.",),
    not_for=("Hiring.",),
    answers=OutputKind.PROBABILITIES,
    outputs=(1, 0),
    origin="elsewhere.onnx",
    data_as_told="Faces of friends.",
    calibration=Calibration("faces", "Test", 70),
    input_notes=("Scaling measured.",),
)
FORMAT = ConvertedFormat(
    name="onnx",
    runtime="onnx",
    requires=("onnxruntime==1.31.1",),
    file="formats/model.onnx",
    sha256="ef" * 32,
    size_bytes=1000,
    parity=Parity(70, 1e-6, 5e-7, 0.0, Interval(0.0, -0.25, 0.25), -0.125),
    speed=Speed(12.5, Latency(1.0, 2.0), Latency(8.0, 16.0), "a machine", 0.5),
    refusal="",
    faces="70 faces of FER2013",
    made_at="2026-11-21T01:36:00+00:00",
    source_sha256="ab" * 32,
    notes=("Tested.",),
)
GROUPS = GroupsReport(
    "Age",
    "PrivateTest",
    (GroupFigures("old", 40, 2, *[INTERVAL] * 2, 7, *[INTERVAL] * 2, np.float64(0.5), INTERVAL),),
    3,
    0.0625,
    Gap("old", "young", Difference(40, INTERVAL), 1),
    ("A note.",),
)
CONDITIONS = RobustnessReport(
    split="PrivateTest",
    pictures=40,
    judged=3589,
    seed=7,
    made_at="2026-11-21T01:36:00+00:00",
    clean=POINT,
    curves=(
        CorruptionCurve(
            "noise",
            (4.0, 8.0),
            (replace(POINT, level=1, right_when_sure=INTERVAL, difference=DIFFERENCE),),
        ),
    ),
    mean=INTERVAL,
    natural=(
        AccuracyByQuality("yaw", (QualityBin(None, 10.0, 5, INTERVAL),), 2, INTERVAL, 0.5),
        AccuracyByQuality("blur", (), 0, None, 1.0),
    ),
    finding=DetectionReport(
        *(9, 2, 1, 64),
        (DetectionCurve("dark", (0.5,), (DetectionPoint(1, *[INTERVAL] * 3, DIFFERENCE),)),),
    ),
    notes=("A note.",),
)
REFERENCE = DriftReference(
    "office",
    "Ten sessions.",
    100,
    datetime(2026, 11, 21, 1, 36, 0, 250000, timezone(timedelta(hours=1))),
    (NumberReference(Quantity.BLUR, (0.5,), (0.25, 0.75), (0.0, 1.0), 100, 50.5, 0.125),),
    MixReference(("calm", "tense"), (0.5, 0.5), 100, 50.0),
    0.75,
    ("one", "two"),
    "compact-1",
)
TRIAL = TrialSummary(
    1, TrialState.PRUNED, {"dropout": 0.5, "epochs": 3, "loss": "focal"}, 0.5, (0.5,)
)
OWN = MeasuredOwn(
    cone=FacingCone(yaw=2.5, pitch=-4.0, half_angle_deg=18.0),
    rest=tuple(RestingShape(name, 0.125, 0.0625) for name in LIVE_BLENDSHAPES),
    eyes=EyeRange(open=0.875, closed=0.25),
    lip_gap_sd=0.001,
)

STORED: dict[str, Stored] = {
    "Calibration of a person": _by_annotations(OWN),
    "Calibration of nothing": _by_annotations(MeasuredOwn()),
    "EvaluationPlan": _by_method(
        EvaluationPlan(
            ("a", "b"),
            dataset="fer2013",
            splits=("PrivateTest",),
            together="Duo",
            label_map=(("glad", "happy"), ("odd", "")),
        )
    ),
    "RobustnessPlan": _by_method(
        RobustnessPlan("a", "one", corruptions=("noise", "blur"), poses=False)
    ),
    "ExplainPlan": _by_method(ExplainPlan("a", "one", wanted=("00ff",), perplexity=20.0)),
    "TrainingPlan": _by_method(TRAINING),
    "SweepPlan": _by_method(
        SweepPlan(replace(TRAINING, trial_of="", trial=0), {"dropout": "0..0.5"}, 5, "ours")
    ),
    "PreviewPlan": _by_method(PreviewPlan.of(TRAINING, content="cd" * 32)),
    "ConvertPlan": _by_method(ConvertPlan("a", ("onnx",), pictures=70)),
    "ImportPlan": _by_method(
        ImportPlan("a.onnx", ("calm", "tense", "odd"), leave_out=("odd",), scaling="signed")
    ),
    "RecordingPlan": _by_method(
        RecordingPlan(("a.mp4", "b.mp4"), every_s=0.5, consent_at="2026-11-21T12:00:00+00:00")
    ),
    "FacesPlan": _by_method(FacesPlan("/", "faces", every_s=0.5, levels="tertiles")),
    "OpenPlan": _by_method(
        OpenPlan(
            "faces",
            DatasetSource(
                "x.csv", columns=ColumnNames(label="what"), label_map=(("glad", "happy"),)
            ),
        )
    ),
    "AuditPlan": _by_method(AuditPlan("faces", "compact-1", threads=1)),
    "PreparePlan": _by_method(PreparePlan("faces", pictures=True)),
    "GroupsReport": Stored(
        (GROUPS, replace(GROUPS, gap=None)),
        lambda reports: json.loads(write_groups(reports)),
        lambda read: read_groups(json.dumps(read).encode()),
    ),
    "RobustnessReport": Stored(
        CONDITIONS,
        lambda report: json.loads(report.to_bytes()),
        lambda read: RobustnessReport.from_bytes(json.dumps(read).encode()),
    ),
    "Evaluation": _by_annotations(
        Evaluation(
            *("compact-1", "one", "FER2013", "cd" * 32, {"dataset": "fer2013", "splits": []}),
            *(FER7, "one", 1.25, 0.5, "PrivateTest", "2026-11-21T01:36:00+00:00", ("A note.",)),
            files={"answers.npz": "ab" * 32},
        )
    ),
    "ConvertedFormat": _by_annotations(FORMAT),
    "ConvertedFormat refused": _by_annotations(
        replace(FORMAT, parity=None, speed=None, refusal="Too far from the network.")
    ),
    "DriftReference": _by_method(REFERENCE),
    "DriftReference of pictures": _by_method(replace(REFERENCE, mix=None, agreement=None)),
    "ModelCard": _by_method(CARD),
    "ModelCard imported": _by_method(IMPORTED),
    "SweepSeen": _by_annotations(
        SweepSummary("ours", "two-block", 3, 5, {"dropout": "0..0.5"}, (TRIAL,), {"dropout": 1.0})
    ),
    "Corrections": _by_method(
        Corrections(
            (Exclude(("a", "b"), "twice"), Relabel(("c",), "happy", "glad"), Merge("a", "b", "few"))
        )
    ),
    "Question": _by_annotations(Question("Why? «中»", "A reason.")),
    "ClipFigures": _by_annotations(ClipFigures(12.5, 2, 0.875, {"smile": 0.25, "tension": -1.5})),
    "Recipe": Stored(recipe_named("mobilenet-v3"), plain_values.to_plain, recipe_from),
}
