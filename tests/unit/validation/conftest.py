"""Datasets with ratings, as people have them; no video in them is one."""

from __future__ import annotations

import pytest


@pytest.fixture
def table(tmp_path):
    """Write a CSV file beside empty files that it names."""

    def written(content, *, encoding="utf-8", videos=("a.mp4", "b.mp4")):
        for name in videos:
            (tmp_path / name).write_bytes(b"")
        path = tmp_path / "ratings.csv"
        path.write_bytes(content.encode(encoding))
        return path

    return written


@pytest.fixture
def ubfc(tmp_path):
    """A folder as UBFC-Phys has one, of as many people as told."""

    def written(*people, reported="1,2\n3,5\n8,4\n", folder="UBFC-Phys"):
        for name in people:
            person = tmp_path / folder / name
            person.mkdir(parents=True)
            for task in ("T1", "T2", "T3"):
                (person / f"vid_{name}_{task}.avi").write_bytes(b"")
            if reported is not None:
                (person / f"selfReportedAnx_{name}.csv").write_text(reported, encoding="utf-8")
        return tmp_path / folder

    return written
