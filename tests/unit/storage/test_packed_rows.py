"""What was packed once is readable for ever."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from core.domain.errors import StoreError
from core.storage.frame_row_columns import (
    COMPACT,
    CURRENT_FORMAT,
    DEFAULTS,
    EXACT,
    ROW_FORMATS,
)
from core.storage.packed_rows import pack_rows, unpack_rows

NONE = np.nan
ROWS = {
    "time_s": [0.0, 0.033333],
    "frame_index": [0, 1],
    "face_id": [1, 0],
    "box": [[1.5, 2.25, 30.0, 40.125], [NONE] * 4],
    "confidence": [0.9, NONE],
    "usable": [True, False],
    "reason": ["", "no_face"],
    "brightness": [0.5, NONE],
    "blur": [120.25, NONE],
    "face_px": [28.5, NONE],
    "pose": [[-12.5, NONE, 0.25], [NONE] * 3],
    "eyes_open": [0.9, NONE],
    "blendshapes": [[0.125] * 52, [NONE] * 52],
    "lip_gap": [0.03, NONE],
    "scores": [[0.25, 0.75], [NONE, NONE]],
    "steady": [[0.5, 0.5], [NONE, NONE]],
    "shown": ["not sure", ""],
    "latency_ms": [12.25, 9.0],
    "eye": ["server", "browser"],
}
# Written when each format was new; what is in people's databases looks like this.
PACKED = {
    EXACT: (
        "c$}+ND#|Y}R<bhEQA*B9EG|xkuuD=aN`S0trJ~ft;`}@%t7s)99i_bd__W02RHfM3S}uke3;_%W86GmQ"
        "G6*s(WUyyoWIzFETomx*hkZRVpXrAK3f~TeFTmge<ez0Y1BY*b`Wexzcz|N207D##84V0JXm)7+IDo?c"
        "@uMDve*tJ7x}CNE8U7C^jP74#{tGnz1HAkO1`Q<#2LP+i$hZ"
    ),
    COMPACT: (
        "c$}+ND#|Y}R<bhEQA*B9EG|xkuuD=aN`S0trJ~ft;`}@%t7s)99i_bd__W02RHaxQrQ(eIa)fY+LUCyk"
        "SUj~d6(pJjGBvdbC<!FXfQ;DMS}q1th9(ANz{r4=EAgD+KM>Zd+=kE(<Qe~g=%!kxzaU!Uzw&>eTE>q5"
        "!v7f<8W=ttaH>D?pAoE9?*H%l|NrajC86qSfuh3+>wx?T1Pur5>Or)_0edjbfJ8GgoNQrXhJ+{pZCBDV"
    ),
}


def _columns():
    return {name: np.array(values) for name, values in ROWS.items()}


@pytest.mark.parametrize("form", ROW_FORMATS)
def test_rows_packed_when_a_format_was_new_are_still_read(form):
    found = unpack_rows(base64.b85decode(PACKED[form]), form)
    assert set(found) == {column.name for column in ROW_FORMATS[form]}
    for name, values in found.items():
        wanted = np.array(ROWS[name])
        assert np.array_equal(values, wanted, equal_nan=wanted.dtype.kind == "f"), name


def test_exactly_the_columns_that_an_earlier_format_lacks_have_a_default():
    names = [{column.name for column in columns} for columns in ROW_FORMATS.values()]
    current = {column.name for column in ROW_FORMATS[CURRENT_FORMAT]}
    assert set(DEFAULTS) == current - set.intersection(*names)


def test_a_number_too_large_for_its_column_is_refused():
    columns = _columns() | {"pose": np.array([[0.0, 0.0, 1000.0], [NONE] * 3])}
    with pytest.raises(ValueError, match="pose"):
        pack_rows(columns, COMPACT)


def test_a_format_of_a_newer_mien_is_refused():
    with pytest.raises(StoreError, match="format 99"):
        unpack_rows(b"", 99)


def test_rows_of_version_1_without_usable_faces_have_no_scores():
    nothing = {"scores": np.empty((2, 0)), "steady": np.empty((2, 0))}
    found = unpack_rows(pack_rows(_columns() | nothing, EXACT), EXACT)
    assert found["scores"].shape == (2, 0)
    assert found["latency_ms"].tolist() == ROWS["latency_ms"]
