"""TensorBoard over all runs: one process per installation, on this machine only.

It reads the event files in the runs' folders and makes no other connections: its web page includes
its fonts and scripts (checked with strace and in a browser; docs/decisions.md).
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
from core.settings import PROJECT_DIR, Settings
from core.training.monitoring.tensorboard_links import link_runs

HOST = "127.0.0.1"
"""Loopback only: it has no authentication."""

STARTS_WITHIN_S = 30.0  # 3 s here; a slow disk may take long to read a hundred files
_POLL_INTERVAL_S = 0.1
_LEASE_WITHIN_S = 10.0  # until it holds its lease
_RELINK_EVERY_S = 5.0  # as often as TensorBoard itself looks for runs
_LEASE, _ADDRESS, _LAUNCHED, _CONSOLE = "lease", "address", "launched", "console.log"
_LINKS = "runs"


def is_installed() -> bool:
    """Whether the package is installed; requirements-serve.txt leaves it out."""
    return find_spec("tensorboard") is not None


def address(settings: Settings) -> str:
    """Its address, such as http://127.0.0.1:6006/; empty while it is not running."""
    return label_of(_folder(settings) / _ADDRESS)


def is_starting(settings: Settings, *, now: datetime) -> bool:
    """Whether it was started and does not answer yet."""
    if address(settings):
        return False
    folder = _folder(settings)
    try:
        launched_s = (folder / _LAUNCHED).stat().st_mtime
    except OSError:
        return False
    return is_held(folder / _LEASE) or now.timestamp() - launched_s < _LEASE_WITHIN_S


def start(settings: Settings) -> None:
    """Start it, unless it is running; it answers some seconds later, see `address`.

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
        with (folder / _CONSOLE).open("wb") as console:
            server = subprocess.Popen(
                [
                    *(sys.executable, "-m", "core.training.monitoring.tensorboard"),
                    *(str(settings.runs_dir), str(folder)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                cwd=PROJECT_DIR,
                **DETACHED,
            )
    except OSError as error:
        raise RunError(
            f"TensorBoard cannot be started: {error.strerror or error}.",
            advice="Check free memory and disk space.",
        ) from error
    # A child has to be waited for, or it stays in the process table when it has ended.
    Thread(target=server.wait, name="reap TensorBoard", daemon=True).start()


def wait_for_address(settings: Settings, *, give_up_after_s: float = STARTS_WITHIN_S) -> str:
    """The address as soon as it answers; for callers that may block, such as a command.

    Raises:
        RunError: it did not answer in time.
    """
    deadline = monotonic() + give_up_after_s
    while not (found := address(settings)):
        if monotonic() > deadline:
            raise RunError(
                f"TensorBoard did not answer within {give_up_after_s:.0f} s.",
                advice=f"Look into {_folder(settings) / _CONSOLE}.",
            )
        sleep(_POLL_INTERVAL_S)
    return found


def stop(settings: Settings) -> bool:
    """Stop it; whether it was running."""
    folder = _folder(settings)
    server = holder(folder / _LEASE)
    if server is None:
        return False
    (folder / _LAUNCHED).unlink(missing_ok=True)
    with suppress(ProcessLookupError):  # it ended in between
        os.kill(server, signal.SIGTERM)
    return True


def serve(runs_dir: Path, folder: Path) -> None:
    """Run the server until SIGTERM; returns at once if another one is running or starting.

    Args:
        folder: for the leases, see `address`.
    """
    lease = Lease(folder / _LEASE)
    if not lease.take():
        return
    from tensorboard import program

    stopped = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    server = program.TensorBoard()
    # Port 0 takes a free one.
    links_dir = folder / _LINKS
    log_dir = links_dir if _link_runs(runs_dir, links_dir) else runs_dir
    server.configure(argv=["", "--logdir", str(log_dir), "--host", HOST, "--port", "0"])
    # Taken only when the server answers, so that a published address works.
    address_lease = Lease(folder / _ADDRESS, label=server.launch())
    address_lease.take()
    while not stopped.wait(_RELINK_EVERY_S):
        _link_runs(runs_dir, links_dir)
    address_lease.release()
    lease.release()


def _link_runs(runs_dir: Path, links_dir: Path) -> bool:
    """Update the links with readable names; False if links cannot be made here."""
    try:
        link_runs(runs_dir, links_dir)
    except OSError:  # without symbolic links it shows the folders' names
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
