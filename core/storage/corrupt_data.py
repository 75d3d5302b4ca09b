"""What goes wrong when files are damaged, whichever library notices, and how it is told."""

from __future__ import annotations

import errno
import lzma
import struct
import tarfile
import tokenize
import zipfile
import zlib

DAMAGED_BYTES: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    UnicodeError,
    NotImplementedError,  # a way of packing that nobody here unpacks
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
)
"""Raised while files are opened, unpacked and read."""

DAMAGED_CONTENT: tuple[type[Exception], ...] = (
    *DAMAGED_BYTES,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,  # a number too large for its column
    SyntaxError,  # numpy writes the heads of its files as Python
    tokenize.TokenError,
    RecursionError,  # brackets in brackets without end
    MemoryError,  # an array whose damaged header asks for more than there is
)
"""Raised as well while something we wrote is made into values again."""

_MOST_SAID = 160


def is_disk_full(error: BaseException) -> bool:
    """Whether there is no room left, or no more of it for whoever runs this."""
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


def as_text(name: str) -> str:
    """A file's name as one line of text: some disks allow names that are no Unicode, or several."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in name)


def in_short(error: BaseException) -> str:
    """What an error says, in a few words: some repeat the whole damaged file."""
    said = as_text(" ".join(str(error).split())).rstrip(" .")
    shown = said if len(said) <= _MOST_SAID else f"{said[:_MOST_SAID]}..."
    return f"{type(error).__name__}: {shown}" if isinstance(error, LookupError) else shown


_PNG = b"\x89PNG\r\n\x1a\n"


def may_be_decoded(content: bytes, *, most_pixels: int) -> bool:
    """Whether OpenCV may try: a PNG whose damaged length claims 4 GB costs it 4 GB and 20 s.

    Args:
        content: of a picture's file; one of another kind is left to OpenCV.
        most_pixels: a larger PNG is refused.
    """
    if not content.startswith(_PNG):
        return True
    wide, high = struct.unpack(">II", content[16:24].ljust(8, b"\0"))
    at = len(_PNG)
    while at + 8 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        if length > len(content) - at:
            return False
        at += length + 12  # with length, name and checksum
    return bool(wide * high <= most_pixels)
