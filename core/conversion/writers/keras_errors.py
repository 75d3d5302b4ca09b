"""Translates errors of TensorFlow, its converters and the disk into Mien's."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import tensorflow as tf
from tensorflow.lite.python.convert_phase import ConverterError

from core.domain.errors import UnwritableFormat

# Raised by the converters for a network with something they do not support.
_CONVERTER_ERRORS: tuple[type[Exception], ...] = (
    ConverterError,
    NotImplementedError,
    ValueError,
    RuntimeError,
    AttributeError,
    LookupError,
    TypeError,
    AssertionError,
)
_OPERATION = re.compile(r"(?:'(?:tf|tfl)\.(\w+)' op|Tensorflow op \[[^:\]]*: (\w+)\])")


@contextmanager
def translate_full_disk() -> Iterator[None]:
    """Raise TensorFlow's own error for a full disk as an OSError."""
    try:
        yield
    except tf.errors.OpError as error:
        if "No space left on device" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise


@contextmanager
def translate_converter_errors(title: str) -> Iterator[None]:
    """Raise a converter's error as UnwritableFormat, which names the operation if it is known.

    Args:
        title: display name of the format.
    Raises:
        UnwritableFormat: in place of what the converter raised.
    """
    try:
        yield
    except _CONVERTER_ERRORS as error:
        raise unwritable(title, str(error)) from error


def unwritable(title: str, message: str) -> UnwritableFormat:
    """The error for a format, with the operation that has no counterpart if `message` names one."""
    names = sorted({one or other for one, other in _OPERATION.findall(message)})
    if names:
        reason = f"has no counterpart for {', '.join(names)}"
    else:
        reason = f"cannot express this network ({' '.join(message.split())[:160]})"
    return UnwritableFormat(
        f"{title} {reason}.", advice="Choose another format, or build the network without it."
    )
