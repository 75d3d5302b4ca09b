"""Train / validation / test splits, without a person in two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.datasets.splits.subject_split import split_by_person
from core.domain import UNLABELLED, SplitProtocol
from core.domain.counted import counted, percent
from core.domain.errors import EmptySplit

TRAINING = "Training"
OFFICIAL = SplitProtocol(train=TRAINING, validation="PublicTest", test="PrivateTest")
USUAL = SplitProtocol(train=TRAINING, validation="Validation", test="Test")
HELD_OUT_VALIDATION, HELD_OUT_TEST = "Held out", "Own test"
TESTS: tuple[str, ...] = ("Test", "PrivateTest", "PublicTest")
# Splits that were held out here come first, so that earlier splits stay the same.
_TEST_NAMES, _VALIDATION_NAMES = (HELD_OUT_TEST, *TESTS), (HELD_OUT_VALIDATION, "Validation")
VALIDATION_SHARE = 0.125  # of the training pictures, as PublicTest is in FER2013 (3,589 of 28,709)
TEST_SHARE = 0.1
KAGGLE_TEST = (28_709, 7_178)  # training and test pictures of FER2013 as Kaggle's folders have it


@dataclass(frozen=True, eq=False)
class SplitResult:
    """A split of pictures.

    Attributes:
        names: of the splits.
        split_of: int64, shape `(n,)`, positions in `names`.
        protocol: roles of the splits; None where there are too few labels.
        notes: sentences about choices that were made.
        is_new: whether a split was made here, and not found in the files.
    """

    names: tuple[str, ...]
    split_of: NDArray[np.int64]
    protocol: SplitProtocol | None
    notes: tuple[str, ...] = ()
    is_new: bool = False


@dataclass(frozen=True, eq=False)
class SplitInput:
    """Input of a split.

    Attributes:
        labels: int64, shape `(n,)`.
        splits: int64, shape `(n,)`, positions in `split_names`, as in the files.
        split_names: canonical names; empty where the files name none.
        names, subjects: str, shape `(n,)`.
    """

    labels: NDArray[np.int64]
    splits: NDArray[np.int64]
    split_names: tuple[str, ...]
    names: NDArray[np.str_]
    subjects: NDArray[np.str_]

    def labelled(self, split: str) -> NDArray[np.int64]:
        """Positions of a split's labelled pictures."""
        inside = self.splits == self.split_names.index(split)
        return np.flatnonzero(inside & (self.labels != UNLABELLED))

    @property
    def labelled_names(self) -> tuple[str, ...]:
        """The splits that hold labelled pictures."""
        found = set(np.unique(self.splits[self.labels != UNLABELLED]).tolist())
        return tuple(name for at, name in enumerate(self.split_names) if at in found)


def split_pictures(
    pictures: SplitInput, *, seed: int, frozen: Mapping[str, str] | None = None
) -> SplitResult:
    """Keep the splits that files name, and make those that are missing.

    Official splits stay. Without a validation split, a part of the training pictures is held out
    for it, so that the test split stays unseen; without a test split, one is held out too. The
    split is by person where person IDs are known.

    Args:
        seed: same seed, same split.
        frozen: name of a picture -> split, from an earlier split; unknown pictures join the
            training pictures.
    """
    pictures, notes = _join_unnamed_to_training(pictures)
    named = pictures.labelled_names
    for protocol in (OFFICIAL, USUAL):
        if set(protocol.roles) <= set(named):
            return SplitResult(pictures.split_names, pictures.splits, protocol, notes)
    try:
        result = (
            _hold_out_missing_splits(pictures, seed)
            if frozen is None
            else _restore_split(pictures, frozen)
        )
    except EmptySplit as error:
        return SplitResult(pictures.split_names, pictures.splits, None, (*notes, str(error)))
    return replace(result, notes=(*notes, *result.notes))


def split_by_person_or_sequence(
    pictures: SplitInput,
    sequences: NDArray[np.str_],
    *,
    seed: int,
    frozen: Mapping[str, str] | None = None,
) -> SplitResult:
    """As `split_pictures`: by person, or by sequence where there are too few people.

    Args:
        sequences: str `(n,)`: sequence IDs, different for different people.
    """
    result = split_pictures(pictures, seed=seed, frozen=frozen)
    if result.protocol is not None or frozen is not None:
        return result
    for groups, kind in (
        (sequences, "by sequence: the same people are"),
        (np.full_like(sequences, ""), "by picture: the same people and sequences are"),
    ):
        other = split_pictures(replace(pictures, subjects=groups), seed=seed)
        if other.protocol is not None:
            note = f"Too few people for a split by person, so it is made {kind} in several splits."
            return replace(other, notes=(*other.notes, note))
    return result


