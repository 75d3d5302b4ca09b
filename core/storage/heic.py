"""HEIC pictures from phones: tiles are assembled, rotation and mirroring are applied.

Boxes as in ISO/IEC 14496-12, items as in ISO/IEC 23008-12. The decoder gives each tile as a stream
of its own, whose id is the item's; grid and orientation are read here.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import av
import av.error
import cv2
import numpy as np

from core.domain import RgbPicture
from core.domain.errors import MediaError

BRANDS = frozenset({"heic", "heix", "heim", "heis", "mif1", "msf1"})
"""Brands of HEIC files, in their first box."""

ADVICE = "Export it as JPEG on the phone or in a picture viewer."
MOST_PIXELS = 200_000_000  # the largest phone cameras; a damaged file may claim anything

_ROTATIONS = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}
_LEFT_TO_RIGHT = 1
# Raised by reading beyond the end of a box, or a box that is missing.
_DAMAGE = (struct.error, IndexError, KeyError, ValueError, StopIteration)


@dataclass(frozen=True)
class _Grid:
    """How a picture is assembled from decoded items.

    Attributes:
        items: row by row.
        columns: of tiles; 1 for a single picture.
        size: (width, height); None for a single picture.
        transforms: name of the property ("irot", "imir") and its value, in order of application.
    """

    items: tuple[int, ...]
    columns: int
    size: tuple[int, int] | None
    transforms: tuple[tuple[bytes, int], ...]


def is_heic(content: bytes) -> bool:
    """Whether this is a HEIC file; AVIF, which has the same container, is not."""
    if content[4:8] != b"ftyp" or len(content) < 16:
        return False
    (size,) = struct.unpack(">I", content[:4])
    brands = {content[8:12], *(content[at : at + 4] for at in range(16, min(size, 256), 4))}
    names = {brand.decode("latin-1") for brand in brands}
    return bool(names & BRANDS) and not names & {"avif", "avis"}


def read_heic(content: bytes, name: str) -> RgbPicture:
    """The picture, uint8, `(height, width, 3)`, RGB, upright.

    Args:
        name: of the file, for the message.
    Raises:
        MediaError: it is damaged, or of an unsupported structure.
    """
    try:
        grid = _grid(content)
        tiles = _decoded(content)
        picture = _assembled(grid, tiles)
    except (*_DAMAGE, av.error.FFmpegError) as error:
        raise MediaError(
            f"{name} is a HEIC picture that cannot be put together.", advice=ADVICE
        ) from error
    for transform, value in grid.transforms:
        picture = _transformed(picture, transform, value)
    return np.ascontiguousarray(picture)


def _decoded(content: bytes) -> dict[int, RgbPicture]:
    """Item -> its picture."""
    found: dict[int, RgbPicture] = {}
    with av.open(io.BytesIO(content)) as container:
        for packet in container.demux(video=tuple(range(len(container.streams.video)))):
            for frame in packet.decode():
                found.setdefault(packet.stream.id, frame.to_ndarray(format="rgb24"))
    return found


def _assembled(grid: _Grid, tiles: Mapping[int, RgbPicture]) -> RgbPicture:
    if grid.size is None:
        return tiles[grid.items[0]]
    rows = [
        np.concatenate([tiles[item] for item in grid.items[start : start + grid.columns]], 1)
        for start in range(0, len(grid.items), grid.columns)
    ]
    width, height = grid.size
    picture = np.concatenate(rows)[:height, :width]
    if picture.shape[:2] != (height, width):
        raise ValueError(f"tiles cover {picture.shape[:2]} of {height, width}")
    return picture


def _transformed(picture: RgbPicture, transform: bytes, value: int) -> RgbPicture:
    if transform == b"imir":
        return picture[:, ::-1] if value & 1 == _LEFT_TO_RIGHT else picture[::-1]
    rotation = _ROTATIONS.get(value & 3)
    if rotation is None:
        return picture
    return np.asarray(cv2.rotate(picture, rotation), dtype=np.uint8)


def _grid(content: bytes) -> _Grid:
    """The grid of the file's primary picture, from its boxes."""
    meta = dict(_boxes(dict(_boxes(content))[b"meta"][4:]))
    main = _number(meta[b"pitm"], 4, 4 if meta[b"pitm"][0] else 2)
    transforms = tuple(_transforms_of(main, dict(_boxes(meta[b"iprp"]))))
    if _kinds(meta[b"iinf"])[main] != b"grid":
        return _Grid((main,), 1, None, transforms)
    items = _tiles_of(main, meta[b"iref"])
    grid = _bytes_of(main, content, meta)
    _, flags, rows, columns = struct.unpack(">BBBB", grid[:4])
    width, height = struct.unpack(">II" if flags & 1 else ">HH", grid[4:])
    if width * height > MOST_PIXELS or len(items) != (rows + 1) * (columns + 1):
        raise ValueError(f"{len(items)} tiles for a grid of {width} x {height}")
    return _Grid(items, columns + 1, (width, height), transforms)


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and content of each box, without its header."""
    at = 0
    while at + 8 <= len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        start = at + 8
        if size == 1:
            (size,) = struct.unpack(">Q", content[start : start + 8])
            start += 8
        end = len(content) if size == 0 else at + size
        if end < start:
            raise ValueError("a box ends before it starts")
        yield name, content[start:end]
        at = end


def _number(content: bytes, at: int, size: int) -> int:
    if at + size > len(content):
        raise IndexError("beyond the end of a box")
    return int.from_bytes(content[at : at + size], "big")


def _kinds(iinf: bytes) -> dict[int, bytes]:
    """Item -> its type: "hvc1", "grid"."""
    found = {}
    for name, entry in _boxes(iinf[6 if iinf[0] == 0 else 8 :]):
        if name == b"infe" and entry[0] >= 2:
            id_size = 2 if entry[0] == 2 else 4
            found[_number(entry, 4, id_size)] = entry[6 + id_size : 10 + id_size]
    return found


def _tiles_of(item: int, iref: bytes) -> tuple[int, ...]:
    id_size = 4 if iref[0] else 2
    for name, entry in _boxes(iref[4:]):
        if name == b"dimg" and _number(entry, 0, id_size) == item:
            count = _number(entry, id_size, 2)
            starts = (id_size + 2 + id_size * tile for tile in range(count))
            return tuple(_number(entry, start, id_size) for start in starts)
    raise KeyError(item)


def _transforms_of(item: int, iprp: Mapping[bytes, bytes]) -> Iterator[tuple[bytes, int]]:
    properties = list(_boxes(iprp[b"ipco"]))
    ipma = iprp[b"ipma"]
    id_size, index_size = (2 if ipma[0] == 0 else 4), (2 if ipma[3] & 1 else 1)
    at = 8
    for _ in range(_number(ipma, 4, 4)):
        owner, count = _number(ipma, at, id_size), _number(ipma, at + id_size, 1)
        at += id_size + 1
        for _ in range(count):
            index = _number(ipma, at, index_size) & (0x7F if index_size == 1 else 0x7FFF)
            at += index_size
            if owner == item and index:
                name, value = properties[index - 1]
                if name in {b"irot", b"imir"}:
                    yield name, value[0]


def _bytes_of(item: int, content: bytes, meta: Mapping[bytes, bytes]) -> bytes:
    """The bytes of an item in one extent: in the file, or in "idat" for small ones."""
    iloc = meta[b"iloc"]
    version = iloc[0]
    offset_size, length_size = iloc[4] >> 4, iloc[4] & 15
    base_size, index_size = iloc[5] >> 4, (iloc[5] & 15 if version else 0)
    id_size = 4 if version == 2 else 2
    count, at = _number(iloc, 6, id_size), 6 + id_size
    for _ in range(count):
        owner = _number(iloc, at, id_size)
        at += id_size
        in_idat = bool(version and _number(iloc, at, 2) & 1)
        at += 4 if version else 2  # with the reference to another file, which is unused
        base, at = _number(iloc, at, base_size), at + base_size
        extents, at = _number(iloc, at, 2), at + 2
        start = base + _number(iloc, at + index_size, offset_size)
        size = _number(iloc, at + index_size + offset_size, length_size)
        at += extents * (index_size + offset_size + length_size)
        if owner == item:
            return (meta[b"idat"] if in_idat else content)[start : start + size]
    raise KeyError(item)
