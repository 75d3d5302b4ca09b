"""Person and sequence IDs read from the names of picture files.

A pattern describes the names: `{person}_{sequence}_{frame}` matches `S074_004_00000010.png`.
`{person}` and `{sequence}` are captured; `{frame}` and `*` match anything, `?` one character, `#` a
number, and `{person:3}` three characters. With a slash the folders above are matched too:
`{person}/*/*`. The extension is ignored.
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

NO_PATTERN = "none"
"""As a pattern: names do not identify people."""

# Patterns that are detected, each with the strict form of the names it is applied to: CK+, KDEF,
# JAFFE, RaFD, "subject_01_...", "s01_...", frames of a video, faces that Mien extracted.
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
_SAMPLED_NAMES = 300  # evenly spaced over the dataset
_MAX_UNMATCHED = 0.2  # share of names that may differ, such as a cover among the frames
_TOKEN = re.compile(r"\{(person|sequence|frame)(?::(\d{1,2}))?\}|(\*)|(\?)|(#)")


@dataclass(frozen=True, eq=False)
class PeopleFromNames:
    """IDs read from names.

    Attributes:
        pattern: that was applied.
        people: str `(n,)`: person IDs; a name that does not match counts as a person of its own.
        sequences: str `(n,)`: sequence IDs, different for different people.
        unmatched: how many names do not match.
    """

    pattern: str
    people: NDArray[np.str_]
    sequences: NDArray[np.str_]
    unmatched: int

    @property
    def note(self) -> str:
        """A sentence about what was read."""
        people, sequences = len(np.unique(self.people)), len(np.unique(self.sequences))
        kinds = [counted(people, "person", "people")] if "{person" in self.pattern else []
        kinds += [counted(sequences, "sequence")] if "{sequence" in self.pattern else []
        does_not = counted(self.unmatched, "name that does not", "names that do not")
        exceptions = f", {does_not} fit among them" if self.unmatched else ""
        return (
            f"Read from the file names: {' and '.join(kinds)}, with the pattern "
            f"{self.pattern}{exceptions}; a split keeps them apart. Another pattern can be given "
            "when the dataset is added (--people)."
        )


def expect_pattern(pattern: str) -> None:
    """Refuse a pattern that cannot be used; empty and `NO_PATTERN` can.

    Raises:
        PlanError: it names neither a person nor a sequence, or one of them twice.
    """
    if pattern in {"", NO_PATTERN}:
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


def people_from_names(names: Names, pattern: str) -> PeopleFromNames | None:
    """Read person and sequence IDs from names of picture files; None where they hold none.

    Args:
        names: of the pictures, with slashes.
        pattern: empty detects the usual ones.
    Raises:
        PlanError: a pattern was given, and hardly any name fits it.
    """
    if pattern == NO_PATTERN:
        return None
    used = pattern or _recognised(names)
    if not used:
        return None
    found = _read(names, used)
    if pattern and found.unmatched > len(names) * _MAX_UNMATCHED:
        raise PlanError(
            f"{found.unmatched:,} of {len(names):,} names do not fit {pattern[:60]!r}, "
            f"{_first_unmatched(names, pattern)[:80]!r} among them.",
            advice="Change the pattern, or give `none` if names do not identify people.",
        )
    # Where every picture is a group of its own, the names only number the pictures.
    return found if pattern or len(np.unique(found.people)) < len(names) else None


def _recognised(names: Names) -> str:
    sampled = names[:: max(1, len(names) // _SAMPLED_NAMES)]
    stems = [PurePosixPath(str(name)).stem for name in sampled]
    least = max(2, len(stems) * (1 - _MAX_UNMATCHED))
    for pattern, strict in _USUAL:
        form = re.compile(strict)
        if sum(form.fullmatch(stem) is not None for stem in stems) >= least:
            return pattern
    return ""


def _read(names: Names, pattern: str) -> PeopleFromNames:
    form, people, sequences, unmatched = _compiled(pattern), list[str](), list[str](), 0
    for name in map(str, names):
        found = form.fullmatch(_part_matched(name, pattern))
        parts = {} if found is None else found.groupdict()
        unmatched += found is None
        sequence = "_".join(parts[one] for one in ("person", "sequence") if one in parts) or name
        sequences.append(sequence)
        people.append(parts.get("person", sequence))
    return PeopleFromNames(
        pattern, np.array(people, np.str_), np.array(sequences, np.str_), unmatched
    )


def _first_unmatched(names: Names, pattern: str) -> str:
    form = _compiled(pattern)
    return next(
        (one for one in map(str, names) if not form.fullmatch(_part_matched(one, pattern))), ""
    )


def _part_matched(name: str, pattern: str) -> str:
    """The part of a name that a pattern is matched with: as many folders as it has slashes."""
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