def hold_out(
    labels: NDArray[np.int64], *, fraction: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A stratified split: positions that remain, and positions that are held out.

    Args:
        labels: int64, shape `(n,)`.
        fraction: held out of each label, in (0, 1).
        seed: same seed, same split.
    Raises:
        EmptySplit: a label has too few pictures for both parts.
    """
    rng = np.random.default_rng(seed)
    remaining, held_out = [], []
    for label in np.unique(labels):
        positions = rng.permutation(np.flatnonzero(labels == label))
        count = round(len(positions) * fraction)
        if count == 0 or count == len(positions):
            raise EmptySplit(
                f"Label {int(label)} has {counted(len(positions), 'picture')}: too few to hold out "
                f"{percent(fraction)} of them.",
                advice="Add pictures of it, exclude the label, or hold out another fraction.",
            )
        held_out.append(positions[:count])
        remaining.append(positions[count:])
    if not remaining:
        raise EmptySplit("There is no labelled picture.", advice="Choose a dataset with labels.")
    return np.sort(np.concatenate(remaining)), np.sort(np.concatenate(held_out))


def _join_unnamed_to_training(pictures: SplitInput) -> tuple[SplitInput, tuple[str, ...]]:
    """Pictures without a split join the training pictures; a note where other pictures have one."""
    if "" not in pictures.split_names:
        return pictures, ()
    blank = pictures.splits == pictures.split_names.index("")
    names = tuple(dict.fromkeys(name or TRAINING for name in pictures.split_names))
    index_of = np.array([names.index(name or TRAINING) for name in pictures.split_names], np.int64)
    note = (
        f"{counted(int(blank.sum()), 'picture names', 'pictures name')} no split; they were "
        f"added to {TRAINING}."
    )
    joined = replace(pictures, splits=index_of[pictures.splits], split_names=names)
    return joined, () if blank.all() else (note,)


def _hold_out_missing_splits(pictures: SplitInput, seed: int) -> SplitResult:
    named = pictures.labelled_names
    if TRAINING not in named:
        raise EmptySplit(
            "There is no labelled picture in the training split.",
            advice=f"Add labels, and name the training split {TRAINING}.",
        )
    test = next((name for name in _TEST_NAMES if name in named), "")
    names = pictures.split_names
    split_of, notes = pictures.splits.copy(), list[str]()
    training = pictures.labelled(TRAINING)
    if not test:
        test = HELD_OUT_TEST
        training, held_out = _hold_out_part(pictures, training, TEST_SHARE, seed)
        names, split_of = _move_to_split(names, split_of, held_out, HELD_OUT_TEST)
        notes.append(_held_out_note(pictures, held_out, "for the test", seed))
    validation = next((name for name in _VALIDATION_NAMES if name in named), "")
    if not validation:
        validation = HELD_OUT_VALIDATION
        training, held_out = _hold_out_part(pictures, training, VALIDATION_SHARE, seed + 1)
        names, split_of = _move_to_split(names, split_of, held_out, HELD_OUT_VALIDATION)
        notes.append(_held_out_note(pictures, held_out, "for validation", seed + 1))
    is_new = bool(notes)
    if (len(pictures.labelled(TRAINING)), len(pictures.names)) == (
        KAGGLE_TEST[0],
        sum(KAGGLE_TEST),
    ):
        notes.append(
            "This test split is PublicTest and PrivateTest together: early stopping on it "
            "would leave no unseen pictures. Here it is used once, for the final test."
        )
    protocol = SplitProtocol(TRAINING, validation, test)
    return SplitResult(names, split_of, protocol, tuple(notes), is_new)


def _hold_out_part(
    pictures: SplitInput, positions: NDArray[np.int64], share: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions that remain and positions that are held out, by person where all are known."""
    labels, subjects = pictures.labels[positions], pictures.subjects[positions]
    if (subjects != "").all():
        side = split_by_person(subjects, labels, fractions=(1 - share, share), seed=seed)
        remaining, held_out = np.flatnonzero(side == 0), np.flatnonzero(side == 1)
    else:
        remaining, held_out = hold_out(labels, fraction=share, seed=seed)
    return positions[remaining], positions[held_out]


def _move_to_split(
    names: tuple[str, ...], split_of: NDArray[np.int64], held_out: NDArray[np.int64], to: str
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    names = names if to in names else (*names, to)
    split_of[held_out] = names.index(to)
    return names, split_of


def _held_out_note(
    pictures: SplitInput, held_out: NDArray[np.int64], purpose: str, seed: int
) -> str:
    how = "by person, " if (pictures.subjects[held_out] != "").all() else ""
    count = counted(len(held_out), "picture was", "pictures were")
    return f"{count} held out {purpose} ({how}seed {seed})."


def _restore_split(pictures: SplitInput, frozen: Mapping[str, str]) -> SplitResult:
    """An earlier split, picture by picture."""
    split_names = [frozen.get(name, "") for name in pictures.names.tolist()]
    new = split_names.count("")
    names = tuple(dict.fromkeys([TRAINING, *frozen.values()]))
    index_of = {name: at for at, name in enumerate(names)}
    split_of = np.array([index_of[name or TRAINING] for name in split_names], dtype=np.int64)
    named = replace(pictures, splits=split_of, split_names=names).labelled_names
    test = next((name for name in _TEST_NAMES if name in named), "")
    validation = next((name for name in _VALIDATION_NAMES if name in named), "")
    if not (test and validation and TRAINING in named):
        raise EmptySplit(
            "Pictures of the saved split, or their labels, are missing.",
            advice="Remove the dataset and add it again: a new split is then made.",
        )
    notes = (
        (
            f"{counted(new, 'picture is', 'pictures are')} newer than the split; they were "
            f"added to {TRAINING}.",
        )
        if new
        else ()
    )
    return SplitResult(
        names, split_of, SplitProtocol(TRAINING, validation, test), notes, is_new=True
    )
