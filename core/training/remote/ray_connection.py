"""The connection to a Ray cluster and its `RemoteTrainer`. Only this module imports Ray."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from core.domain import Dataset, RunEvent
from core.domain.errors import RunError
from core.jobs import WORKER_ENVIRONMENT
from core.settings import PROJECT_DIR
from core.training.remote.ray_actor import JobPayload, RemoteOutcome, RemoteTrainer

CONNECT_TIMEOUT_S = 5.0
CALL_TIMEOUT_S = 120.0  # building a large network may block its process for a minute
_ATTEMPTS = 3
_RESUME = "Resume the run: it continues from its last checkpoint."


class ClusterConnection:
    """One run's connection; use it as a context manager.

    Args:
        address: of the cluster.
        ray: the package.
    """

    def __init__(self, address: str, ray: Any) -> None:
        self._address, self._ray = address, ray
        self._trainer: Any = None
        self._ready: Any = None
        self._training: Any = None
        self._is_running = False

    @classmethod
    def connect(cls, address: str) -> Self:
        """Connect.

        Raises:
            RunError: Ray is not installed, or there is no answer from this address.
        """
        # No telemetry.
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        if _has_token(os.environ, Path.home()):
            os.environ.setdefault("RAY_AUTH_MODE", "token")
        try:
            import ray
        except ImportError as error:
            raise RunError(
                "Training on a cluster needs Ray, and it is not installed.",
                advice="Install it with: pip install -r requirements-cluster.txt",
            ) from error
        _expect_answer(address)
        sigterm_handler = signal.getsignal(signal.SIGTERM)
        try:
            _connect(ray, address, attempts=_ATTEMPTS)
        # Ray raises its own, Python's and gRPC's errors, by version and address.
        except Exception as error:
            raise RunError(
                f"The cluster at {address} cannot be used: {_reason(error)}.",
                advice="Its machines need this machine's versions of Python and Ray, some memory, "
                "and its token if they ask for one; then resume the run.",
            ) from error
        finally:
            signal.signal(signal.SIGTERM, sigterm_handler)  # Ray installs its own
        return cls(address, ray)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(Exception):  # the connection may be lost already
            if self._is_running:
                self._ray.get(self._trainer.close.remote(), timeout=CONNECT_TIMEOUT_S)
            self._ray.kill(self._trainer)
        self._ray.shutdown()

    def start(self, run_id: str, *, cores: int) -> None:
        """Request a process on the cluster.

        Args:
            cores: CPU cores of one machine; a GPU is requested too if the cluster has any.
        Raises:
            RunError: no machine of the cluster has as many cores.
        """
        with self._connected():
            machines = [one["Resources"] for one in self._ray.nodes() if one["Alive"]]
        most_cores = max((one.get("CPU", 0) for one in machines), default=0)
        if most_cores < cores:
            raise RunError(
                f"The run asks for {cores} threads, and the largest machine of {self._address} has "
                f"{most_cores:g} cores.",
                advice="Start it again with fewer threads.",
            )
        has_gpu = any(one.get("GPU", 0) >= 1 for one in machines)
        with self._connected():
            # Two concurrent calls: it trains, and answers others meanwhile.
            chosen = self._ray.remote(RemoteTrainer).options(
                num_cpus=cores, num_gpus=int(has_gpu), max_concurrency=2
            )
            self._trainer = chosen.remote(run_id)
            self._ready = self._trainer.new_events.remote(0)

    def train(self, payload: JobPayload, dataset: Dataset) -> None:
        """Send everything and start training."""
        with self._connected():
            self._training = self._trainer.train.remote(payload, self._ray.put(dataset))

    def is_ready(self, *, within_s: float) -> bool:
        """Whether the requested process runs; waits so long at most."""
        with self._connected():
            self._is_running = self._done(self._ready, within_s)
            return self._is_running

    def is_over(self, *, within_s: float) -> bool:
        """Whether training has ended; waits so long at most."""
        with self._connected():
            return self._done(self._training, within_s)

    def outcome(self) -> RemoteOutcome:
        """How training ended, once it is over."""
        outcome: RemoteOutcome = self._answer(self._training)
        return outcome

    def new_events(self, since: int) -> tuple[list[RunEvent], int]:
        """See `RemoteTrainer.new_events`."""
        events: tuple[list[RunEvent], int] = self._answer(self._trainer.new_events.remote(since))
        return events

    def stop(self) -> None:
        """See `RemoteTrainer.stop`."""
        self._answer(self._trainer.stop.remote())

    def checkpoint(self) -> dict[str, bytes]:
        """See `RemoteTrainer.checkpoint`."""
        files: dict[str, bytes] = self._answer(self._trainer.checkpoint.remote())
        return files

    def result_files(self, model: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """See `RemoteTrainer.result_files`."""
        files: tuple[dict[str, bytes], dict[str, bytes]] = self._answer(
            self._trainer.result_files.remote(model)
        )
        return files

    def _done(self, future: Any, within_s: float) -> bool:
        return bool(self._ray.wait([future], timeout=within_s)[0])

    def _answer(self, future: Any) -> Any:
        with self._connected():
            return self._ray.get(future, timeout=CALL_TIMEOUT_S)

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


def _has_token(environment: Mapping[str, str], home: Path) -> bool:
    """Whether this account has a token for clusters, as Ray's page on authentication describes it.

    A cluster asks for its token as soon as the account that starts it has one; its clients show
    theirs only when they are told to.
    """
    given = {"RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"} & environment.keys()
    return bool(given) or (home / ".ray" / "auth_token").is_file()


def _expect_answer(address: str) -> None:
    """Check the address before Ray does: it would try for minutes."""
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
        socket.create_connection((host, port), timeout=CONNECT_TIMEOUT_S).close()
    except OSError as error:
        raise RunError(
            f"There is no answer from {address} ({error.strerror or error}).",
            advice="Check the address, and that the cluster runs and can be reached from here.",
        ) from error


def _connect(ray: Any, address: str, *, attempts: int) -> None:
    """Connect; again after a timeout, because a busy cluster may take longer than Ray waits."""
    try:
        ray.init(address=address, runtime_env=_runtime_environment(), configure_logging=False)
    except ConnectionError:
        if attempts == 1:
            raise
        ray.shutdown()
        _connect(ray, address, attempts=attempts - 1)


def _runtime_environment() -> dict[str, Any]:
    """Mien's code as on this machine, and the environment that `core.jobs.control` sets."""
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
