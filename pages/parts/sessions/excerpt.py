"""The part of a stored session that is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from core.measures import OWN


@dataclass(frozen=True)
class Excerpt:
    """The part of a stored session that is shown, as a cache key.

    Attributes:
        session_id: of the session.
        rows: number of its rows: a growing session is another excerpt.
        not_sure_below: top scores under it were shown as "not sure".
        face_id: one face; None for all.
        from_s, to_s: seconds since the session began.
        shown_as: name of the view of its scores.
    """

    session_id: str
    rows: int
    not_sure_below: float
    face_id: int | None = None
    from_s: float = 0.0
    to_s: float = inf
    shown_as: str = OWN
