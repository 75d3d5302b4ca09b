"""Damage, made at random from a seed: what disks, downloads, editors and strangers do to files."""

from __future__ import annotations

import copy
import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

TOKENS = (
    *(b"", b"\0", b"\n", b"\r", b",", b'"', b";", b"\t", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80"),
    *(b"NaN", b"-1", b"256", b"1e400", b"99999999999999999999", b"0x10", b"1.5", b"null", b"{}"),
    *("\u0664\u0665".encode(), "\u202e".encode(), b"=1+1", b"../x", b"A" * 5000, b"[" * 5000),
    *(b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\x93NUMPY\x01\0", b"\x89PNG\r\n\x1a\n"),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 255, 2**31, 2**63, 10**30, -1e308, 1.5, "", " ", "x", "\0"),
    *("\ud800", "é", "a\nb", "../../x", "x" * 3000, "NaN", [], {}, [[]], [None], {"": None}),
    *(float("nan"), float("inf"), ["a", "b"], {"a": 1}, [1, 2, 3], [[1, 2], [3]]),
)


def spoil_bytes(content: bytes, rng: np.random.Generator) -> bytes:
    """The same with one to four places damaged."""
    for _ in range(rng.integers(1, 5)):
        content = _BYTE_DAMAGE[rng.integers(len(_BYTE_DAMAGE))](content, rng)
    return content


def spoil_json(value: Any, rng: np.random.Generator) -> bytes:
    """A JSON text like this value's: a place of it changed, or the text itself."""
    if rng.random() < 0.3:
        return spoil_bytes(json.dumps(value).encode(), rng)
    if rng.random() < 0.03:
        return b"[" * 100_000
    changed = copy.deepcopy(value)
    for _ in range(rng.integers(1, 4)):
        changed = _spoil_place(changed, rng)
    return json.dumps(changed).encode()


def _spoil_place(value: Any, rng: np.random.Generator) -> Any:
    deeper = isinstance(value, dict | list) and len(value) > 0
    if not deeper or rng.random() < 0.1:
        return VALUES[rng.integers(len(VALUES))]
    keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = keys[rng.integers(len(keys))]
    way = rng.random()
    if way < 0.1:
        del value[key]
    elif way < 0.15 and isinstance(value, dict):
        value["x" * int(rng.integers(9))] = value[key]
    elif way < 0.2 and isinstance(value, list):
        value.append(value[key])
    else:
        value[key] = _spoil_place(value[key], rng)
    return value


def _place(content: bytes, rng: np.random.Generator) -> tuple[int, int]:
    start = int(rng.integers(len(content) + 1))
    return start, min(len(content), start + int(rng.integers(1, 60)))


def _flip(content: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.integers(1, 9)):
        if changed:
            changed[rng.integers(len(changed))] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _cut(content: bytes, rng: np.random.Generator) -> bytes:
    return content[: rng.integers(len(content) + 1)]


def _remove(content: bytes, rng: np.random.Generator) -> bytes:
    start, end = _place(content, rng)
    return content[:start] + content[end:]


def _repeat(content: bytes, rng: np.random.Generator) -> bytes:
    start, end = _place(content, rng)
    return content[:end] + content[start:end] * int(rng.integers(1, 20)) + content[end:]


def _insert(content: bytes, rng: np.random.Generator) -> bytes:
    start, end = _place(content, rng)
    token = TOKENS[rng.integers(len(TOKENS))]
    return content[:start] + token + content[start if rng.random() < 0.5 else end :]


def _noise(content: bytes, rng: np.random.Generator) -> bytes:
    start, end = _place(content, rng)
    return content[:start] + rng.bytes(end - start) + content[end:]


def _number(content: bytes, rng: np.random.Generator) -> bytes:
    """A length or an offset, as binary files hold them, becomes another."""
    start = int(rng.integers(len(content) + 1))
    wrong = (0, 1, 0x7FFFFFFF, 0xFFFFFFFF, int(rng.integers(2**32)))
    return content[:start] + struct.pack("<I", wrong[rng.integers(5)]) + content[start + 4 :]


_BYTE_DAMAGE: tuple[Callable[[bytes, np.random.Generator], bytes], ...] = (
    *(_flip, _flip, _cut, _remove, _repeat, _insert, _insert, _noise, _number),
)
