"""Checks of this machine: Python, packages, disk, memory, TensorFlow."""

from __future__ import annotations

import platform
import re
import shutil
import socket
import subprocess
import sys
from concurrent.futures import Future
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from core.domain.counted import counted
from core.domain.plain_values import parse_json
from core.settings import PROJECT_DIR, Settings
from core.system_check.app_checks import CheckResult
from core.system_check.probe import in_background, run_probe

MIN_PYTHON, FIRST_UNSUPPORTED_PYTHON = (3, 11), (3, 14)
LEAST_FREE_BYTES = 2 * 2**30
"""A decoded dataset, a training's checkpoint and a model take less than half of it."""
LEAST_MEMORY_BYTES = 4 * 2**30
"""A training of the shipped recipe takes 2 GB beside the app's own."""

APP_PORT = 8501
"""Where `make run` opens the app unless PORT says otherwise."""

_SERVING, _TRAINING = "requirements-serve.txt", "requirements.txt"
_PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)\s*(?:;\s*(.*))?")


@dataclass(frozen=True)
class PackageVersion:
    """A package that Mien depends on.

    Attributes:
        name: as in the requirements file.
        installed: its version here; empty where it is missing.
        pinned: the version that Mien was tested with.
    """

    name: str
    installed: str
    pinned: str


def check_machine(settings: Settings) -> list[CheckResult]:
    """Python, packages, disk and memory; takes no time."""
    return [
        _python(),
        _packages("Packages", _SERVING),
        _packages("Packages for training", _TRAINING),
        _disk(settings.data_dir),
        _memory(),
    ]


def check_port(port: int) -> CheckResult:
    """Whether a port of this machine is free for the app.

    Args:
        port: a number up to 65535.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        taken = client.connect_ex(("127.0.0.1", port)) == 0
    if taken:
        return CheckResult(
            "Port",
            True,
            f"Port {port} is in use, by Mien itself if it is running.",
            f"Use another port for a second one: make run PORT={port + 1}.",
        )
    return CheckResult("Port", True, f"Port {port} is free.")


def served_port(address: str) -> list[CheckResult]:
    """The port that a page was served from; nothing where its address has none.

    Args:
        address: of the page, such as `http://localhost:8501/home`; empty if unknown.
    """
    port = urlsplit(address).port
    return [] if port is None else [CheckResult("Port", True, f"Mien runs on port {port}.")]


def package_versions() -> list[PackageVersion]:
    """Every package that is pinned for this system, by name."""
    pins = dict(pin for file in (_SERVING, _TRAINING) for pin in pins_of(PROJECT_DIR / file))
    return [
        PackageVersion(name, _installed(name), pins[name]) for name in sorted(pins, key=str.lower)
    ]


def check_tensorflow(python: str = sys.executable) -> CheckResult:
    """Whether TensorFlow works, and on which device; run in a separate process, some seconds.

    Args:
        python: the interpreter.
    """
    name = "TensorFlow"
    try:
        done = run_probe("core.system_check.keras_probe", python=python)
    except (OSError, subprocess.TimeoutExpired) as error:
        return CheckResult(name, False, f"No response: {type(error).__name__}.", _TRY_AGAIN)
    try:
        found = parse_json(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        last = (done.stderr.strip().splitlines() or ["it ended without output"])[-1]
        return CheckResult(name, False, f"It cannot be used: {last[:160]}.", _INSTALL)
    if not found["works"]:
        return CheckResult(name, False, "Its results are wrong on this machine.", _INSTALL)
    gpus = found["gpus"]
    where = f"computes on {counted(len(gpus), 'GPU')}" if gpus else "found no GPU; the CPU"
    works = "" if gpus else " trains"
    return CheckResult(name, True, f"{found['version']} works and {where}{works}.")


def start_tensorflow_check() -> Future[CheckResult]:
    """The same in the background."""
    return in_background(check_tensorflow)


_TRY_AGAIN = "Close other programs and check again."
_INSTALL = "Reinstall it: make clean, then make run. The camera and Sessions work without it."


def _python() -> CheckResult:
    found = sys.version_info[:2]
    sentence = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}."
    if MIN_PYTHON <= found < FIRST_UNSUPPORTED_PYTHON:
        return CheckResult("Python", True, sentence)
    return CheckResult(
        "Python",
        False,
        sentence,
        "Mien needs Python 3.11 to 3.13: make PYTHON=/path/to/python3.12.",
    )


def _packages(name: str, file: str) -> CheckResult:
    """Whether the installed versions are the pinned ones."""
    different = [one for pin in pins_of(PROJECT_DIR / file) if (one := _differs(*pin))]
    if not different:
        count = len(pins_of(PROJECT_DIR / file))
        return CheckResult(
            name, True, f"All {count} are installed in the versions pinned in {file}."
        )
    more = f" and {len(different) - 4} more" if len(different) > 4 else ""
    shown = ", ".join(different[:4]) + more
    return CheckResult(
        name,
        False,
        f"Versions differ from {file}: {shown}.",
        f"Install them: python -m pip install -r {file}.",
    )


def pins_of(path: Path) -> list[tuple[str, str]]:
    """Names and versions that a requirements file pins on this system."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        pin = _PIN.fullmatch(line.strip())
        if pin is not None and _holds(pin[3] or ""):
            found.append((pin[1], pin[2]))
    return found


def _holds(marker: str) -> bool:
    """Evaluate an environment marker; our files test the platform only."""
    found = re.fullmatch(r"""sys_platform\s*(==|!=)\s*["'](\w+)["']""", marker.strip())
    return found is None or (sys.platform == found[2]) == (found[1] == "==")


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _differs(name: str, pinned: str) -> str:
    installed = _installed(name)
    if not installed:
        return f"{name} is missing"
    return "" if installed == pinned else f"{name} {installed} instead of {pinned}"


def _disk(folder: Path) -> CheckResult:
    existing = next(one for one in (folder, *folder.parents) if one.exists())
    free = shutil.disk_usage(existing).free
    sentence = f"{free / 2**30:,.0f} GB are free on the disk of data/."
    if free >= LEAST_FREE_BYTES:
        return CheckResult("Disk", True, sentence)
    return CheckResult(
        "Disk",
        False,
        sentence,
        "Free some space, or set MIEN_DATA_DIR to a folder on a larger disk.",
    )


def _memory() -> CheckResult:
    total, cores = psutil.virtual_memory().total, psutil.cpu_count() or 1
    sentence = f"{total / 2**30:,.0f} GB of memory, {counted(cores, 'CPU core')}."
    if total >= LEAST_MEMORY_BYTES:
        return CheckResult("Memory", True, sentence)
    return CheckResult(
        "Memory", False, sentence, "The camera works; train on a machine with 4 GB or more."
    )
