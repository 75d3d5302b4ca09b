"""Measures every clip of a dataset, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.domain import Timeline
from core.domain.counted import counted, percent
from core.domain.errors import MediaError
from core.measures import ENOUGH_USABLE
from core.validation.measuring.clip_figures import ClipFigures, figures_of_clip
from core.validation.measuring.kept_figures import KeptFigures
from core.validation.rated_clip import RatedClip

Analysis = Callable[[Path], Timeline]
"""From a video to its rows; raises MediaError where it cannot be read."""


@dataclass(frozen=True)
class MeasuredClip:
    """A clip with what was measured of it.

    Attributes:
        clip: as the dataset gives it.
        figures: None where it could not be read.
        left_out: why it is not used, in one sentence; empty where it is.
    """

    clip: RatedClip
    figures: ClipFigures | None
    left_out: str = ""


def measure_clips(
    clips: Sequence[RatedClip], analyse: Analysis, kept: KeptFigures
) -> Iterator[MeasuredClip]:
    """Measure clips, each as soon as it is asked for; what was measured before is not read again.

    Raises:
        OSError: the disk refused to keep figures.
        MienError: other than of one video, from `analyse`.
    """
    for clip in clips:
        try:
            figures = _figures(clip.path, analyse, kept)
        except MediaError as error:
            yield MeasuredClip(clip, None, error.message)
        else:
            yield MeasuredClip(clip, figures, _why_not(figures))


def _figures(video: Path, analyse: Analysis, kept: KeptFigures) -> ClipFigures:
    try:
        key = kept.key_of(video)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise MediaError(
            f"{video.name} cannot be read: {reason}.", advice="Check the path."
        ) from error
    if (found := kept.find(key)) is None:
        found = figures_of_clip(analyse(video))
        kept.keep(key, found)
    return found


def _why_not(figures: ClipFigures) -> str:
    if not figures.faces:
        return "No face was found in it."
    if figures.is_usable:
        return ""
    faces = f", of {counted(figures.faces, 'face')}," if figures.faces > 1 else ""
    return (
        f"The face{faces} is usable for {percent(figures.usable_share)} of it, "
        f"under {percent(ENOUGH_USABLE)}."
    )
