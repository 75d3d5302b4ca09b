"""What goes wrong when files are damaged, whichever library notices, and how it is told."""

from __future__ import annotations

import lzma
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


def as_text(name: str) -> str:
    """A file's name as one line of text: some disks allow names that are no Unicode, or several."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in name)


def in_short(error: BaseException) -> str:
    """What an error says, in a few words: some repeat the whole damaged file."""
    said = as_text(" ".join(str(error).split())).rstrip(" .")
    shown = said if len(said) <= _MOST_SAID else f"{said[:_MOST_SAID]}..."
    return f"{type(error).__name__}: {shown}" if isinstance(error, LookupError) else shown
