"""RecruitView: interview answers on video with ratings by people who watched them."""

from __future__ import annotations

from pathlib import Path

from core.datasets.face_extraction import RECRUITVIEW_LICENCE, read_clips
from core.domain.errors import UnreadableDataset
from core.validation.rated_clip import RatedClip, RatedClips


def read_recruitview(folder: Path) -> RatedClips:
    """All records with their ratings, standardised as published.

    Raises:
        UnreadableDataset: a row is damaged, or there is none.
    """
    clips = tuple(
        RatedClip(clip.id, clip.path, clip.subject, clip.ratings) for clip in read_clips(folder)
    )
    if not clips:
        raise UnreadableDataset(f"{folder} holds no records.", advice="Download it again.")
    return RatedClips("RecruitView", clips, licence=RECRUITVIEW_LICENCE)
