from __future__ import annotations

import numpy as np
import pytest

from core.datasets.summary import summary
from core.datasets.summary.summary import describe
from core.domain import UNLABELLED, Dataset, PictureSet
from tests.make import make_dataset
from tests.memory import with_peak


def test_a_summary_covers_every_picture_with_a_label():
    summary = describe(make_dataset({"Training": [0, 3, 3], "Held out": [3], "Test": [0, 6]}))
    assert {face.label: face.pictures for face in summary.faces} == {
        "angry": 2,
        "happy": 3,
        "neutral": 1,
    }
    assert summary.whole.pictures == 6
    assert summary.counts_for_weights.split == "Training"
    assert [split.split for split in summary.splits] == ["Training", "Held out", "Test"]


def test_pictures_without_a_label_change_nothing_but_their_own_count():
    labelled = make_dataset({"All": [0, 1, 0, 1]})
    pixels = np.insert(labelled.pictures.pixels, 2, 255, axis=0)
    more = make_dataset({"All": [0, 1, UNLABELLED, 0, 1]}, pixels=pixels)
    one, two = describe(labelled), describe(more)
    assert two.whole.unlabelled == 1
    assert two.regions == one.regions
    assert all(np.array_equal(a.mean, b.mean) for a, b in zip(one.faces, two.faces, strict=True))


@pytest.mark.parametrize("labels", [[], [UNLABELLED, UNLABELLED], [3]])
def test_nothing_labelled_and_one_picture_are_described_too(labels):
    summary = describe(make_dataset({"All": labels}))
    assert len(summary.faces) == sum(label != UNLABELLED for label in labels)
    assert summary.counts_for_weights is summary.whole
    assert all(one.raw.eta_squared == 0 for one in summary.regions)


def test_reading_can_be_followed_and_stopped():
    calls = []
    describe(
        make_dataset({"All": [0] * 5}), on_progress=lambda done, total: calls.append((done, total))
    )
    assert calls[-1] == (5, 5)

    def stop(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        describe(make_dataset({"All": [0] * 5}), on_progress=stop)


def _many_pictures(path):
    """As many as `summary` takes in many blocks; for a process of its own."""
    summary._BLOCK_PIXELS = 2**15
    count, size_px = 4_000, 48
    pixels = np.memmap(path, np.uint8, "w+", shape=(count, size_px, size_px))
    pixels[::3] = 100
    return Dataset(
        name="many",
        scheme=make_dataset({"All": [0]}).scheme,
        pictures=PictureSet(pixels, np.arange(count) % 7),
        split_names=("All",),
        split_of=np.zeros(count, np.int64),
        protocol=None,
        content_hash="",
    )


def test_memory_does_not_grow_with_the_number_of_pictures(tmp_path):
    described, peak = with_peak(describe, _many_pictures, tmp_path / "p")
    assert described.whole.pictures == 4_000
    # As float64 they would take eight times their bytes.
    assert peak < (tmp_path / "p").stat().st_size / 2
