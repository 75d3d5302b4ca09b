"""Whether every saved model can be used: each is opened in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from core.domain.counted import counted
from core.models import model_names
from core.system_check import probe
from core.system_check.app_checks import CheckResult

_MOST_WORDS = 160  # of what a process that broke said last
_RESTORE = "Restore its folder from where it came from, or delete it."
_TRY_AGAIN = "Close other programs and check again."


def check_models(models_dir: Path, python: str = sys.executable) -> list[CheckResult]:
    """Each model there is, by name; about a second, and nothing where there are none.

    Args:
        python: the interpreter to ask.
    """
    names, found = model_names(models_dir), list[CheckResult]()
    while len(found) < len(names):
        waiting = names[len(found) :]
        told, why, remedy = _ask(models_dir, waiting, python)
        found += told
        if len(told) < len(waiting):  # the next one ended the process, and others still wait
            found.append(CheckResult(waiting[len(told)], False, why, remedy))
    return found


def ask_models(models_dir: Path) -> Future[list[CheckResult]]:
    """The same without waiting: they are opened in the background."""
    return probe.in_background(lambda: check_models(models_dir))


def summarise_models(models_dir: Path, found: Sequence[CheckResult]) -> CheckResult:
    """All models in one line: how many of them work."""
    if not found:
        return CheckResult(
            "Models",
            False,
            f"There is no model in {models_dir.name}/.",
            "Restore the shipped ones, or train one: python -m core train --help.",
        )
    good = len(working(found))
    verb = "works" if good == 1 else "work"
    if good == len(found):
        all_of = "The only one" if good == 1 else f"All {good:,}"
        return CheckResult("Models", True, f"{all_of} {verb}.")
    return CheckResult("Models", False, f"{good:,} of {counted(len(found), 'model')} {verb}.")


def working(found: Sequence[CheckResult]) -> list[CheckResult]:
    """Those that can be used."""
    return [one for one in found if one.ok]


def broken(found: Sequence[CheckResult]) -> list[CheckResult]:
    """Those that need doing something about."""
    return [one for one in found if not one.ok]


def _ask(models_dir: Path, names: Sequence[str], python: str) -> tuple[list[CheckResult], str, str]:
    """What the process said of the first of these, in order; why it said no more, what to do."""
    asked = json.dumps({"models_dir": str(models_dir.resolve()), "names": list(names)})
    try:
        done = probe.run_probe("core.system_check.model_probe", python=python, asked=asked)
    except subprocess.TimeoutExpired as error:
        said = error.stdout.decode() if isinstance(error.stdout, bytes) else error.stdout or ""
        return _told(said), f"No response within {probe.PROBE_GIVES_UP_S:.0f} seconds.", _TRY_AGAIN
    except OSError as error:
        return (
            [],
            f"The process to open it could not be started: {error.strerror or error}.",
            _TRY_AGAIN,
        )
    last = (done.stderr.strip().splitlines() or ["without output"])[-1][:_MOST_WORDS]
    if done.returncode < 0:
        last = f"signal {-done.returncode}"
    return _told(done.stdout), f"The process that opened it ended early: {last}.", _RESTORE


def _told(said: str) -> list[CheckResult]:
    """A line that was cut off is left out."""
    lines = said.splitlines(keepends=True)
    return [CheckResult(**json.loads(line)) for line in lines if line.endswith("}\n")]
