from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.domain.dataset import picture_digests
from core.models.out_of_fold import out_of_fold_table, read_table, write_out_of_fold
from tests.examples import examples

PIXELS = arrays.arrays(
    np.uint8, st.tuples(st.integers(1, 12), st.just(3), st.just(3)), elements=st.integers(0, 2)
)
SEEDS = st.integers(0, 2**31)


def _scores(count, seed):
    return np.random.default_rng(seed).dirichlet(np.ones(4), count).astype(np.float32)


def _means(pixels, scores):
    """Scores of each picture, the mean of all that show the same pixels."""
    same = picture_digests(pixels)[:, None] == picture_digests(pixels)[None]
    return same @ scores / same.sum(axis=1, keepdims=True)


@given(PIXELS, SEEDS)
def test_what_was_put_in_comes_out(pixels, seed):
    scores = _scores(len(pixels), seed)
    found = np.zeros_like(scores)
    assert out_of_fold_table(pixels, scores).replace_scores(found, pixels).all()
    assert np.abs(found - _means(pixels, scores)).max() < 0.02
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)


@given(PIXELS, PIXELS, SEEDS)
def test_only_pictures_in_the_table_are_touched(known, asked, seed):
    before = _scores(len(asked), seed)
    after = before.copy()
    found = out_of_fold_table(known, _scores(len(known), seed + 1)).replace_scores(after, asked)
    inside = {one.tobytes() for one in known}
    assert found.tolist() == [one.tobytes() in inside for one in asked]
    assert np.array_equal(after[~found], before[~found])


@given(PIXELS, SEEDS)
def test_the_order_of_pictures_does_not_matter(pixels, seed):
    scores, order = _scores(len(pixels), seed), np.random.default_rng(seed).permutation(len(pixels))
    first, second = (
        out_of_fold_table(pixels, scores),
        out_of_fold_table(pixels[order], scores[order]),
    )
    assert np.array_equal(first.digests, second.digests)
    assert np.abs(first.scores.astype(int) - second.scores).max() <= 1


@given(PIXELS, SEEDS)
@examples(30)
def test_a_table_survives_the_disk(pixels, seed):
    table = out_of_fold_table(pixels, _scores(len(pixels), seed))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.npz"
        write_out_of_fold(path, table)
        back = read_table(path)
    assert np.array_equal(back.digests, table.digests)
    assert np.array_equal(back.scores, table.scores)
