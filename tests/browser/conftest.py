"""A real server, a real Chromium, and a camera that plays a file."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import SessionStore
from core.settings import PROJECT_DIR, Settings
from tests.browser.forks import Fork, Forks, arguments
from tests.conftest import SHARED_MEDIA
from tests.face_clip import write_camera_file, write_face_clip

expect.set_options(timeout=60_000)  # a first visit imports everything, perhaps on a busy machine

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
)
# Pictures a second: enough for every claim, and a third of the work of 30. The camera whose
# resolution is changed (test_camera_resolution.py) gives 30.
CAMERA_FPS = 10
STARTS_WITHIN_S, STOPS_WITHIN_S = 120.0, 120.0  # where others are at work


@dataclass
class Server:
    """The app, running on a folder of its own.

    Attributes:
        prefix: what stands before its command, as `strace` may.
        module: what Python runs; it takes the command line of `streamlit`.
        forks: where it begins with its libraries imported; None begins as `make run` does.
    """

    settings: Settings
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | Fork | None = None
    log: Path = field(default_factory=Path)
    prefix: tuple[str, ...] = ()
    module: str = "streamlit"
    forks: Forks | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        if self.forks is not None:
            self.process = self.forks.begin(self.environment, self.port, self.log)
        else:
            self.process = self._begin_from_nothing()
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def _begin_from_nothing(self) -> subprocess.Popen[bytes]:
        command = [*self.prefix, sys.executable, "-m", self.module, *arguments(self.port)]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=PROJECT_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)
            self._wait_until_gone(self.process)

    def _wait_until_gone(self, process: subprocess.Popen[bytes] | Fork) -> None:
        try:
            process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGABRT)  # it says where each thread stands, and goes
            process.wait()
            pytest.fail(f"The server did not stop:\n{self.log.read_text()}")

    def store(self) -> SessionStore:
        return SessionStore.open(self.settings.database_url)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False


@pytest.fixture
def models_dir() -> Path | None:
    """Where saved models are; the project's own, unless tests of a file save some."""
    return None


@pytest.fixture
def server_module() -> str:
    """What Python runs as the server; tests that watch it from within run one of their own."""
    return "streamlit"


LONGEST = "tests/browser/test_train_model.py"
FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: begun last, they would leave the other process with nothing to do."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the fixtures of a test, on their way out, whether it failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def installed(
    tmp_path: Path, assets_dir: Path, models_dir: Path | None, server_module: str
) -> Server:
    """An installation of its own that was set up and never used; its server does not run yet."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "assets").symlink_to(assets_dir, target_is_directory=True)
    own = {"MIEN_DATA_DIR": str(data_dir)}
    if models_dir is not None:
        own["MIEN_MODELS_DIR"] = str(models_dir)
    environment = {**os.environ, **own, "PYTHONFAULTHANDLER": "1"}
    environment.pop("MIEN_DATABASE_URL", None)
    return Server(
        Settings.from_environment(own),
        _free_port(),
        environment,
        log=tmp_path / "server.log",
        module=server_module,
    )


@contextmanager
def _running(server: Server, node: pytest.Item) -> Iterator[Server]:
    server.start()
    yield server
    # After a failure each of its threads says where it stands: perhaps one of them waited.
    server.stop(signal.SIGABRT if node.stash.get(FAILED, False) else signal.SIGTERM)
    print(server.log.read_text())  # noqa: T201 - pytest shows it when the test failed


def _choose_use(server: Server) -> Server:
    policy_store.write(
        server.settings.data_dir / policy_store.FILE_NAME,
        UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE),
    )
    return server


@pytest.fixture
def fresh_server(installed: Server, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server that begins as `make run` does, where nothing is chosen yet."""
    with _running(installed, request.node) as server:
        yield server


@pytest.fixture
def cold_server(fresh_server: Server) -> Server:
    """The same, with region and purpose chosen: for what its process loads, and when."""
    return _choose_use(fresh_server)


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Where servers begin with their libraries imported."""
    with Forks() as origin:
        yield origin


@pytest.fixture
def server(installed: Server, forks: Forks, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server with region and purpose chosen, its libraries imported before the test began."""
    installed.forks = forks
    with _running(_choose_use(installed), request.node) as server:
        yield server


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera plays: a real face where one lies beside the project, else a drawn one."""
    folder = tmp_path_factory.mktemp("clip")
    faces = SHARED_MEDIA / "fakecam_expressive_640x480.mjpeg"
    if not faces.exists():
        faces = write_face_clip(folder / "face.mjpeg")
    return write_camera_file(folder / "camera.y4m", faces, fps=CAMERA_FPS)


@pytest.fixture(scope="session")
def chromium(clip: Path) -> Iterator[Browser]:
    """One browser for all tests; its camera is allowed without asking."""
    if CHROMIUM is None:
        if os.environ.get("MIEN_REQUIRE_ALL"):
            pytest.fail("no Chromium: apt-get install chromium")
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    flags = [*FLAGS, "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={clip}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A visitor with a window of their own, whose system asks for less motion.

    Without a graphics card each picture of an animation is drawn by the processor.
    """
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, accept_downloads=True, reduced_motion="reduce"
    )
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """One tab."""
    return context.new_page()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])
