"""TensorBoard over all runs: one for an installation, in a process of its own, on this machine.

It reads the event files that trainings leave in their folders and looks nothing up elsewhere: its
web page brings its own fonts and scripts (seen with strace and in a browser; docs/decisions.md).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

from core.domain.errors import RunError
from core.jobs import DETACHED, Lease, is_held
from core.jobs.run_folder import holder, label_of
from core.storage.settings import PROJECT_DIR, Settings
from core.training.monitoring.tensorboard_names import name_runs

HOST = "127.0.0.1"
"""Never another: it asks nobody who they are."""

STARTS_WITHIN_S = 30.0  # 3 s here; a slow disk may take long to read a hundred files
_LOOK_EVERY_S = 0.1
_WAKES_WITHIN_S = 10.0  # until it holds its lease
_NAMES_EVERY_S = 5.0  # as often as TensorBoard itself looks for runs
_LEASE, _ADDRESS, _LAUNCHED, _CONSOLE = "lease", "address", "launched", "console.log"
_NAMED = "runs"


def is_installed() -> bool:
    """Whether the package is there; an installation for watching alone has none."""
    return find_spec("tensorboard") is not None


def address(settings: Settings) -> str:
    """Where ours answers, such as http://127.0.0.1:6006/; empty while none is alive."""
    return label_of(_folder(settings) / _ADDRESS)


def is_coming_up(settings: Settings, *, now: datetime) -> bool:
    """Whether it was started a moment ago and does not answer yet."""
    if address(settings):
        return False
    folder = _folder(settings)
    try:
        launched_s = (folder / _LAUNCHED).stat().st_mtime
    except OSError:
        return False
    return is_held(folder / _LEASE) or now.timestamp() - launched_s < _WAKES_WITHIN_S


def start(settings: Settings) -> None:
    """Start it, unless it is alive; it is up some seconds later, see `address`.

    Raises:
        RunError: it is not installed, or cannot be started.
    """
    _expect_installed()
    folder = _folder(settings)
    if is_held(folder / _LEASE):
        return
    try:
        settings.runs_dir.mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _LAUNCHED).touch()
        with (folder / _CONSOLE).open("wb") as printed:
            server = subprocess.Popen(
                [
                    *(sys.executable, "-m", "core.training.monitoring.tensorboard"),
                    *(str(settings.runs_dir), str(folder)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                cwd=PROJECT_DIR,
                **DETACHED,
            )
    except OSError as error:
        raise RunError(
            f"TensorBoard cannot be started: {error.strerror or error}.",
            advice="Check free memory and disk space.",
        ) from error
    # Somebody has to wait for a child, or it stays in the process table when it is done.
    Thread(target=server.wait, name="reap TensorBoard", daemon=True).start()


def wait_for_address(settings: Settings, *, give_up_after_s: float = STARTS_WITHIN_S) -> str:
    """The address as soon as it answers; for callers that may wait, such as a command.

    Raises:
        RunError: it did not come up.
    """
    until = monotonic() + give_up_after_s
    while not (found := address(settings)):
        if monotonic() > until:
            raise RunError(
                f"TensorBoard did not answer within {give_up_after_s:.0f} s.",
                advice=f"Look into {_folder(settings) / _CONSOLE}.",
            )
        sleep(_LOOK_EVERY_S)
    return found


def stop(settings: Settings) -> bool:
    """End ours; whether there was one."""
    folder = _folder(settings)
    server = holder(folder / _LEASE)
    if server is None:
        return False
    (folder / _LAUNCHED).unlink(missing_ok=True)
    with suppress(ProcessLookupError):  # it ended in between
        os.kill(server, signal.SIGTERM)
    return True


def serve(runs_dir: Path, folder: Path) -> None:
    """Be the server until SIGTERM; at once over where another one is alive or coming up.

    Args:
        folder: for the leases, see `address`.
    """
    alive = Lease(folder / _LEASE)
    if not alive.take():
        return
    from tensorboard import program

    stopped = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    server = program.TensorBoard()
    # Port 0 takes a free one.
    named = folder / _NAMED
    logs = named if _name(runs_dir, named) else runs_dir
    server.configure(argv=["", "--logdir", str(logs), "--host", HOST, "--port", "0"])
    # Taken when it answers already: whoever reads the address can go there.
    answering = Lease(folder / _ADDRESS, label=server.launch())
    answering.take()
    while not stopped.wait(_NAMES_EVERY_S):
        _name(runs_dir, named)
    answering.release()
    alive.release()


def _name(runs_dir: Path, named: Path) -> bool:
    """Give the runs readable names; whether that can be done here."""
    try:
        name_runs(runs_dir, named)
    except OSError:  # a system that makes no links: it shows folders then
        return False
    return True


def _expect_installed() -> None:
    if not is_installed():
        raise RunError(
            "TensorBoard is not installed here.",
            advice="Install requirements.txt: requirements-serve.txt leaves training out.",
        )


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "tensorboard"


if __name__ == "__main__":
    serve(Path(sys.argv[1]), Path(sys.argv[2]))
