from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain.dataset import picture_digests
from core.domain.errors import DamagedModel, ModelError
from core.models import load_card
from core.models.out_of_fold import (
    OUT_OF_FOLD_FILE,
    OutOfFold,
    attach_out_of_fold,
    out_of_fold_table,
    read_out_of_fold,
    read_table,
    write_out_of_fold,
)
from core.models.registry import digest, write_card
from tests.make import make_card, make_photo

PIXELS = np.stack([make_photo(seed, size_px=12) for seed in range(6)])
SCORES = np.random.default_rng(1).dirichlet(np.ones(7), 6).astype(np.float32)


@pytest.fixture
def registered(tmp_path):
    """A card with a table beside it."""
    folder = tmp_path / "small"
    folder.mkdir()
    write_out_of_fold(folder / OUT_OF_FOLD_FILE, out_of_fold_table(PIXELS, SCORES))
    card = make_card(files={OUT_OF_FOLD_FILE: digest(folder / OUT_OF_FOLD_FILE)})
    write_card(folder, card)
    return card


def test_what_was_put_in_comes_out_whatever_the_order():
    order = [4, 0, 2, 5, 1, 3]
    scores = np.zeros((6, 7), dtype=np.float32)
    found = out_of_fold_table(PIXELS, SCORES).replace_scores(scores, PIXELS[order])
    assert found.all()
    assert np.abs(scores - SCORES[order]).max() < 0.01
    assert np.allclose(scores.sum(axis=1), 1, atol=1e-6)


def test_pictures_outside_the_table_keep_their_scores():
    scores = SCORES.copy()
    other = np.stack([make_photo(seed, size_px=12) for seed in (90, 2, 91)])
    found = out_of_fold_table(PIXELS, SCORES[::-1].copy()).replace_scores(scores[:3], other)
    assert found.tolist() == [False, True, False]
    assert np.array_equal(scores[[0, 2]], SCORES[[0, 2]])


def test_contains_any_is_true_where_one_picture_is_in_the_table():
    table = out_of_fold_table(PIXELS[:2], SCORES[:2])
    assert table.contains_any(PIXELS)
    assert not table.contains_any(PIXELS[2:])
    assert not table.contains_any(PIXELS[:0])


def test_equal_pictures_share_the_mean_of_their_scores():
    table = out_of_fold_table(
        PIXELS[[0, 0, 1]], np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32)
    )
    scores = np.zeros((2, 2), dtype=np.float32)
    table.replace_scores(scores, PIXELS[:2])
    assert np.allclose(scores, [[0.5, 0.5], [1, 0]], atol=0.01)


def test_an_empty_table_and_no_pictures_change_nothing():
    empty = OutOfFold(np.zeros(0, np.uint64), np.zeros((0, 7), np.uint8))
    scores = SCORES.copy()
    assert not empty.replace_scores(scores, PIXELS).any()
    assert np.array_equal(scores, SCORES)
    assert len(out_of_fold_table(PIXELS, SCORES).replace_scores(scores[:0], PIXELS[:0])) == 0


def test_a_picture_s_digest_depends_on_its_pixels_alone():
    assert np.array_equal(picture_digests(PIXELS), picture_digests(PIXELS.copy(order="F")))
    changed = PIXELS.copy()
    changed[2, 3, 3] ^= 1
    assert (picture_digests(changed) != picture_digests(PIXELS)).tolist() == [
        False,
        False,
        True,
    ] + [False] * 3


@pytest.mark.parametrize(
    ("digests", "scores"), [([1, 1], np.zeros((2, 7))), ([1, 2], np.zeros((3, 7)))]
)
def test_a_table_that_does_not_fit_is_refused(digests, scores):
    with pytest.raises(ValueError, match="scores for"):
        OutOfFold(np.array(digests, np.uint64), scores.astype(np.uint8))


def test_a_table_beside_its_card_is_read(registered, tmp_path):
    table = read_out_of_fold(tmp_path, registered)
    assert np.array_equal(table.scores, out_of_fold_table(PIXELS, SCORES).scores)


def test_a_model_without_a_table_has_none(tmp_path):
    assert read_out_of_fold(tmp_path, make_card()) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x", b"\x93NUMPY"])
def test_a_damaged_table_is_an_error(registered, tmp_path, content):
    path = tmp_path / "small" / OUT_OF_FOLD_FILE
    path.write_bytes(content)
    with pytest.raises(DamagedModel) as caught:
        read_out_of_fold(tmp_path, registered)
    assert caught.value.advice
    with pytest.raises(DamagedModel, match=r"out_of_fold\.npz cannot be read") as caught:
        read_table(path)
    assert caught.value.advice


def test_a_truncated_table_is_an_error(registered, tmp_path):
    path = tmp_path / "small" / OUT_OF_FOLD_FILE
    for share in (0.1, 0.5, 0.9):
        (tmp_path / "cut.npz").write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
        with pytest.raises(DamagedModel):
            read_table(tmp_path / "cut.npz")


def test_the_tables_of_all_folds_become_one(registered, tmp_path):
    halves = [out_of_fold_table(PIXELS[half], SCORES[half]) for half in (slice(3), slice(3, 6))]
    card = attach_out_of_fold(tmp_path, replace(registered, files={}), halves)
    table = read_out_of_fold(tmp_path, card)
    assert np.array_equal(table.digests, out_of_fold_table(PIXELS, SCORES).digests)
    assert np.array_equal(table.scores, out_of_fold_table(PIXELS, SCORES).scores)


def test_reports_added_to_the_card_meanwhile_are_kept(registered, tmp_path):
    newer = replace(load_card(tmp_path, "small"), limits=("Told a minute ago.",))
    write_card(tmp_path / "small", newer)
    attach_out_of_fold(tmp_path, registered, [out_of_fold_table(PIXELS, SCORES)])
    assert load_card(tmp_path, "small").limits == newer.limits


def test_a_picture_left_out_of_two_folds_is_refused(registered, tmp_path):
    table = out_of_fold_table(PIXELS, SCORES)
    with pytest.raises(ModelError, match="left out of two folds") as caught:
        attach_out_of_fold(tmp_path, registered, [table, table])
    assert caught.value.advice
