"""Memory follows the number of pictures, by some bytes each, and never the size of the file."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets import DatasetSource, open_dataset
from tests.memory import with_peak

SIZE_PX = 16
MOST_BYTES_A_PICTURE = 250  # name, label, split and hash; the row itself has some 900


def _csv(path, rows):
    """Many pictures, all different in their first pixels; splits change from row to row."""
    rest = " ".join(map(str, np.random.default_rng(1).integers(0, 256, SIZE_PX**2 - 3)))
    splits = ("Training", "PublicTest", "Training", "PrivateTest")
    with path.open("w") as file:
        file.write("emotion,pixels,Usage\n")
        file.writelines(
            f"{row % 7},{row % 256} {row // 256 % 256} {row // 65536} {rest},{splits[row % 4]}\n"
            for row in range(rows)
        )
    return path


def _given(*given):
    return given


def _open(given):
    """How many pictures it has by its splits, by its labels, and by its length."""
    dataset = open_dataset(DatasetSource(str(given[0])), given[1])
    sizes, counts = dataset.sizes, dataset.counts
    return sum(sizes.values()), sum(sum(one.values()) for one in counts.values()), len(dataset)


def _peak(path, cache, pictures):
    found, peak = with_peak(_open, _given, path, cache)
    assert found == (pictures, pictures, pictures)
    return peak


def test_a_large_file_is_opened_in_little_memory(tmp_path):
    few, many = _csv(tmp_path / "few.csv", 10_000), _csv(tmp_path / "many.csv", 50_000)
    least, most = _peak(few, tmp_path / "cache", 10_000), _peak(many, tmp_path / "cache", 50_000)
    assert most < 0.4 * many.stat().st_size
    assert (most - least) / 40_000 < MOST_BYTES_A_PICTURE


def test_counting_a_split_copies_no_picture(tmp_path):
    source = DatasetSource(str(_csv(tmp_path / "a.csv", 20_000)))
    (sizes, counts), peak = with_peak(_count, open_dataset, source, tmp_path / "cache")
    assert sizes == {"Training": 10_000, "PublicTest": 5_000, "PrivateTest": 5_000}
    assert sum(counts["PublicTest"].values()) == 5_000
    assert peak < 20_000 * SIZE_PX**2 / 5


def _count(dataset):
    return dataset.sizes, dataset.counts


@pytest.mark.parametrize("size_px", [8, 64])
def test_the_cache_holds_a_byte_a_pixel(tmp_path, size_px):
    source = DatasetSource(str(_csv(tmp_path / "a.csv", 2_000)), size_px=size_px)
    assert len(open_dataset(source, tmp_path / "cache")) == 2_000
    pixels = next(tmp_path.glob("cache/*/pixels"))
    assert pixels.stat().st_size == 2_000 * size_px**2
