from __future__ import annotations

import pytest

from core.datasets import DatasetSource
from core.datasets.readers.csv_pixels import ColumnNames
from core.domain.errors import PlanError
from core.domain.plain_values import to_plain

BAD = [
    *({}, {"path": ""}, {"path": " "}, {"path": 5}, {"path": None}, {"path": "x", "name": 5}),
    *({"path": "x", "size_px": size} for size in (4, -1, 2000, 48.5, "48", None, True)),
    *({"path": "x", "seed": seed} for seed in (-1, 1.5, "7", None)),
    *({"path": "x", "columns": columns} for columns in ([], 5, {"pixels": 5}, {"other": "x"})),
    *({"path": "x", "label_map": pairs} for pairs in (5, ["a"], [["a", "b", "c"]], [5])),
    *({"path": "x", "levels": "thirds"}, {"path": "x", "scheme": []}, {"path": "x", "other": 1}),
]


@pytest.mark.parametrize("read", BAD, ids=repr)
def test_what_makes_no_sense_is_explained(read):
    with pytest.raises(PlanError) as caught:
        DatasetSource.from_json(read)
    assert caught.value.message
    assert caught.value.advice


def test_a_list_is_no_source():
    with pytest.raises(PlanError):
        DatasetSource.from_json(["path"])


def test_columns_survive_json():
    source = DatasetSource("x", columns=ColumnNames(label="what"), levels="tertiles", size_px=64)
    assert DatasetSource.from_json(to_plain(source)) == source
