"""Opens a file in the runtime that its users will have."""

from __future__ import annotations

from pathlib import Path

from core.conversion.formats import Runtime
from core.models.runtimes import Engine, open_engine


def open_in_runtime(runtime: Runtime, path: Path, *, threads: int) -> Engine:
    """Open a file in its runtime.

    TensorFlow is imported here for the two runtimes that need it: in workers only.

    Args:
        threads: CPU threads; TensorFlow keeps its first setting.
    Raises:
        DamagedModel: the runtime cannot use the file.
    """
    if runtime is Runtime.KERAS:
        from core.conversion.writers.keras_runtimes import KerasEngine
        from core.models.runtimes.keras_file import load_network

        return KerasEngine(load_network(path))
    if runtime is Runtime.SAVED_MODEL:
        from core.conversion.writers.keras_runtimes import SavedModelEngine

        return SavedModelEngine(path)
    return open_engine(path, threads=threads)
