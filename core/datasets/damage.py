"""What goes wrong when files are damaged, whichever library notices."""

from __future__ import annotations

import lzma
import zipfile
import zlib

DAMAGED_BYTES: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    UnicodeError,
    NotImplementedError,  # a way of packing that nobody here unpacks
    zipfile.BadZipFile,
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
    RecursionError,  # brackets in brackets without end
    MemoryError,  # an array whose damaged header asks for more than there is
)
"""Raised as well while something we wrote is made into values again."""
