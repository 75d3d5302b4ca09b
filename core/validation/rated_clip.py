"""Clips with outside judgements: what a reader of a dataset gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RatedClip:
    """One video of one person.

    Attributes:
        name: as the dataset names it; unique in it.
        path: of the video, which may be missing.
        person: who it shows, as the dataset names them.
        ratings: name of a rating -> its value, of this clip or of its person; those that it lacks
            are left out.
        is_rest: whether it shows the person at rest; ratings of a person are then compared with
            the change from it.
    """

    name: str
    path: Path
    person: str
    ratings: Mapping[str, float]
    is_rest: bool = False


@dataclass(frozen=True)
class RatedClips:
    """A dataset.

    Attributes:
        title: its name, for people.
        clips: at least one, in its order.
        notes: sentences on what was left out while it was read, and why.
        licence: terms that have to be accepted before it is used; empty without.
    """

    title: str
    clips: tuple[RatedClip, ...]
    notes: tuple[str, ...] = ()
    licence: str = ""

    @property
    def persons(self) -> int:
        """How many people it shows."""
        return len({clip.person for clip in self.clips})

    @property
    def ratings(self) -> tuple[str, ...]:
        """The names of all ratings, in the order in which they first occur."""
        return tuple(dict.fromkeys(name for clip in self.clips for name in clip.ratings))
