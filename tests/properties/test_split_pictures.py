"""Laws of dividing, whatever splits and labels the files name."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from core.datasets.splits.split import TRAINING, SplitInput, split_pictures
from core.datasets.splits.subject_split import people_in_several_splits
from core.domain import UNLABELLED

WORDS = st.sampled_from(
    ["", "Training", "Validation", "Test", "PublicTest", "PrivateTest", "Held out", "Own test", "x"]
)
SEEDS = st.integers(0, 2**31)


@st.composite
def split_input(draw, words=WORDS, least=1, unlabelled=(0.0, 0.3, 1.0), people=(0, 3, 20)):
    """Blocks of pictures, each of one split; some labelled, some with people."""
    blocks = draw(st.lists(st.tuples(words, st.integers(least, 60)), min_size=1, max_size=6))
    splits = [word for word, count in blocks for _ in range(count)]
    classes = draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(SEEDS))
    labels = rng.integers(0, classes, len(splits))
    labels[rng.random(len(splits)) < draw(st.sampled_from(unlabelled))] = UNLABELLED
    people = draw(st.sampled_from(people))
    subjects = np.array(
        [f"s{one}" if people else "" for one in rng.integers(0, people or 1, len(splits))]
    )
    names = tuple(dict.fromkeys(splits))
    return SplitInput(
        labels=labels,
        splits=np.array([names.index(word) for word in splits]),
        split_names=names,
        names=np.array([f"p{number}" for number in range(len(splits))]),
        subjects=subjects,
    )


def dividable(people=(0, 20)):
    """As many again of which nearly all are divided, or most examples would say nothing."""
    words = st.sampled_from(["", "Training", "Test", "x"])
    large = split_input(words=words, least=40, unlabelled=(0.0, 0.3), people=people)
    return st.one_of(split_input(), large)


def _sides(split_result, pictures):
    words = np.array(split_result.names)[split_result.split_of].tolist()
    return dict(zip(pictures.names.tolist(), words, strict=True))


@given(split_input(), SEEDS)
def test_every_picture_is_on_one_named_side(pictures, seed):
    split_result = split_pictures(pictures, seed=seed)
    assert split_result.split_of.shape == pictures.labels.shape
    assert len(set(split_result.names)) == len(split_result.names)
    assert all(split_result.names)
    assert split_result.split_of.min() >= 0
    assert split_result.split_of.max() < len(split_result.names)


@given(split_input(), SEEDS)
def test_every_split_with_a_role_has_labelled_pictures(pictures, seed):
    split_result = split_pictures(pictures, seed=seed)
    if split_result.protocol is None:
        assert split_result.notes
        return
    for role in split_result.protocol.roles:
        side = split_result.split_of == split_result.names.index(role)
        assert (pictures.labels[side] != UNLABELLED).any()


@given(split_input(), SEEDS)
def test_pictures_leave_the_training_pictures_and_nothing_else(pictures, seed):
    split_result = split_pictures(pictures, seed=seed)
    for picture, side in _sides(split_result, pictures).items():
        written = pictures.split_names[pictures.splits[int(picture[1:])]] or TRAINING
        assert side == written or (written == TRAINING and split_result.is_new)


@given(dividable(people=(20,)), SEEDS)
def test_no_person_of_the_training_split_is_held_out(pictures, seed):
    split_result = split_pictures(pictures, seed=seed)
    assume(split_result.is_new and not (pictures.subjects == "").any())
    written = np.array([name or TRAINING for name in pictures.split_names])[pictures.splits]
    moved = (written == TRAINING) & (pictures.labels != UNLABELLED)
    assert people_in_several_splits(split_result.split_of[moved], pictures.subjects[moved]) == ()


@given(split_input(), SEEDS)
def test_the_same_seed_gives_the_same_sides(pictures, seed):
    first, second = split_pictures(pictures, seed=seed), split_pictures(pictures, seed=seed)
    assert _sides(first, pictures) == _sides(second, pictures)
    assert first.notes == second.notes


@given(dividable(), SEEDS, SEEDS)
def test_a_frozen_split_stays_with_any_seed_and_the_test_split_too(pictures, seed, other):
    before = split_pictures(pictures, seed=seed)
    assume(before.is_new)
    after = split_pictures(pictures, seed=other, frozen=_sides(before, pictures))
    assert _sides(after, pictures) == _sides(before, pictures)
    assert after.protocol == before.protocol
