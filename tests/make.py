"""Builders of valid values: everything has a default, name only what the test is about."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import (
    FER7,
    AnalysedFrame,
    Box,
    ClassScores,
    Dataset,
    EmotionScores,
    EvaluationReport,
    Event,
    EventKind,
    FaceQuality,
    Frame,
    HeadPose,
    Interval,
    LabelScheme,
    ModelCard,
    ModelInput,
    Observation,
    PictureSet,
    RecipeUsed,
    RejectReason,
    Session,
    SourceKind,
    SplitProtocol,
    Timeline,
    TrainingData,
    normalised,
)

OFFICIAL = SplitProtocol("Training", "PublicTest", "PrivateTest")
BEGAN_AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def make_frame(time_s: float = 0.0, *, width_px: int = 64, height_px: int = 48) -> Frame:
    """A grey frame; its index follows from 10 frames a second."""
    rgb = np.full((height_px, width_px, 3), 128, dtype=np.uint8)
    return Frame(rgb, time_s, round(time_s * 10))


def make_scores(**named: float) -> EmotionScores:
    """FER7 scores: the named labels as given, the rest shared evenly by the others."""
    rest = (1 - math.fsum(named.values())) / max(1, len(FER7) - len(named))
    return normalised(FER7, [named.get(label, rest) for label in FER7.labels])


def make_quality(reason: RejectReason | None = None) -> FaceQuality:
    """A well-lit, sharp face, unless a reason says otherwise."""
    return FaceQuality(reason is None, reason, brightness=0.5, blur=120.0, face_px=120.0)


def make_observation(
    time_s: float = 0.0,
    *,
    track_id: int = 1,
    scores: EmotionScores | None = None,
    reason: RejectReason | None = None,
) -> Observation:
    """A happy face that looks into the camera; without scores where a reason is given."""
    shown = (make_scores(happy=0.8) if scores is None else scores) if reason is None else None
    left = 100.0 * track_id
    return Observation(
        time_s=time_s,
        frame_index=round(time_s * 10),
        track_id=track_id,
        box=Box(left, 50.0, left + 80.0, 130.0),
        confidence=0.9,
        quality=make_quality(reason),
        scores=shown,
        steady=shown,
        pose=HeadPose(0.0, 0.0, 0.0),
        eyes_open=0.9,
    )


def make_moment(time_s: float = 0.0, *observations: Observation) -> AnalysedFrame:
    """One analysed frame with these faces, perhaps none."""
    return AnalysedFrame(time_s, round(time_s * 10), observations, latency_ms=12.0)


def make_mark(time_s: float = 0.0, words: str = "a question") -> Event:
    """What a person marked."""
    return Event(time_s, EventKind.MARK, words)


def make_timeline(seconds: float = 10.0, *, fps: float = 10.0) -> Timeline:
    """One happy face all the time."""
    times = np.arange(round(seconds * fps)) / fps
    return Timeline.from_frames(
        FER7, [make_moment(float(at), make_observation(float(at))) for at in times]
    )


def make_session(
    session_id: str = "2026-11-21-1200-calm-otter",
    *,
    began_at: datetime = BEGAN_AT,
    ended_at: datetime | None = None,
    title: str = "A sitting",
    source: SourceKind = SourceKind.CAMERA,
    card_name: str = "small",
) -> Session:
    """A camera session that still runs."""
    return Session(
        id=session_id,
        source=source,
        title=title,
        card_name=card_name,
        scheme_name=FER7.name,
        began_at=began_at,
        ended_at=ended_at,
        consent_at=began_at,
    )


def make_report(split: str = "PrivateTest", *, accuracy: float = 0.7) -> EvaluationReport:
    """A report on 700 pictures, 100 of each expression, all errors one class further."""
    right = round(100 * accuracy)
    counts = np.eye(7, dtype=int) * right + np.roll(np.eye(7, dtype=int), 1, axis=1) * (100 - right)
    return EvaluationReport(
        split=split,
        pictures=700,
        counts=tuple(tuple(int(one) for one in row) for row in counts),
        accuracy=Interval(accuracy, accuracy - 0.03, accuracy + 0.03),
        macro_f1=Interval(accuracy, accuracy - 0.04, accuracy + 0.04),
        per_class=tuple(
            ClassScores(label, accuracy, accuracy, accuracy, 100) for label in FER7.labels
        ),
        ece_before=0.08,
        ece_after=0.02,
        log_loss_after=0.9,
    )


def make_card(name: str = "small", *, files: dict[str, str] | None = None) -> ModelCard:
    """A judged FER7 model; `files` maps names to sha256."""
    return ModelCard(
        name=name,
        scheme=FER7,
        input=ModelInput(48),
        temperature=1.0,
        not_sure_below=0.4,
        weights=1_000_000,
        mmac=50.0,
        files={} if files is None else files,
        made_at="2026-11-20T10:00:00+00:00",
        run_id="2026-11-20-0900-calm-otter",
        recipe=RecipeUsed("small"),
        data=TrainingData("web faces", "f1" * 32, 28_709, OFFICIAL),
        reports=(make_report(),),
        limits=("It learned from small grey pictures found on the web.",),
        not_for=("Deciding about a person's job, grade or health.",),
    )


def make_photo(seed: int = 0, *, size_px: int = 48) -> NDArray[np.uint8]:
    """A grey picture with structure of every size, as photographs have; each seed is another."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((size_px, size_px), dtype=np.float32)
    for blur_px in (0.7, 1.5, 3.0, 6.0, 12.0):
        noise = rng.standard_normal((size_px, size_px)).astype(np.float32)
        layer = cv2.GaussianBlur(noise, (0, 0), blur_px)
        picture += layer / layer.std() * blur_px**0.35
    picture = (picture - picture.mean()) / picture.std()
    return np.clip(128 + 45 * picture, 0, 255).astype(np.uint8)


def make_dataset(
    labels: Mapping[str, Sequence[int]],
    *,
    pixels: NDArray[np.uint8] | None = None,
    scheme: LabelScheme = FER7,
    name: str = "faces",
    size_px: int = 12,
) -> Dataset:
    """Splits with these labels; noise for pictures unless they are given, split after split.

    Three splits learn, choose and judge in their order; with another number nothing is divided.
    """
    count = sum(len(given) for given in labels.values())
    if pixels is None:
        pixels = np.random.default_rng(count).integers(0, 256, (count, size_px, size_px), np.uint8)
    ends = np.cumsum([len(given) for given in labels.values()])[:-1]
    parts = zip(labels.items(), np.split(pixels, ends), strict=True)
    return Dataset.from_splits(
        name,
        scheme,
        {split: PictureSet(part, np.array(given, np.int64)) for (split, given), part in parts},
        SplitProtocol(*labels) if len(labels) == 3 else None,
        content_hash="5e" * 32,
    )
