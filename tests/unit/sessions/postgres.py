"""A PostgreSQL server of the test's own, where the programs for it are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def postgres_url() -> Iterator[str]:
    """Start a server on a socket in a folder of its own; its address, {} for the database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        if os.environ.get("MIEN_REQUIRE_ALL"):
            pytest.fail("no PostgreSQL server: apt-get install postgresql")
        pytest.skip("no PostgreSQL server on this machine: apt-get install postgresql")
    binaries = programs[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="mien-pg-"))
    as_user = _as_ordinary_user(folder)
    cluster = folder / "cluster"
    _run(
        [*as_user, str(binaries / "initdb"), "-N", "-D", str(cluster), "-A", "trust", "-U", "mien"]
    )
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    control = [*as_user, str(binaries / "pg_ctl"), "-D", str(cluster), "-w"]
    _run([*control, "-o", options, "-l", str(folder / "log"), "start"])
    try:
        # A host that is a path means a socket in that folder.
        yield f"postgresql+psycopg://mien@/{{}}?host={folder}"
    finally:
        _run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _as_ordinary_user(folder: Path) -> list[str]:
    """The server refuses to run as root; its package brings a user for it."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert done.returncode == 0, done.stderr.decode()
