"""`python -m core ...` as a person types it, in a process that has imported the commands already.

To import them takes two seconds of processor. Each command is a process of its own all the same: a
fork of one that did nothing else, with its own environment, input and output.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from core.cli.app import COMMANDS
from core.settings import PROJECT_DIR
from tests.processes import plain_main


@dataclass(frozen=True)
class Typed:
    """What came of a command, as `subprocess.run` tells it."""

    returncode: int
    stdout: str
    stderr: str


def type_in(folder: Path, environment: Mapping[str, str], *words: str) -> Typed:
    """Run a command, and wait for it; `folder` is where its words are kept meanwhile."""
    forks = get_context("forkserver")
    forks.set_forkserver_preload(
        ["core.cli.app", *sorted({one.module for one in COMMANDS.values()})]
    )
    out, err = folder / "typed.out", folder / "typed.err"
    process = forks.Process(target=_become, args=(words, dict(environment), out, err))
    with plain_main():
        process.start()
    process.join()
    assert process.exitcode is not None
    return Typed(process.exitcode, out.read_text("utf-8"), err.read_text("utf-8"))


def _become(words: tuple[str, ...], environment: dict[str, str], out: Path, err: Path) -> None:
    assert "core.cli.recordings" in sys.modules, "the commands were not imported before"
    assert threading.active_count() == 1, "a fork has none of the threads of its origin"
    os.setsid()
    os.chdir(PROJECT_DIR)
    wanted = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    written = (os.open(os.devnull, os.O_RDONLY), os.open(out, wanted), os.open(err, wanted))
    for number, one in enumerate(written):
        os.dup2(one, number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [str(PROJECT_DIR / "core" / "__main__.py"), *words]
    sys.modules["core.cli.app"].app()
