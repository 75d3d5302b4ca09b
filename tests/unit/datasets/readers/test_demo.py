from __future__ import annotations

import numpy as np
import pytest

from core.datasets import DatasetSource, open_dataset
from core.datasets.audit.duplicates import find_exact_duplicates
from core.datasets.audit.picture_quality import find_quality_problems, measure_pictures
from core.datasets.audit.problem import ProblemKind
from core.datasets.catalogue.catalogue import expect_free
from core.datasets.readers.demo import NAME, draw_face, write_demo
from core.domain import FER7


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    path = write_demo(folder / "files", np.random.default_rng(1))
    return open_dataset(DatasetSource(str(path)), folder / "cache")


def test_its_name_can_be_given_to_a_dataset(tmp_path):
    expect_free(tmp_path, NAME)


def test_it_is_of_fer2013s_shape_with_its_three_splits(demo):
    assert demo.scheme == FER7
    assert demo.protocol.roles == ("Training", "PublicTest", "PrivateTest")
    assert {name: len(part) for name, part in demo.splits.items()} == {
        "Training": 280,
        "PublicTest": 56,
        "PrivateTest": 56,
    }
    assert demo.pictures.size_px == 48


def test_an_audit_finds_what_was_planted(demo):
    pixels = demo.pictures.pixels
    found = {
        problem.kind: problem.count for problem in find_quality_problems(measure_pictures(pixels))
    }
    assert found[ProblemKind.BLURRED] >= 5
    assert found[ProblemKind.TOO_DARK] >= 5
    exact = find_exact_duplicates(pixels)
    assert exact.count == 8
    judged = np.flatnonzero(demo.split_of != demo.split_names.index("Training"))
    assert set(np.flatnonzero(exact.flagged)) <= set(judged.tolist())


def test_the_same_seed_draws_the_same_files(tmp_path):
    first, second = (
        write_demo(tmp_path / name, np.random.default_rng(3)).read_bytes() for name in "ab"
    )
    assert first == second
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["demo_faces.csv"]


def test_expressions_differ_and_faces_of_one_do_too():
    rng = np.random.default_rng(1)
    faces = {label: np.stack([draw_face(label, rng) for _ in range(2)]) for label in FER7.labels}
    assert all((pair[0] != pair[1]).any() for pair in faces.values())
    middles = [np.median(pair, axis=0) for pair in faces.values()]
    assert len({middle.tobytes() for middle in middles}) == len(FER7)
