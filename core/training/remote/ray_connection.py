"""The connection to a Ray cluster, and a `RemoteTrainer` at its other end. All of Ray is here."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from core.domain import Dataset, RunEvent
from core.domain.errors import RunError
from core.jobs import WORKER_ENVIRONMENT
from core.storage.settings import PROJECT_DIR
from core.training.remote.ray_actor import JobPayload, RemoteOutcome, RemoteTrainer

ANSWERS_WITHIN_S = 5.0
SILENT_FOR_S = 120.0  # TensorFlow building a large network may keep its process busy for a minute
_TRIES = 3
_RESUME = "Resume the run: it continues from its last checkpoint."


class ClusterConnection:
    """One run's connection; use it as a context manager.

    Args:
        address: of the cluster.
        ray: the package.
    """

    def __init__(self, address: str, ray: Any) -> None:
        self._address, self._ray = address, ray
        self._learner: Any = None
        self._ready: Any = None
        self._work: Any = None
        self._has_begun = False

    @classmethod
    def to(cls, address: str) -> Self:
        """Connect.

        Raises:
            RunError: Ray is not installed, or nobody answers at this address.
        """
        # Nothing is told to Ray's makers: no telemetry, here or anywhere.
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        try:
            import ray
        except ImportError as error:
            raise RunError(
                "Training on a cluster needs Ray, and it is not installed.",
                advice="Install it with: pip install -r requirements-cluster.txt",
            ) from error
        _expect_answer(address)
        asked_to_end = signal.getsignal(signal.SIGTERM)
        try:
            _connect(ray, address, tries=_TRIES)
        # Ray raises its own, Python's and gRPC's errors, by version and address.
        except Exception as error:
            raise RunError(
                f"The cluster at {address} cannot be used: {_reason(error)}.",
                advice="Its machines need this machine's versions of Python and Ray, and some "
                "memory; then resume the run.",
            ) from error
        finally:
            signal.signal(signal.SIGTERM, asked_to_end)  # Ray puts its own there
        return cls(address, ray)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(Exception):  # the connection may be gone, which is what we want
            if self._has_begun:
                self._ray.get(self._learner.close.remote(), timeout=ANSWERS_WITHIN_S)
            self._ray.kill(self._learner)
        self._ray.shutdown()

    def begin(self, run_id: str, *, cores: int) -> None:
        """Ask for a process there.

        Args:
            cores: of one machine; and a graphics processor where there is any.
        Raises:
            RunError: no machine of the cluster has as many.
        """
        with self._connected():
            machines = [one["Resources"] for one in self._ray.nodes() if one["Alive"]]
        most = max((one.get("CPU", 0) for one in machines), default=0)
        if most < cores:
            raise RunError(
                f"The run asks for {cores} threads, and the largest machine of {self._address} has "
                f"{most:g} cores.",
                advice="Start it again with fewer threads.",
            )
        has_gpu = any(one.get("GPU", 0) >= 1 for one in machines)
        with self._connected():
            # Two calls at a time: it works, and answers meanwhile.
            chosen = self._ray.remote(RemoteTrainer).options(
                num_cpus=cores, num_gpus=int(has_gpu), max_concurrency=2
            )
            self._learner = chosen.remote(run_id)
            self._ready = self._learner.news.remote(0)

    def work(self, parcel: JobPayload, dataset: Dataset) -> None:
        """Send everything and have it begin."""
        with self._connected():
            self._work = self._learner.work.remote(parcel, self._ray.put(dataset))

    def begins(self, *, within_s: float) -> bool:
        """Whether the cluster has found a place; waits so long at most."""
        with self._connected():
            self._has_begun = self._done(self._ready, within_s)
            return self._has_begun

    def is_over(self, *, within_s: float) -> bool:
        """Whether the work ended; waits so long at most."""
        with self._connected():
            return self._done(self._work, within_s)

    def ending(self) -> RemoteOutcome:
        """How it went, once it is over."""
        ending: RemoteOutcome = self._answer(self._work)
        return ending

    def news(self, since: int) -> tuple[list[RunEvent], int]:
        """See `RemoteTrainer.news`."""
        news: tuple[list[RunEvent], int] = self._answer(self._learner.news.remote(since))
        return news

    def stop(self) -> None:
        """See `RemoteTrainer.stop`."""
        self._answer(self._learner.stop.remote())

    def checkpoint(self) -> dict[str, bytes]:
        """See `RemoteTrainer.checkpoint`."""
        files: dict[str, bytes] = self._answer(self._learner.checkpoint.remote())
        return files

    def made(self, model: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """See `RemoteTrainer.made`."""
        files: tuple[dict[str, bytes], dict[str, bytes]] = self._answer(
            self._learner.made.remote(model)
        )
        return files

    def _done(self, asked: Any, within_s: float) -> bool:
        return bool(self._ray.wait([asked], timeout=within_s)[0])

    def _answer(self, asked: Any) -> Any:
        with self._connected():
            return self._ray.get(asked, timeout=SILENT_FOR_S)

    @contextmanager
    def _connected(self) -> Iterator[None]:
        try:
            yield
        # Ray raises its own, Python's and gRPC's errors when a machine is gone.
        except Exception as error:
            raise RunError(
                f"The connection to {self._address} was lost: {_reason(error)}.",
                advice=_RESUME,
            ) from error


def _expect_answer(address: str) -> None:
    """Ask before Ray does: it would try for minutes, and then say so on many lines."""
    if address == "auto":
        return
    at = urlsplit(address if "://" in address else f"//{address}")
    try:
        host, port = at.hostname, at.port
    except ValueError:
        host = port = None
    if host is None or port is None:
        raise RunError(
            f"{address!r} is no address of a cluster.",
            advice="Write it as ray://host:10001, as host:6379 on a machine of the cluster, or "
            "auto.",
        )
    try:
        socket.create_connection((host, port), timeout=ANSWERS_WITHIN_S).close()
    except OSError as error:
        raise RunError(
            f"There is no answer from {address} ({error.strerror or error}).",
            advice="Check the address, and that the cluster runs and can be reached from here.",
        ) from error


def _connect(ray: Any, address: str, *, tries: int) -> None:
    """A busy cluster may take longer to greet us than Ray waits."""
    try:
        ray.init(address=address, runtime_env=_what_comes_along(), configure_logging=False)
    except ConnectionError:
        if tries == 1:
            raise
        ray.shutdown()
        _connect(ray, address, tries=tries - 1)


def _what_comes_along() -> dict[str, Any]:
    """Our code as it is here, and what `core.jobs.control` sets for training."""
    return {
        "py_modules": [str(PROJECT_DIR / "core")],
        "excludes": ["**/__pycache__/**"],
        "env_vars": dict(WORKER_ENVIRONMENT),
    }


def _reason(error: BaseException) -> str:
    """One line of what may be pages: the first, or the last where the first only announces it."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    line = lines[-1] if lines[0].rstrip().endswith(":") else lines[0]
    return line.strip().rstrip(".")[:200]
