"""HEIC files as phones write them, made by the tests: ISO 14496-12 boxes, ISO 23008-12 items."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import numpy as np

_GRID_ID = 100
_IN_IDAT = 1


def write_heic(
    path: Path, picture: np.ndarray, *, tile_px: int, quarter_rotations: int = 0
) -> Path:
    """A picture cut into square tiles, each of them a HEVC picture, and a grid of them.

    Args:
        picture: uint8, shape `(high, wide, 3)`, red first; tiles reach beyond it where they must.
        tile_px: side of the tiles; as large as the picture, it is one picture without a grid.
        quarter_rotations: to the left, that viewers make.
    """
    high, wide = picture.shape[:2]
    rows, columns = -(-high // tile_px), -(-wide // tile_px)
    around = ((0, rows * tile_px - high), (0, columns * tile_px - wide), (0, 0))
    whole = np.pad(picture, around, mode="edge")
    tiles = [
        whole[row * tile_px :, column * tile_px :][:tile_px, :tile_px]
        for row in range(rows)
        for column in range(columns)
    ]
    coded = [_coded(path.with_suffix(".mp4"), np.ascontiguousarray(tile)) for tile in tiles]
    samples, setup = [sample for sample, _ in coded], coded[0][1]
    grid = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, wide, high)
    start = 0
    for _ in range(2):  # the second time it is known where the pictures begin
        head = _head(samples, setup, grid, (tile_px, wide, high, quarter_rotations), start)
        start = len(head) + 8
    path.write_bytes(head + _box(b"mdat", b"".join(samples)))
    return path


def _coded(scratch: Path, tile: np.ndarray) -> tuple[bytes, bytes]:
    """One HEVC picture, and the set-up that its decoder needs (`hvcC`)."""
    with av.open(str(scratch), "w") as container:
        quiet = "log-level=error:bframes=0:keyint=1:repeat-headers=0:frame-threads=1:pools=none"
        options = {"x265-params": quiet, "crf": "4"}
        stream = container.add_stream("libx265", rate=1, options=options)
        stream.codec_context.codec_tag = "hvc1"
        stream.width, stream.height, stream.pix_fmt = tile.shape[1], tile.shape[0], "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(tile, format="rgb24")))
        container.mux(stream.encode())
    content = scratch.read_bytes()
    at = content.index(b"hvcC") - 4
    (size,) = struct.unpack(">I", content[at : at + 4])
    with av.open(str(scratch)) as container:
        sample = next(bytes(packet) for packet in container.demux(video=0) if packet.size)
    scratch.unlink()
    return sample, content[at : at + size]


def _head(
    samples: list[bytes],
    setup: bytes,
    grid: bytes,
    shape: tuple[int, int, int, int],
    start: int,
) -> bytes:
    tile_px, wide, high, quarter_rotations = shape
    is_grid = len(samples) > 1
    ids = list(range(1, len(samples) + 1))
    items = [_full(b"infe", struct.pack(">HH4sx", one, 0, b"hvc1"), version=2) for one in ids]
    places, at = [], start
    for one, sample in zip(ids, samples, strict=True):
        places.append((one, 0, at, len(sample)))
        at += len(sample)
    properties = [setup, _size_box(tile_px, tile_px), _size_box(wide, high)]
    properties.append(_box(b"irot", bytes([quarter_rotations])))
    owned = [(one, [1, 2] if is_grid else [1, 3, 4]) for one in ids]
    boxes = []
    if is_grid:
        items.append(_full(b"infe", struct.pack(">HH4sx", _GRID_ID, 0, b"grid"), version=2))
        places.append((_GRID_ID, _IN_IDAT, 0, len(grid)))
        owned.append((_GRID_ID, [3, 4]))
        parts = struct.pack(f">HH{len(ids)}H", _GRID_ID, len(ids), *ids)
        boxes = [_full(b"iref", _box(b"dimg", parts)), _box(b"idat", grid)]
    owners = b"".join(
        struct.pack(">HB", one, len(numbers)) + bytes(numbers) for one, numbers in owned
    )
    associations = _full(b"ipma", struct.pack(">I", len(owned)) + owners)
    located = b"".join(
        struct.pack(">HHHHII", one, where, 0, 1, begins, size)
        for one, where, begins, size in places
    )
    meta = [
        _full(b"hdlr", struct.pack(">I4s12xx", 0, b"pict")),
        _full(b"pitm", struct.pack(">H", _GRID_ID if is_grid else 1)),
        _full(b"iloc", struct.pack(">BBH", 0x44, 0, len(places)) + located, version=1),
        _full(b"iinf", struct.pack(">H", len(items)) + b"".join(items)),
        _box(b"iprp", _box(b"ipco", b"".join(properties)) + associations),
        *boxes,
    ]
    kind = _box(b"ftyp", b"heic" + struct.pack(">I", 0) + b"mif1heic")
    return kind + _full(b"meta", b"".join(meta))


def _size_box(wide: int, high: int) -> bytes:
    return _full(b"ispe", struct.pack(">II", wide, high))


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def _full(name: bytes, content: bytes, *, version: int = 0) -> bytes:
    return _box(name, bytes([version, 0, 0, 0]) + content)
