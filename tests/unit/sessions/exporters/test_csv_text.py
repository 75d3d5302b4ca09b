"""Tables as CSV text, as pandas writes them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from core.sessions.exporters.csv_text import csv_text
from tests.examples import examples

NUMBERS = st.one_of(st.floats(width=64), st.sampled_from([0.0, -0.0, 1.0, 0.1, float("nan")]))
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)


def pandas_text(table: pd.DataFrame) -> str:
    return table.to_csv(index=False, lineterminator="\n")


@examples(30)
@given(st.lists(st.tuples(NUMBERS, TEXTS, st.booleans(), st.integers(0, 99)), max_size=30))
def test_every_cell_is_written_as_pandas_does(rows):
    numbers, texts, flags, counts = ([row[at] for row in rows] for at in range(4))
    counted = pd.Series(counts, dtype="Int64")
    table = pd.DataFrame(
        {
            "number": np.array(numbers, dtype=np.float64),
            "a text": pd.array(texts, dtype=object),
            "a string": pd.array(texts, dtype="str"),
            "flag": np.array(flags, dtype=np.bool_),
            "count": counted.mask(counted > 50),
            "whole": np.array(counts, dtype=np.int64),
        }
    )
    assert csv_text(table) == pandas_text(table)


def test_a_table_longer_than_what_is_written_at_once_has_every_row():
    values = np.round(np.sin(np.arange(12_001)), 3)
    table = pd.DataFrame({"one": values, "two": values[::-1]})
    assert csv_text(table) == pandas_text(table)
