"""Everything of a message is looked at before it is used."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from core.eye.message import message_from
from tests.eye_messages import body, face_entry, message, row_entry


def refused(content: Any) -> str:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises(ValueError, match=r"\S") as caught:
        message_from(text)
    return str(caught.value)


def with_face(**changes: Any) -> dict[str, Any]:
    return message(rows=[row_entry(0.0, faces=[face_entry(**changes)])])


def test_a_message_is_read_as_it_was_sent() -> None:
    found = message_from(body(3))
    assert (found.sequence, found.client_s, len(found.rows)) == (3, 4.0, 5)
    reading = found.rows[0].reading(shift_s=0.5)
    assert (reading.time_s, reading.frame_index, reading.width_px) == (2.5, 90, 640)
    assert reading.faces[0].blendshapes.tolist() == pytest.approx([0.1] * 52)
    assert reading.faces[0].confidence == 1.0


def test_a_frame_without_a_face_and_a_message_without_rows_are_messages() -> None:
    message_from(body(rows=[row_entry(0.0, faces=[])]))
    message_from(body(rows=[]))
    message_from(json.dumps(with_face(outputs=None, confidence=0.4)).encode())


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"x":' + b"[" * 60_000 + b"]" * 60_000 + b"}",
        body().replace(b"[1.5", b"[NaN"),
        body().replace(b"[1.5", b"[Infinity"),
        body().replace(b"[1.5", b"[1e999"),
        body().replace(b"[1.5", b"[true"),
        body().replace(b"[1.5", b'["1.5"'),
        body().replace(b"[1.5", b"[" + b"9" * 400),
        body().replace(b"0.012", b"null"),
    ],
    ids=range(14),
)
def test_what_is_no_message_is_refused(text: bytes) -> None:
    assert text != body()
    refused(text)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"box": [10, 10, 10, 20]}, "box has no area"),
        ({"box": [10, 10, 10 + 1e-9, 20]}, "box has no area"),
        ({"box": [0, 0, 20, 1e-310]}, "box has no area"),
        ({"box": [10, 10, 1e9, 20]}, "box lies too far outside"),
        ({"box": [10, 10, 20]}, "Expected array of length 4"),
        ({"pose": [0, 181, 0]}, "pose has an angle beyond 180"),
        ({"blendshapes": [100] * 51}, "not 52 blendshapes"),
        ({"blendshapes": [100]}, "not 52 blendshapes"),
        ({"blendshapes": [100] * 51 + [1001]}, "blendshapes above 1000"),
        ({"blendshapes": [100] * 51 + [-1]}, "blendshapes below 0"),
        ({"lip_gap": -0.01}, "lip_gap is not in [0, 5]"),
        ({"brightness": 1.01}, "brightness is not in [0, 1]"),
        ({"blur": -1}, "blur is not in [0, 10000]"),
        ({"outputs": [0.0] * 65}, "more than 64 outputs"),
        ({"outputs": [1e7]}, "an output is too large"),
        ({"confidence": 1.5}, "confidence is not in [0, 1]"),
    ],
)
def test_a_face_with_an_impossible_number_is_refused_with_its_place(
    changes: dict[str, Any], sentence: str
) -> None:
    assert refused(with_face(**changes)).startswith("rows[0].faces[0]")
    assert refused(with_face(**changes)).endswith(sentence)


@pytest.mark.parametrize(
    "changes",
    [
        {"time_s": -0.1},
        {"time_s": 1e13},
        {"frame_index": -1},
        {"frame_index": 1 << 40},
        {"frame_index": 0.5},
        {"width_px": 0},
        {"height_px": 8193},
        {"latency_ms": -1},
        {"faces": [face_entry()] * 3},
    ],
    ids=str,
)
def test_a_row_with_an_impossible_number_is_refused(changes: dict[str, Any]) -> None:
    row = {**row_entry(0.0), **changes}
    assert refused(message(rows=[row])).startswith("rows[0]")


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"sequence": -1},
        {"sequence": 1 << 54},
        {"client_s": -1},
        {"client_s": 700.0},
        {"dropped": -1},
        {"state": "asleep"},
        {"rows": [row_entry(0.1), row_entry(0.1)]},
        {"rows": [row_entry(0.2), row_entry(0.1)]},
        {"rows": [row_entry(0.1), row_entry(0.2, frame_index=3)]},
        {"rows": [row_entry(number / 200) for number in range(101)]},
        {"rows": [row_entry(3.0)]},
        {"gaps": [{"begin_s": 2.0, "end_s": 2.0, "reason": "hidden"}]},
        {"gaps": [{"begin_s": 1.0, "end_s": 2.0, "reason": "away"}]},
    ],
    ids=range(14),
)
def test_a_message_that_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    refused(message(**changes))


def test_no_number_of_an_accepted_message_is_infinite() -> None:
    reading = message_from(body()).rows[0].reading(shift_s=0.0)
    assert all(map(math.isfinite, reading.faces[0].box.sides))
