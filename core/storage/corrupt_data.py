"""The exceptions that libraries raise over damaged files, and their messages."""

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
    NotImplementedError,  # an unsupported compression
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
)
"""Raised while files are opened, decompressed and read."""

DAMAGED_CONTENT: tuple[type[Exception], ...] = (
    *DAMAGED_BYTES,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,  # a number too large for its column
    SyntaxError,  # numpy's file headers are Python literals
    tokenize.TokenError,
    RecursionError,  # deeply nested brackets
    MemoryError,  # an array whose damaged header claims a huge shape
)
"""Raised as well while stored values are parsed."""

_LONGEST_MESSAGE = 160


def is_disk_full(error: BaseException) -> bool:
    """Whether the disk is full, or the user's quota is used up."""
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


def printable(name: str) -> str:
    """A file's name as one printable line: some disks allow any bytes in a name."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in name)


def short_message(error: BaseException) -> str:
    """An error's message, shortened: some quote the whole damaged file."""
    message = printable(" ".join(str(error).split())).rstrip(" .")
    shown = message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}..."
    return f"{type(error).__name__}: {shown}" if isinstance(error, LookupError) else shown


_PNG = b"\x89PNG\r\n\x1a\n"


def may_be_decoded(content: bytes, *, most_pixels: int) -> bool:
    """Whether it is safe to decode with OpenCV: a PNG whose damaged length claims 4 GB costs it
    4 GB and 20 s.

    Args:
        content: of a picture file; other formats than PNG are not checked.
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
