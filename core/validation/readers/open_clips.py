"""Opens a dataset with outside judgements, whatever its shape."""

from __future__ import annotations

from pathlib import Path

from core.datasets.face_extraction import METADATA_FILE
from core.domain.counted import counted
from core.domain.errors import UnknownDataset, UnreadableDataset
from core.domain.wording import listed, shortened
from core.storage.path_checks import is_there
from core.validation.rated_clip import RatedClips
from core.validation.readers.rating_table import read_rating_table
from core.validation.readers.recruitview import read_recruitview
from core.validation.readers.ubfc_phys import is_ubfc_phys, read_ubfc_phys

_SHAPES = (
    "Give a CSV file with the columns file, person and one for each rating, the folder of "
    f"UBFC-Phys (s1, s2, …), or that of RecruitView ({METADATA_FILE})."
)
_MOST_NAMED = 3


def open_clips(path: Path) -> RatedClips:
    """Read which clips a dataset has, and their ratings; no video is opened.

    Raises:
        UnknownDataset: nothing is there, or in no shape that is known.
        UnreadableDataset: it is damaged, or none of its videos exists.
    """
    if not is_there(path):
        raise UnknownDataset(f"There is no {shortened(str(path))}.", advice="Check the path.")
    if path.is_file():
        found = read_rating_table(path)
    elif (path / METADATA_FILE).is_file():
        found = read_recruitview(path)
    elif is_ubfc_phys(path):
        found = read_ubfc_phys(path)
    else:
        raise UnknownDataset(
            f"{shortened(str(path))} is no dataset with ratings that is known.", advice=_SHAPES
        )
    missing = [clip.name for clip in found.clips if not _exists(clip.path)]
    if len(missing) == len(found.clips):
        named = listed([shortened(name, longest=60) for name in missing[:_MOST_NAMED]])
        raise UnreadableDataset(
            f"None of the {counted(len(missing), 'video')} exists (missing: {named}).",
            advice="Put the videos where the dataset names them.",
        )
    return found


def _exists(video: Path) -> bool:
    try:
        return video.is_file()
    except (OSError, ValueError):  # a name that the file system refuses
        return False
