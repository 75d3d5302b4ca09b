"""How often each eye looks, in seconds of the frames' own time."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """When the slower eyes look.

    Attributes:
        scout_s: between two looks for more faces while all known ones are near. Once a second keeps
            the slow look out of 95 of 100 frames; a newcomer is seen within a second.
        alone_s: the same while nobody is in view.
        fresh_s: between two close looks at one face of the second detector, while few need one: a
            blink lasts about 0.15 s.
        close_looks: most in one frame for that; the fourth would cost ten faces their 60 ms.
        latest_s: after so long a close look is due, even where that takes more of them in a frame:
            pictures that come seldom, or a crowd.
        stale_s: landmarks older than this say nothing any more; a little more than `latest_s`.
    """

    scout_s: float = 1.0
    alone_s: float = 0.2
    fresh_s: float = 0.15
    close_looks: int = 3
    latest_s: float = 0.4
    stale_s: float = 0.5

    def close_looks_due(self, faces: int, pause_s: float) -> int:
        """How many of the faces to look at closely in a frame so long after the one before.

        The looks are spread evenly: as many in each frame as bring everybody's turn in time.
        """
        wanted = math.ceil(faces * pause_s / self.fresh_s)
        needed = math.ceil(faces * pause_s / self.latest_s)
        return min(faces, max(needed, min(wanted, self.close_looks)))


DEFAULT_SCHEDULE = Schedule()
