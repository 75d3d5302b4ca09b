from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from core.domain import PictureSet
from core.training.fit import keras_batches
from core.training.fit.keras_augmentation import augment, mix
from core.training.fit.keras_batches import (
    EpochPlan,
    TeacherScorer,
    build_targets,
    epoch_order,
    training_batches,
)
from core.training.recipes import RECIPES, Augmentation, Balance

pytestmark = pytest.mark.keras

STILL = Augmentation(flip=0.5)
LIVELY = RECIPES["compact-residual"].augmentation
SEED = tf.constant([3, 4])


@pytest.fixture
def pictures():
    rng = np.random.default_rng(1)
    return PictureSet(rng.integers(0, 256, (50, 48, 48), np.uint8), rng.integers(0, 7, 50))


def _plan(**changes):
    values = {"epoch": 0, "seed": 7, "size_px": 48, "batch_size": 16}
    return EpochPlan(**(values | changes))


def _batches(pictures, plan, change, **recipe):
    targets = build_targets(pictures, replace(RECIPES["two-block"], **recipe), classes=7)
    return training_batches(pictures, targets, plan, change)


def _faces(pictures):
    return tf.constant(pictures.pixels[..., None].astype(np.float32) / 255.0)


def test_without_changes_a_picture_stays_itself_or_its_mirror_image(pictures):
    before = _faces(pictures).numpy()
    after = augment(before, STILL, size_px=48, seed=SEED).numpy()
    same = np.abs(after - before).max(axis=(1, 2, 3)) < 1e-5
    mirrored = np.abs(after - before[:, :, ::-1]).max(axis=(1, 2, 3)) < 1e-5
    assert (same ^ mirrored).all()
    assert same.any()
    assert mirrored.any()


def test_the_middle_stays_the_middle_when_the_size_changes():
    spot = np.zeros((1, 48, 48, 1), np.float32)
    spot[:, 20:28, 20:28] = 1.0
    small = augment(spot, STILL, size_px=32, seed=SEED).numpy()[0, :, :, 0]
    rows, columns = np.indices(small.shape)
    assert (rows * small).sum() / small.sum() == pytest.approx(15.5, abs=0.3)
    assert (columns * small).sum() / small.sum() == pytest.approx(15.5, abs=0.3)


def test_changed_pictures_differ_from_each_other_and_stay_in_range(pictures):
    same = np.repeat(_faces(pictures).numpy()[:1], 40, axis=0)
    changed = augment(same, LIVELY, size_px=48, seed=SEED).numpy()
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert len(np.unique(changed.reshape(40, -1), axis=0)) == 40


def test_an_epoch_repeats_exactly_and_the_next_one_differs(pictures):
    def batches(epoch):
        plan = _plan(epoch=epoch)
        return [faces.numpy() for faces, _, _ in _batches(pictures, plan, LIVELY)]

    first, again, other = batches(0), batches(0), batches(1)
    assert len(first) == 3
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_the_changes_are_traced_once_for_all_epochs(pictures, monkeypatch):
    traced = []

    def counted(faces, augmentation, **about):
        traced.append(about["size_px"])
        return augment(faces, augmentation, **about)

    monkeypatch.setattr(keras_batches, "augment", counted)
    change = replace(LIVELY, flip=0.125)  # of this test alone
    for epoch in range(3):
        assert len(list(_batches(pictures, _plan(epoch=epoch), change))) == 3
    assert traced == [48]
    list(_batches(pictures, _plan(size_px=32), change))
    assert traced == [48, 32]


def test_labels_stay_with_their_pictures(pictures):
    """Each label gets a grey of its own, so a picture still tells which label it had."""
    flat = PictureSet(
        np.repeat(pictures.labels * 30, 48 * 48).reshape(-1, 48, 48).astype(np.uint8),
        pictures.labels,
    )
    for faces, labels, _ in _batches(flat, _plan(), STILL):
        grey = faces.numpy()[:, 24, 24, 0] * 255 / 30
        assert np.allclose(grey, labels.numpy().argmax(axis=1), atol=0.01)


def test_mixing_blends_labels_by_the_share_of_the_pictures():
    change = Augmentation(mixup_alpha=0.2, mixup_share=1.0)
    faces = tf.reshape(tf.constant([0.0, 1.0]), (2, 1, 1, 1))
    mixed, labels = mix(faces, tf.eye(2), change, seed=SEED)
    assert labels.numpy()[1, 1] == pytest.approx(float(mixed[1, 0, 0, 0]), abs=1e-6)
    assert labels.numpy().sum(axis=1) == pytest.approx([1, 1])
    assert labels.numpy()[0, 0] >= 0.5


