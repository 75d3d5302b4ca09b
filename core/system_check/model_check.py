"""Checks whether every saved model can be used, by loading it in a separate process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from core.domain.counted import counted
from core.domain.plain_values import from_plain, parse_json
from core.models import model_names
from core.system_check import probe
from core.system_check.app_checks import CheckResult

_LONGEST_ERROR = 160  # characters of the last line of a process that crashed
_RESTORE = "Restore its folder from where it came from, or delete it."
_TRY_AGAIN = "Close other programs and check again."


def check_models(models_dir: Path, python: str = sys.executable) -> list[CheckResult]:
    """Check each saved model, by name; takes about a second.

    Args:
        python: the interpreter.
    """
    names, found = model_names(models_dir), list[CheckResult]()
    while len(found) < len(names):
        waiting = names[len(found) :]
        results, error, advice = _probe(models_dir, waiting, python)
        found += results
        if len(results) < len(waiting):  # the next one ended the process, and others still wait
            found.append(CheckResult(waiting[len(results)], False, error, advice))
    return found


def start_models_check(models_dir: Path) -> Future[list[CheckResult]]:
    """The same in the background."""
    return probe.in_background(lambda: check_models(models_dir))


def summarise_models(models_dir: Path, found: Sequence[CheckResult]) -> CheckResult:
    """The results in one line: how many models work."""
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
    """The checks that passed."""
    return [one for one in found if one.ok]


def broken(found: Sequence[CheckResult]) -> list[CheckResult]:
    """The checks that failed."""
    return [one for one in found if not one.ok]


def _probe(
    models_dir: Path, names: Sequence[str], python: str
) -> tuple[list[CheckResult], str, str]:
    """Results for the first of these, in order; why there are no more, and what to do."""
    request = json.dumps({"models_dir": str(models_dir.resolve()), "names": list(names)})
    try:
        done = probe.run_probe("core.system_check.model_probe", python=python, request=request)
    except subprocess.TimeoutExpired as error:
        output = error.stdout.decode() if isinstance(error.stdout, bytes) else error.stdout or ""
        return _parsed(output), f"No response within {probe.TIMEOUT_S:.0f} seconds.", _TRY_AGAIN
    except OSError as error:
        return (
            [],
            f"The process to open it could not be started: {error.strerror or error}.",
            _TRY_AGAIN,
        )
    last = (done.stderr.strip().splitlines() or ["without output"])[-1][:_LONGEST_ERROR]
    if done.returncode < 0:
        last = f"signal {-done.returncode}"
    return _parsed(done.stdout), f"The process that opened it ended early: {last}.", _RESTORE


def _parsed(output: str) -> list[CheckResult]:
    """Results of a probe's output; an incomplete last line is ignored."""
    lines = output.splitlines(keepends=True)
    return [from_plain(CheckResult, parse_json(line)) for line in lines if line.endswith("}\n")]
