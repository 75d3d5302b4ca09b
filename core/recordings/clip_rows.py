"""The rows of a video as an analysis run stores them, without a run and without the database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from core.domain import AnalysedFrame, Timeline
from core.measures import with_shown_labels
from core.recordings.first_frames import first_frames
from core.recordings.moments import moments_of
from core.recordings.still_detection import are_stills, peek_frames
from core.settings import Settings
from core.vision import (
    DETECTOR,
    CenterFaceDetector,
    ConfirmationBuffer,
    from_video,
    open_analyser,
    open_still_analyser,
    path_of,
    quarter_rotations,
    rotated,
    without_tentative,
)
from core.vision.recognition import LoadedModel


def clip_timeline(
    video: Path,
    settings: Settings,
    model: LoadedModel,
    *,
    every_s: float = 0.0,
    on_progress: Callable[[float], None] = lambda _: None,
) -> Timeline:
    """All rows of a video: turned upright, faces confirmed, as an analysis run stores them.

    Args:
        settings: of this installation.
        model: recognises expressions.
        every_s: sampling interval in seconds; 0 takes every frame.
        on_progress: called with the fraction that was read; may raise to stop.
    Raises:
        MediaError: it cannot be read, or breaks off.
        AssetError: set-up is not complete.
    """
    detector = CenterFaceDetector(path_of(settings.assets_dir, DETECTOR))
    turns = quarter_rotations(first_frames(video), detector)
    frames = from_video(video, every_s=every_s, on_progress=on_progress)
    first, all_frames = peek_frames(rotated(frames, turns))
    open_for = open_still_analyser if are_stills(first) else open_analyser
    analyser = open_for(settings, model)
    confirmed, rows = ConfirmationBuffer(), list[AnalysedFrame]()
    try:
        with closing(moments_of(analyser, all_frames)) as moments:
            for moment in moments:
                shown = without_tentative(moment).observations
                threshold = model.card.not_sure_below
                rows += confirmed.add(with_shown_labels(moment, shown, not_sure_below=threshold))
    finally:
        analyser.close()
    return Timeline.from_frames(model.card.scheme, [*rows, *confirmed.flush()])
