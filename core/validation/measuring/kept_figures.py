"""Figures of clips that were analysed before, kept by content: an interruption loses one clip."""

from __future__ import annotations

import json
from hashlib import file_digest, sha256
from pathlib import Path

from core.domain.plain_values import decode_json, to_plain
from core.measures import MEASURES
from core.storage.atomic import write_atomic
from core.validation.measuring.clip_figures import ClipFigures

_FORMAT = 3


class KeptFigures:
    """A folder with one JSON file for each clip.

    Args:
        folder: it exists.
        model_version: of the model that recognises expressions.
        every_s: sampling interval in seconds.
    """

    def __init__(self, folder: Path, *, model_version: str, every_s: float) -> None:
        self._folder = folder
        versions = {one.id: one.version for one in MEASURES.values()}
        self._way = json.dumps([_FORMAT, model_version, every_s, versions], sort_keys=True)

    def key_of(self, video: Path) -> str:
        """What names a clip: its content, and how it is analysed.

        Raises:
            OSError: it cannot be read.
        """
        with video.open("rb") as file:
            content = file_digest(file, "sha256").hexdigest()
        return sha256(f"{content} {self._way}".encode()).hexdigest()

    def find(self, key: str) -> ClipFigures | None:
        """What was kept; None where nothing was, or it is damaged."""
        try:
            return decode_json(ClipFigures, self._path(key).read_bytes())
        except (OSError, ValueError):
            return None

    def keep(self, key: str, figures: ClipFigures) -> None:
        """Keep the figures of a clip.

        Raises:
            OSError: the disk refused.
        """
        write_atomic(self._path(key), json.dumps(to_plain(figures), allow_nan=False))

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"
