from __future__ import annotations

import io

import numpy as np
import pytest

from core.storage.corrupt_data import DAMAGED_CONTENT, short_message


def test_a_sentence_does_not_repeat_the_damaged_file():
    error = UnicodeDecodeError("utf-8", b"x" * 100_000, 3, 4, "invalid start byte")
    assert short_message(error) == (
        "'utf-8' codec can't decode byte 0x78 in position 3: invalid start byte"
    )
    assert len(short_message(ValueError("x" * 100_000))) < 200


def test_a_message_is_one_printable_line():
    assert short_message(ValueError("a\nb\ud800\0é")) == "a b\\ud800\\x00é"


def test_the_message_of_a_missing_entry_names_the_error():
    assert short_message(KeyError("sides")) == "KeyError: 'sides'"


@pytest.mark.parametrize(
    "head", [b"{'descr': (", b"{'descr':\n  1\n 2", b"((((", b"{'shape': (2**"]
)
def test_every_error_of_numpy_over_a_damaged_header_is_known(head):
    content = b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head
    with pytest.raises(DAMAGED_CONTENT):
        np.load(io.BytesIO(content))
