"""How often the slower models run, in seconds of the frames' own time."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """When the slower models run.

    Attributes:
        detect_every_s: interval of the detector while all known faces are near. Once a second
            keeps it out of 95 of 100 frames; a new face is found within a second.
        detect_alone_every_s: the same while no face is in view.
        read_every_s: interval of reading landmarks of one far face, while there are few: a blink
            lasts about 0.15 s.
        max_reads: most reads in one frame for that; a fourth would exceed 60 ms with ten faces.
        read_deadline_s: longest interval, even where it takes more than `max_reads` in a frame: at
            a low frame rate, or in a crowd.
        expires_after_s: landmarks older than this are dropped; a little more than
            `read_deadline_s`.
    """

    detect_every_s: float = 1.0
    detect_alone_every_s: float = 0.2
    read_every_s: float = 0.15
    max_reads: int = 3
    read_deadline_s: float = 0.4
    expires_after_s: float = 0.5

    def reads_due(self, faces: int, pause_s: float) -> int:
        """How many faces to read in a frame, so that each one is read in time.

        Args:
            faces: number of far faces.
            pause_s: time since the frame before.
        """
        preferred = math.ceil(faces * pause_s / self.read_every_s)
        required = math.ceil(faces * pause_s / self.read_deadline_s)
        return min(faces, max(required, min(preferred, self.max_reads)))


DEFAULT_SCHEDULE = Schedule()
