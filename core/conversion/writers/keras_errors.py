"""What TensorFlow, its converters and the disk refuse, said as errors of ours."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import tensorflow as tf
from tensorflow.lite.python.convert_phase import ConverterError

from core.domain.errors import UnwritableFormat

# What the converters raise where a network holds something they do not know.
_REFUSALS: tuple[type[Exception], ...] = (
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
def full_disk_told() -> Iterator[None]:
    """TensorFlow has errors of its own for it, which nobody above knows."""
    try:
        yield
    except tf.errors.OpError as error:
        if "No space left on device" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise


@contextmanager
def refusals_told(title: str) -> Iterator[None]:
    """A converter's refusal in one sentence, which names the operation where it says which.

    Args:
        title: of the format, for people.
    Raises:
        UnwritableFormat: in place of what the converter raised.
    """
    try:
        yield
    except _REFUSALS as error:
        raise unwritable(title, str(error)) from error


def unwritable(title: str, said: str) -> UnwritableFormat:
    """The refusal of a format, with the operation that has no counterpart if `said` names one."""
    names = sorted({one or other for one, other in _OPERATION.findall(said)})
    if names:
        reason = f"has no counterpart for {', '.join(names)}"
    else:
        reason = f"cannot express this network ({' '.join(said.split())[:160]})"
    return UnwritableFormat(
        f"{title} {reason}.", advice="Choose another format, or build the network without it."
    )
