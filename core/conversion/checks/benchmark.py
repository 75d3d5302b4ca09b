"""Benchmarks a file's latency on this machine.

CPU time is measured, not wall-clock time: other processes run at the same time, and with one thread
the two agree on an idle machine. Windows counts CPU time in steps of 16 ms, so wall-clock time is
used there.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.conversion.formats import Runtime
from core.domain import ModelCard
from core.models import Latency, Speed
from core.models.runtimes import Engine, preprocess

Clock = Callable[[], float]
"""CPU time of this process in seconds, all threads together."""

CPU_CLOCK: Clock = time.perf_counter if sys.platform == "win32" else time.process_time
"""The clock for benchmarks on this system."""

FEW, MANY = 1, 32
# Enough calls for a median that another process' use of the caches hardly moves.
_WARM_UP, _MAX_CALLS, _MIN_CALLS = 10, 1000, 12
_MAX_S = 1.0  # slower networks are measured on `_MIN_CALLS` calls
_LOADS = 3
_CPU_INFO = Path("/proc/cpuinfo")  # Linux only


def measure(
    load: Callable[[], Engine], pixels: NDArray[np.uint8], card: ModelCard, *, clock: Clock
) -> Speed:
    """Benchmark loading a file and predicting with it.

    Args:
        load: opens it, with one thread; its runtime is imported already.
        pixels: grey pictures, uint8 `(n, side, side)`; n is 1 or more.
        clock: CPU time in seconds.
    """
    faces = preprocess(np.resize(pixels, (MANY, *pixels.shape[1:])), card.input)
    load_before = _load_average()
    loads, model = [], load()
    for _ in range(_LOADS):
        started = clock()
        model = load()
        model.predict(faces[:FEW])
        loads.append(clock() - started)
    return Speed(
        load_ms=round(float(np.median(loads)) * 1000, 2),
        one=_latency(model, faces[:FEW], clock),
        many=_latency(model, faces, clock),
        machine=machine(),
        load_average=round(max(load_before, _load_average()), 2),
    )


def machine() -> str:
    """A description of the processor, its cores and the system."""
    cores = os.cpu_count() or 1
    named = "1 core" if cores == 1 else f"{cores} cores"
    return f"{_processor()}, {named}, {platform.system()} {platform.machine()}"


def versions_of(runtime: Runtime) -> tuple[str, ...]:
    """Packages a runtime requires, pinned to the installed versions, numpy included."""
    return tuple(_pinned([*runtime.packages, "numpy"]))


def _latency(model: Engine, faces: NDArray[np.float32], clock: Clock) -> Latency:
    for _ in range(_WARM_UP):
        model.predict(faces)
    durations: list[float] = []
    started = clock()
    while len(durations) < _MAX_CALLS and (
        len(durations) < _MIN_CALLS or clock() - started < _MAX_S
    ):
        before = clock()
        model.predict(faces)
        durations.append(clock() - before)
    median, p95 = np.percentile(np.array(durations) * 1000, [50, 95])
    return Latency(round(float(median), 4), round(float(p95), 4))


def _processor() -> str:
    try:
        lines = _CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()


def _load_average() -> float:
    try:
        return os.getloadavg()[0]
    except (OSError, AttributeError):  # Windows has none
        return -1.0


def _pinned(packages: Sequence[str]) -> list[str]:
    found = []
    for name in packages:
        try:
            found.append(f"{name}=={version(name)}")
        except PackageNotFoundError:
            # macOS has the same TensorFlow under its plain name.
            plain = name.removesuffix("-cpu")
            if plain != name:
                found += _pinned([plain])
    return found