def test_class_weights_make_every_class_count_alike(pictures):
    weighed = np.zeros(7)
    small = PictureSet(pictures.pixels[:48], np.array([0] * 40 + [1] * 6 + [2] * 2))
    for _, labels, weights in _batches(small, _plan(), STILL, balance=Balance.WEIGHTS):
        weighed += (labels.numpy() * weights.numpy()[:, None]).sum(axis=0)
    assert weighed[:3] == pytest.approx([16, 16, 16])


def test_balanced_sampling_draws_every_class_equally_often(pictures):
    small = PictureSet(pictures.pixels[:48], np.array([0] * 40 + [1] * 6 + [2] * 2))
    drawn = epoch_order(small.labels, _plan(balanced=True))
    assert np.bincount(small.labels[drawn]).tolist() == [16, 16, 16]
    assert not np.array_equal(drawn, epoch_order(small.labels, _plan(balanced=True, epoch=1)))


def test_votes_and_teachers_take_their_share_of_a_label(pictures):
    one = PictureSet(pictures.pixels[:2], np.array([3, 3]))
    recipe = replace(RECIPES["two-block"], votes=0.5, teaching=0.5)
    votes = np.zeros((2, 7), np.float32)
    votes[0, 4] = 1.0  # nobody voted on the second picture
    teacher_scores = np.full((2, 7), 1 / 7, np.float32)
    targets = build_targets(one, recipe, classes=7, votes=votes, teacher_scores=teacher_scores)
    shares = targets.shares
    assert shares.sum(axis=1) == pytest.approx([1, 1])
    assert shares[0, 3] == pytest.approx(0.25 + 0.5 / 7)
    assert shares[0, 4] == pytest.approx(0.25 + 0.5 / 7)
    assert shares[1, 3] == pytest.approx(0.5 + 0.5 / 7)


def test_teachers_score_the_augmented_pictures_and_are_blended_by_their_share(pictures):
    scored = []

    def scores(faces):
        scored.append(faces.copy())
        return np.full((len(faces), 7), 1 / 7, np.float32)

    targets = build_targets(pictures, RECIPES["two-block"], classes=7)
    plan = _plan(size_px=48)
    alone = list(training_batches(pictures, targets, plan, LIVELY))
    taught = list(
        training_batches(pictures, targets, plan, LIVELY, TeacherScorer(scores, 0.25, 48))
    )
    assert len(scored) == len(taught) == len(alone)
    for (faces, wanted, _), (same, without, _), seen in zip(taught, alone, scored, strict=True):
        assert np.array_equal(faces, same)
        assert np.array_equal(seen, same)
        assert np.allclose(wanted, 0.75 * without + 0.25 / 7, atol=1e-6)


def test_teachers_get_full_size_pictures_while_the_student_gets_small_ones(pictures):
    seen = []

    def scores(faces):
        seen.append(faces.shape)
        return np.full((len(faces), 7), 1 / 7, np.float32)

    targets = build_targets(pictures, RECIPES["two-block"], classes=7)
    batches = training_batches(
        pictures, targets, _plan(size_px=32), LIVELY, TeacherScorer(scores, 0.5, 48)
    )
    assert {faces.shape for faces, _, _ in batches} == {(16, 32, 32, 1)}
    assert set(seen) == {(16, 48, 48, 1)}


@pytest.mark.parametrize("name", ["blur", "noise"])
def test_pictures_are_spoilt_up_to_the_chosen_strength_each_by_its_own(pictures, name):
    faces = pictures.pixels[..., None].astype(np.float32) / 255.0
    size_px = faces.shape[1]

    def lost(strength):
        change = Augmentation(**{name: strength})
        seen = augment(tf.constant(faces), change, size_px=size_px, seed=tf.constant([1, 2]))
        assert float(tf.reduce_min(seen)) >= 0
        assert float(tf.reduce_max(seen)) <= 1
        return np.abs(seen.numpy() - faces).mean(axis=(1, 2, 3))

    assert lost(0.0).max() < 1e-6
    weak, strong = lost(0.1), lost(0.8)
    assert (weak > 0).all()
    assert (strong > weak).all()
    assert np.ptp(weak) > 1e-4


def test_a_blurred_picture_keeps_its_light_and_loses_its_edges():
    faces = np.zeros((1, 20, 20, 1), dtype=np.float32)
    faces[:, :, 10:] = 1.0
    change = Augmentation(blur=1.0)
    seen = augment(tf.constant(faces), change, size_px=20, seed=tf.constant([3, 4])).numpy()
    assert seen.mean() == pytest.approx(faces.mean(), abs=1e-5)
    assert np.diff(seen[0, 5, :, 0]).max() < 0.95
    assert np.allclose(seen[0, :, 0, 0], 0, atol=1e-6)
