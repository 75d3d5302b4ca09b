"""Laws of dividing, whatever splits and labels the files name."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from core.datasets.splits.split import LEARNS, Undivided, split_pictures
from core.datasets.splits.subject_split import leaks
from core.domain import UNLABELLED

WORDS = st.sampled_from(
    ["", "Training", "Validation", "Test", "PublicTest", "PrivateTest", "Held out", "Own test", "x"]
)
SEEDS = st.integers(0, 2**31)


@st.composite
def undivided(draw, words=WORDS, least=1, unlabelled=(0.0, 0.3, 1.0), people=(0, 3, 20)):
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
    return Undivided(
        labels=labels,
        splits=np.array([names.index(word) for word in splits]),
        split_names=names,
        names=np.array([f"p{number}" for number in range(len(splits))]),
        subjects=subjects,
    )


def dividable(people=(0, 20)):
    """As many again of which nearly all are divided, or most examples would say nothing."""
    words = st.sampled_from(["", "Training", "Test", "x"])
    large = undivided(words=words, least=40, unlabelled=(0.0, 0.3), people=people)
    return st.one_of(undivided(), large)


def _sides(division, pictures):
    words = np.array(division.names)[division.split_of].tolist()
    return dict(zip(pictures.names.tolist(), words, strict=True))


@given(undivided(), SEEDS)
def test_every_picture_is_on_one_named_side(pictures, seed):
    division = split_pictures(pictures, seed=seed)
    assert division.split_of.shape == pictures.labels.shape
    assert len(set(division.names)) == len(division.names)
    assert all(division.names)
    assert division.split_of.min() >= 0
    assert division.split_of.max() < len(division.names)


@given(undivided(), SEEDS)
def test_whoever_has_a_role_has_labelled_pictures(pictures, seed):
    division = split_pictures(pictures, seed=seed)
    if division.protocol is None:
        assert division.notes
        return
    for role in division.protocol.roles:
        side = division.split_of == division.names.index(role)
        assert (pictures.labels[side] != UNLABELLED).any()


@given(undivided(), SEEDS)
def test_pictures_leave_the_training_pictures_and_nothing_else(pictures, seed):
    division = split_pictures(pictures, seed=seed)
    for picture, side in _sides(division, pictures).items():
        written = pictures.split_names[pictures.splits[int(picture[1:])]] or LEARNS
        assert side == written or (written == LEARNS and division.made)


@given(dividable(people=(20,)), SEEDS)
def test_what_is_held_out_here_shows_nobody_who_is_learned_from(pictures, seed):
    division = split_pictures(pictures, seed=seed)
    assume(division.made and not (pictures.subjects == "").any())
    written = np.array([name or LEARNS for name in pictures.split_names])[pictures.splits]
    moved = (written == LEARNS) & (pictures.labels != UNLABELLED)
    assert leaks(division.split_of[moved], pictures.subjects[moved]) == ()


@given(undivided(), SEEDS)
def test_the_same_seed_gives_the_same_sides(pictures, seed):
    first, second = split_pictures(pictures, seed=seed), split_pictures(pictures, seed=seed)
    assert _sides(first, pictures) == _sides(second, pictures)
    assert first.notes == second.notes


@given(dividable(), SEEDS, SEEDS)
def test_a_kept_division_stays_with_any_seed_and_who_judges_too(pictures, seed, other):
    before = split_pictures(pictures, seed=seed)
    assume(before.made)
    after = split_pictures(pictures, seed=other, frozen=_sides(before, pictures))
    assert _sides(after, pictures) == _sides(before, pictures)
    assert after.protocol == before.protocol
