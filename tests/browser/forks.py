"""Servers that begin with every library imported: forks of one process that did nothing else.

Importing takes longer than most visits. Each server is a process of its own all the same, with its
own environment, folder and pages; only libraries and `core` were imported before it began. No
server has run and no thread of ours was started in the process that they are forks of.

`python -m tests.browser.forks` is that process: a line of JSON on its input is a server to begin,
the answer is its number.
"""

from __future__ import annotations

import ast
import faulthandler
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from core.settings import PROJECT_DIR

LOOKS_EVERY_S = 0.05
# What declares caches and components where it is imported: for that a server has to be there.
BY_THE_SERVER = frozenset({"pages", "streamlit_webrtc"})
# What is imported where it is first used, later than at the head of any file.
LATER = (
    "anyio._backends._asyncio",
    "core.models.runtimes.litert",
    "core.storage.migration",
    "PIL.Image",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "plotly.io._json",
    "scipy.optimize",
    "scipy.sparse.csgraph",
    "scipy.stats",
    "sqlalchemy.dialects.sqlite",
    "streamlit.components.v2.manifest_scanner",
    "streamlit.web.bootstrap",
    "streamlit.web.cli",
    "streamlit.web.server.starlette.starlette_agent_routes",
    "uvicorn",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)


def arguments(port: int) -> list[str]:
    """What follows `streamlit` on the command line."""
    return ["run", "app.py", "--server.headless", "true", "--server.port", str(port)]


class Fork:
    """A server that is a fork; asked and waited for as `subprocess.Popen` is."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """0 once it is gone, None before."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it is gone.

        Raises:
            subprocess.TimeoutExpired: it is still there after `timeout` seconds.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while (gone := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("streamlit", timeout or 0.0)
            time.sleep(LOOKS_EVERY_S)
        return gone


class Forks:
    """The process that servers are forks of, from `with` to its end."""

    def __enter__(self) -> Self:
        self._origin = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.forks"],
            cwd=PROJECT_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._origin.communicate()  # its input ends, and so does it

    def begin(self, environment: Mapping[str, str], port: int, log: Path) -> Fork:
        """Begin a server; it answers on `port` a moment later, and writes to `log`."""
        assert self._origin.stdin is not None
        assert self._origin.stdout is not None
        order = {"environment": dict(environment), "port": port, "log": str(log)}
        self._origin.stdin.write(json.dumps(order) + "\n")
        self._origin.stdin.flush()
        answer = self._origin.stdout.readline()
        assert answer, "the process that servers are forks of is gone"
        return Fork(int(answer))


def _import_libraries() -> None:
    rooms = sorted(path.parent.name for path in (PROJECT_DIR / "core").glob("*/__init__.py"))
    for name in (*(f"core.{room}" for room in rooms), *_used_by_pages(), *LATER):
        importlib.import_module(name)
    too_early = (BY_THE_SERVER | {"tensorflow"}) & sys.modules.keys()
    assert not too_early, f"imported before any server began: {sorted(too_early)}"
    assert threading.active_count() == 1, "a fork has none of the threads of its origin"
    # What is there for good no fork looks through again, in particular not when it ends.
    gc.collect()
    gc.freeze()


def _used_by_pages() -> list[str]:
    """Every module that pages import at their heads, but what a server imports itself."""
    found: set[str] = set()
    for path in (PROJECT_DIR / "pages").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                found |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
    return sorted(name for name in found if name.split(".")[0] not in BY_THE_SERVER)


def _become_a_server(environment: Mapping[str, str], port: int, log: str) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for ours, theirs in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(ours, theirs)
    os.environ.clear()
    os.environ.update(environment)
    faulthandler.enable()  # what PYTHONFAULTHANDLER does where Python begins
    from streamlit.web.cli import main

    sys.argv = ["streamlit", *arguments(port)]
    main(prog_name="streamlit")


def _serve_orders(orders: Iterable[str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ends is gone at once
    for order in orders:
        pid = os.fork()
        if pid == 0:
            _become_a_server(**json.loads(order))
            return
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _import_libraries()
    _serve_orders(sys.stdin)
