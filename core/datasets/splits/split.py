"""Dividing pictures so that no side knows the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.datasets.splits.subject_split import split_by_person
from core.domain import UNLABELLED, SplitProtocol
from core.domain.counted import counted
from core.domain.errors import EmptySplit

LEARNS = "Training"
OFFICIAL = SplitProtocol(train=LEARNS, validation="PublicTest", test="PrivateTest")
USUAL = SplitProtocol(train=LEARNS, validation="Validation", test="Test")
HELD_OUT, OWN_TEST = "Held out", "Own test"
TESTS: tuple[str, ...] = ("Test", "PrivateTest", "PublicTest")
# What was held out here comes first, so that an earlier division stays as it was.
_JUDGING, _CHOOSING = (OWN_TEST, *TESTS), (HELD_OUT, "Validation")
CHOOSING_SHARE = 0.125  # as large beside the training pictures as PublicTest is (3,589 of 28,709)
JUDGING_SHARE = 0.1
KAGGLE_TEST = (28_709, 7_178)  # training and test pictures of FER2013 as Kaggle's folders have it


@dataclass(frozen=True, eq=False)
class Division:
    """Pictures divided into splits.

    Attributes:
        names: the splits.
        split_of: int64, shape `(n,)`, positions in `names`.
        protocol: who learns, chooses and judges; None where the labels do not suffice.
        notes: how it was done, where a choice was made.
        made: whether a split was made here, and not found in the files.
    """

    names: tuple[str, ...]
    split_of: NDArray[np.int64]
    protocol: SplitProtocol | None
    notes: tuple[str, ...] = ()
    made: bool = False


@dataclass(frozen=True, eq=False)
class Undivided:
    """What dividing looks at.

    Attributes:
        labels: int64, shape `(n,)`.
        splits: int64, shape `(n,)`, positions in `split_names`, as the files say.
        split_names: canonical; empty where the files name none.
        names, subjects: str, shape `(n,)`.
    """

    labels: NDArray[np.int64]
    splits: NDArray[np.int64]
    split_names: tuple[str, ...]
    names: NDArray[np.str_]
    subjects: NDArray[np.str_]

    def labelled(self, split: str) -> NDArray[np.int64]:
        """Positions of a split's pictures that carry a label."""
        inside = self.splits == self.split_names.index(split)
        return np.flatnonzero(inside & (self.labels != UNLABELLED))

    @property
    def labelled_names(self) -> tuple[str, ...]:
        """The splits that hold labelled pictures."""
        found = set(np.unique(self.splits[self.labels != UNLABELLED]).tolist())
        return tuple(name for at, name in enumerate(self.split_names) if at in found)


def split_pictures(
    pictures: Undivided, *, seed: int, frozen: Mapping[str, str] | None = None
) -> Division:
    """Keep the splits that files name, and make those that are missing.

    Official splits stay. A part of the training pictures is held out to choose by where nothing
    else is there for it, so that the test stays unseen; without any test, one is held out too. By
    person where the files say who is shown.

    Args:
        seed: same seed, same division.
        frozen: name of a picture -> split, from an earlier division; pictures it does not know
            join the training pictures.
    """
    pictures, notes = _without_blanks(pictures)
    named = pictures.labelled_names
    for official in (OFFICIAL, USUAL):
        if set(official.roles) <= set(named):
            return Division(pictures.split_names, pictures.splits, official, notes)
    try:
        division = _made(pictures, seed) if frozen is None else _as_before(pictures, frozen)
    except EmptySplit as error:
        return Division(pictures.split_names, pictures.splits, None, (*notes, str(error)))
    return replace(division, notes=(*notes, *division.notes))


def divide_apart(
    pictures: Undivided,
    sequences: NDArray[np.str_],
    *,
    seed: int,
    frozen: Mapping[str, str] | None = None,
) -> Division:
    """The same where names tell people: by person, or where people are too few by sequence.

    Args:
        sequences: str `(n,)`: which one each picture is from, different for different people.
    """
    division = split_pictures(pictures, seed=seed, frozen=frozen)
    if division.protocol is not None or frozen is not None:
        return division
    for groups, told in (
        (sequences, "by sequence: the same people are"),
        (np.full_like(sequences, ""), "by picture: the same people and sequences are"),
    ):
        other = split_pictures(replace(pictures, subjects=groups), seed=seed)
        if other.protocol is not None:
            note = f"Too few people for a split by person, so it is made {told} in several splits."
            return replace(other, notes=(*other.notes, note))
    return division


