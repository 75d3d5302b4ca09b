"""How large and how quick a file is here.

Time is counted in seconds of the processor, not on the wall: this machine does other things at the
same time, and with one thread the two agree on a machine that has nothing else to do. Windows
counts those seconds in steps of 16 ms, so there it is the wall's after all.
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
"""Seconds of the processor that this process has used, all its threads together."""

OWN_TIME: Clock = time.perf_counter if sys.platform == "win32" else time.process_time
"""The clock to measure by on this system."""

FEW, MANY = 1, 32
# Long enough to see past a moment in which another process took the caches.
_WARM_UP, _CALLS, _FEWEST = 10, 1000, 12
_MOST_S = 1.0  # a network of a second a picture is then measured on a dozen calls
_OPENINGS = 3
_CPU_FACTS = Path("/proc/cpuinfo")  # Linux only


def measure(
    load: Callable[[], Engine], pixels: NDArray[np.uint8], card: ModelCard, *, clock: Clock
) -> Speed:
    """Open a file and ask it again and again.

    Args:
        load: opens it, with one thread; its runtime is imported already.
        pixels: grey pictures, uint8 `(n, side, side)`; n is 1 or more.
        clock: seconds of the processor.
    """
    faces = preprocess(np.resize(pixels, (MANY, *pixels.shape[1:])), card.input)
    load_before = _load_average()
    loads, model = [], load()
    for _ in range(_OPENINGS):
        began = clock()
        model = load()
        model.answer(faces[:FEW])
        loads.append(clock() - began)
    return Speed(
        load_ms=round(float(np.median(loads)) * 1000, 2),
        one=_latency(model, faces[:FEW], clock),
        many=_latency(model, faces, clock),
        machine=machine(),
        load_average=round(max(load_before, _load_average()), 2),
    )


def machine() -> str:
    """Processor, its cores and the system, for people."""
    cores = os.cpu_count() or 1
    named = "1 core" if cores == 1 else f"{cores} cores"
    return f"{_processor()}, {named}, {platform.system()} {platform.machine()}"


def versions_of(runtime: Runtime) -> tuple[str, ...]:
    """Packages a runtime takes, pinned as they are installed here, numpy included."""
    return tuple(_pinned([*runtime.packages, "numpy"]))


def _latency(model: Engine, faces: NDArray[np.float32], clock: Clock) -> Latency:
    for _ in range(_WARM_UP):
        model.answer(faces)
    taken: list[float] = []
    began = clock()
    while len(taken) < _CALLS and (len(taken) < _FEWEST or clock() - began < _MOST_S):
        before = clock()
        model.answer(faces)
        taken.append(clock() - before)
    median, p95 = np.percentile(np.array(taken) * 1000, [50, 95])
    return Latency(round(float(median), 4), round(float(p95), 4))


def _processor() -> str:
    try:
        lines = _CPU_FACTS.read_text(encoding="utf-8", errors="replace").splitlines()
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
