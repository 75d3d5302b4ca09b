"""Who is shown, and in which sequence, where names of picture files tell it.

A pattern is the name as people write it down: `{person}_{sequence}_{frame}` stands for
`S074_004_00000010.png`. `{person}` and `{sequence}` are kept; `{frame}` and `*` are anything, `?`
is one character, `#` is a number, and `{person:3}` has three characters. With a slash the folders
above count too: `{person}/*/*`. The ending does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import counted
from core.domain.errors import PlanError

Names = Sequence[str] | NDArray[np.str_]

NO_FACE_ID = "none"
"""As a pattern: names tell nothing."""

# Patterns that are looked for, and the strict form of the names that they are taken for: CK+, KDEF,
# JAFFE, RaFD, "subject_01_...", "s01_...", frames of a video, faces that Mien cut out of videos.
_USUAL: Sequence[tuple[str, str]] = (
    ("{person}_{sequence}_{frame}", r"S\d{3}_\d{3}_\d{8}"),
    ("?{person:3}*", r"[AB][FM]\d\d(AF|AN|DI|HA|NE|SA|SU)(FL|FR|HL|HR|S)"),
    ("{person}.*", r"[A-Z]{2}\.(AN|DI|FE|HA|NE|SA|SU)\d\.\d+"),
    ("Rafd*_{person}_*", r"Rafd\d+_\d+_[A-Za-z]+_[a-z]+_[a-z]+_[a-z]+"),
    ("*_{person}_*", r"(?i)(subject|sub|person|participant|actor)_\d+_.+"),
    ("{person}_*", r"(?i)(s|sub|subj|subject|p|person|participant|actor|id|user)-?\d+_.+"),
    ("{sequence}_frame*", r"(?i).+_frame_?\d+"),
    ("{sequence}-frame*", r"(?i).+-frame-?\d+"),
    ("{sequence}_#.#", r".+_\d+\.\d{3}"),
)
_LOOKED_AT = 300  # names, from everywhere in a dataset
_MOST_ODD = 0.2  # share of names that may be otherwise: a cover among the frames hides no people
_TOKEN = re.compile(r"\{(person|sequence|frame)(?::(\d{1,2}))?\}|(\*)|(\?)|(#)")


@dataclass(frozen=True, eq=False)
class FoundPeople:
    """What names tell.

    Attributes:
        pattern: by which.
        people: str `(n,)`: who is shown; a name that does not fit counts as a person of its own.
        sequences: str `(n,)`: the sequence of each picture, different for different people.
        odd: how many names do not fit.
    """

    pattern: str
    people: NDArray[np.str_]
    sequences: NDArray[np.str_]
    odd: int

    @property
    def note(self) -> str:
        """What was read, how often, and how to say it otherwise."""
        people, sequences = len(np.unique(self.people)), len(np.unique(self.sequences))
        kinds = [counted(people, "person", "people")] if "{person" in self.pattern else []
        kinds += [counted(sequences, "sequence")] if "{sequence" in self.pattern else []
        does_not = counted(self.odd, "name that does not", "names that do not")
        odd = f", {does_not} fit among them" if self.odd else ""
        return (
            f"Read from the file names: {' and '.join(kinds)}, with the pattern "
            f"{self.pattern}{odd}; a split keeps them apart. Another pattern can be given when "
            "the dataset is added (--people)."
        )


def expect_pattern(pattern: str) -> None:
    """Whether a pattern can be used; empty and `NO_FACE_ID` can.

    Raises:
        PlanError: it names neither a person nor a sequence, or one of them twice.
    """
    if pattern in {"", NO_FACE_ID}:
        return
    try:
        groups = set(_compiled(pattern).groupindex)
    except re.error:
        groups = set()
    if not groups & {"person", "sequence"}:
        raise PlanError(
            f"{pattern[:60]!r} does not contain {{person}} or {{sequence}}.",
            advice="Write the name as it is, with {person} and {sequence} in their places and * "
            "for anything, such as {person}_{sequence}_{frame}.",
        )


def people_in(names: Names, pattern: str) -> FoundPeople | None:
    """Who is shown, as names of picture files tell it; None where they tell nothing.

    Args:
        names: of the pictures, with slashes.
        pattern: empty looks for the usual ones.
    Raises:
        PlanError: a pattern was given, and hardly any name fits it.
    """
    if pattern == NO_FACE_ID:
        return None
    wanted = pattern or _recognised(names)
    if not wanted:
        return None
    found = _read(names, wanted)
    if pattern and found.odd > len(names) * _MOST_ODD:
        raise PlanError(
            f"{found.odd:,} of {len(names):,} names do not fit {pattern[:60]!r}, "
            f"{_first_odd(names, pattern)[:80]!r} among them.",
            advice="Change the pattern, or give `none` if names do not identify people.",
        )
    # Where every picture is a group of its own, the names count pictures.
    return found if pattern or len(np.unique(found.people)) < len(names) else None


def _recognised(names: Names) -> str:
    some = names[:: max(1, len(names) // _LOOKED_AT)]
    stems = [PurePosixPath(str(name)).stem for name in some]
    least = max(2, len(stems) * (1 - _MOST_ODD))
    for pattern, strict in _USUAL:
        form = re.compile(strict)
        if sum(form.fullmatch(stem) is not None for stem in stems) >= least:
            return pattern
    return ""


def _read(names: Names, pattern: str) -> FoundPeople:
    form, people, sequences, odd = _compiled(pattern), list[str](), list[str](), 0
    for name in map(str, names):
        found = form.fullmatch(_matched(name, pattern))
        parts = {} if found is None else found.groupdict()
        odd += found is None
        sequence = "_".join(parts[one] for one in ("person", "sequence") if one in parts) or name
        sequences.append(sequence)
        people.append(parts.get("person", sequence))
    return FoundPeople(pattern, np.array(people, np.str_), np.array(sequences, np.str_), odd)


def _first_odd(names: Names, pattern: str) -> str:
    form = _compiled(pattern)
    return next((one for one in map(str, names) if not form.fullmatch(_matched(one, pattern))), "")


def _matched(name: str, pattern: str) -> str:
    """The part of a name that a pattern is about: as many folders as it has slashes."""
    path = PurePosixPath(name.replace("\\", "/"))
    folders = path.parts[:-1][-pattern.count("/") :] if "/" in pattern else ()
    return "/".join((*folders, path.stem))


def _compiled(pattern: str) -> re.Pattern[str]:
    found = list(_TOKEN.finditer(pattern))
    ends = [(0, 0), *(one.span() for one in found), (len(pattern), len(pattern))]
    between = [re.escape(pattern[left[1] : right[0]]) for left, right in pairwise(ends)]
    tokens = [*(_as_regex(one) for one in found), ""]
    return re.compile("".join(text + token for text, token in zip(between, tokens, strict=True)))


def _as_regex(token: re.Match[str]) -> str:
    kind, length, star, one, number = token.groups()
    if star:
        return "[^/]*?"
    if one:
        return "[^/]"
    if number:
        return r"\d+"
    body = f"[^/]{{{length}}}" if length else "[^/]+?"
    return body if kind == "frame" else f"(?P<{kind}>{body})"