def hold_out(
    labels: NDArray[np.int64], *, fraction: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions kept and positions held out; each label keeps its share within one picture.

    Args:
        labels: int64, shape `(n,)`.
        fraction: held out of each label, in (0, 1).
        seed: same seed, same split.
    Raises:
        EmptySplit: a label has too few pictures to stand on both sides.
    """
    rng = np.random.default_rng(seed)
    kept, held = [], []
    for label in np.unique(labels):
        positions = rng.permutation(np.flatnonzero(labels == label))
        count = round(len(positions) * fraction)
        if count == 0 or count == len(positions):
            raise EmptySplit(
                f"Label {int(label)} has {counted(len(positions), 'picture')}: too few to hold out "
                f"{fraction * 100:.0f} % of them.",
                advice="Add pictures of it, exclude the label, or hold out another fraction.",
            )
        held.append(positions[:count])
        kept.append(positions[count:])
    if not kept:
        raise EmptySplit("There is no labelled picture.", advice="Choose a dataset with labels.")
    return np.sort(np.concatenate(kept)), np.sort(np.concatenate(held))


def _without_blanks(pictures: Undivided) -> tuple[Undivided, tuple[str, ...]]:
    """Pictures that name no split join the training pictures; a note where others do name one."""
    if "" not in pictures.split_names:
        return pictures, ()
    blank = pictures.splits == pictures.split_names.index("")
    names = tuple(dict.fromkeys(name or LEARNS for name in pictures.split_names))
    place = np.array([names.index(name or LEARNS) for name in pictures.split_names], np.int64)
    told = (
        f"{counted(int(blank.sum()), 'picture names', 'pictures name')} no split; they were "
        f"added to {LEARNS}."
    )
    joined = replace(pictures, splits=place[pictures.splits], split_names=names)
    return joined, () if blank.all() else (told,)


def _made(pictures: Undivided, seed: int) -> Division:
    named = pictures.labelled_names
    if LEARNS not in named:
        raise EmptySplit(
            "There is no labelled picture in the training split.",
            advice=f"Add labels, and name the training split {LEARNS}.",
        )
    judges = next((name for name in _JUDGING if name in named), "")
    names = pictures.split_names
    split_of, notes = pictures.splits.copy(), list[str]()
    rest = pictures.labelled(LEARNS)
    if not judges:
        judges = OWN_TEST
        rest, held = _apart(pictures, rest, JUDGING_SHARE, seed)
        names, split_of = _moved(names, split_of, held, OWN_TEST)
        notes.append(_told(pictures, held, "for the test", seed))
    chooses = next((name for name in _CHOOSING if name in named), "")
    if not chooses:
        chooses = HELD_OUT
        rest, held = _apart(pictures, rest, CHOOSING_SHARE, seed + 1)
        names, split_of = _moved(names, split_of, held, HELD_OUT)
        notes.append(_told(pictures, held, "for validation", seed + 1))
    made = bool(notes)
    if (len(pictures.labelled(LEARNS)), len(pictures.names)) == (KAGGLE_TEST[0], sum(KAGGLE_TEST)):
        notes.append(
            "This test split is PublicTest and PrivateTest together: early stopping on it "
            "would leave no unseen pictures. Here it is used once, for the final test."
        )
    protocol = SplitProtocol(LEARNS, chooses, judges)
    return Division(names, split_of, protocol, tuple(notes), made)


def _apart(
    pictures: Undivided, positions: NDArray[np.int64], share: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions that stay and positions held out, by person where all are known."""
    labels, subjects = pictures.labels[positions], pictures.subjects[positions]
    if (subjects != "").all():
        side = split_by_person(subjects, labels, fractions=(1 - share, share), seed=seed)
        kept, held = np.flatnonzero(side == 0), np.flatnonzero(side == 1)
    else:
        kept, held = hold_out(labels, fraction=share, seed=seed)
    return positions[kept], positions[held]


def _moved(
    names: tuple[str, ...], split_of: NDArray[np.int64], held: NDArray[np.int64], to: str
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    names = names if to in names else (*names, to)
    split_of[held] = names.index(to)
    return names, split_of


def _told(pictures: Undivided, held: NDArray[np.int64], why: str, seed: int) -> str:
    people = "by person, " if (pictures.subjects[held] != "").all() else ""
    return (
        f"{counted(len(held), 'picture was', 'pictures were')} held out {why} ({people}seed "
        f"{seed})."
    )


def _as_before(pictures: Undivided, frozen: Mapping[str, str]) -> Division:
    """The earlier division, picture by picture."""
    sides = [frozen.get(name, "") for name in pictures.names.tolist()]
    new = sides.count("")
    names = tuple(dict.fromkeys([LEARNS, *frozen.values()]))
    place = {name: at for at, name in enumerate(names)}
    split_of = np.array([place[side or LEARNS] for side in sides], dtype=np.int64)
    named = replace(pictures, splits=split_of, split_names=names).labelled_names
    judges = next((name for name in _JUDGING if name in named), "")
    chooses = next((name for name in _CHOOSING if name in named), "")
    if not (judges and chooses and LEARNS in named):
        raise EmptySplit(
            "Pictures of the saved split, or their labels, are missing.",
            advice="Remove the dataset and add it again: a new split is then made.",
        )
    notes = (
        (
            f"{counted(new, 'picture is', 'pictures are')} newer than the split; they were "
            f"added to {LEARNS}.",
        )
        if new
        else ()
    )
    return Division(names, split_of, SplitProtocol(LEARNS, chooses, judges), notes, made=True)
