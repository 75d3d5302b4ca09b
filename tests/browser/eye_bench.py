"""A page with the eye in the browser alone, and a server that takes its rows: no Streamlit.

What the eye sends is checked against `eye/README.md`; what it asks for is counted by its tests.
"""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from core.domain import ModelCard
from core.models import browser_format, format_file
from core.settings import PROJECT_DIR
from core.vision import browser_files

TYPES = {".js": "text/javascript", ".wasm": "application/wasm"}
OTHER_TYPE = "application/octet-stream"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
MODEL_FILE = "model.tflite"
FRAME_PATH = "/frame/"
TOKEN = "token-of-a-test"
PAGE = """<!doctype html><title>bench</title><body><main style="width: 640px"></main>
<script type="module">
const wanted = WANTED;
window.told = [];
const parentElement = document.querySelector("main");
const setStateValue = (_, value) => {
  window.told.push(value);
  document.title = JSON.stringify(window.told); // read where a policy forbids to evaluate anything
};
const { mount } = await import(wanted.componentUrl);
window.follow = (changes) => {
  Object.assign(wanted, changes);
  mount({ data: { ...wanted }, parentElement, setStateValue });
};
window.follow({});
</script>
"""


def stored(message: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The answer of a server that stores everything."""
    return 200, {"next": message["sequence"] + 1}


@dataclass
class EyeBench:
    """The server.

    Attributes:
        folder: the files that set-up built.
        model: a LiteRT file for one face at a time.
        policy: the page's Content-Security-Policy; empty for none.
        answer: called with each message; status and body of the answer.
        bodies: of the messages, in the order they came.
        missing: files that are not there.
        frames: pictures in PNG, by number.
    """

    folder: Path
    names: dict[str, str]
    model: Path
    policy: str = ""
    answer: Callable[[dict[str, Any]], tuple[int, dict[str, Any]]] = stored
    bodies: list[bytes] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    frames: list[bytes] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Of all messages, those that were sent again left out."""
        by_number = {message["sequence"]: message for message in self.messages}
        return [row for message in by_number.values() for row in message["rows"]]

    @property
    def readings_per_s(self) -> float:
        """From the first row that came to the last."""
        times_s = [row["time_s"] for row in self.rows]
        return (len(times_s) - 1) / (times_s[-1] - times_s[0])

    def first_load_bytes(self, asked: list[str]) -> int:
        """Compressed bytes of our files among these requests, and of the model."""
        names = {url.rpartition("/")[2] for url in asked}
        loaded = [one for one in self.folder.glob("*.br") if one.name.removesuffix(".br") in names]
        assert len(loaded) >= 7  # component, worker, landmarker, and two of each runtime
        model_bytes = len(gzip.compress(self.model.read_bytes()))
        return sum(path.stat().st_size for path in loaded) + model_bytes

    def wanted(self) -> dict[str, Any]:
        """What a page wants of the eye."""
        files = {kind: f"/eye/{name}" for kind, name in self.names.items()}
        words = ("off", "asking", "loading", "starting")
        return {
            "start": "one",
            "token": TOKEN,
            "width": 640,
            "height": 480,
            "fps": 30,
            "readsPerS": 10,
            "sendsExpression": True,
            "numbers": None,
            "rowsUrl": "/eye/rows",
            "componentUrl": files["component"],
            "files": files,
            "model": {"url": f"/{MODEL_FILE}", "sizePx": 48, "interpolation": "cubic"},
            "reading": None,
            "continues": "",
            "screenshots": [],
            "colours": {"faces": ["#1F6FB2"], "unusable": "#7C8794"},
            "words": {word: word for word in words} | {"late": "{waiting} wait, {dropped} dropped"},
        }


def shipped_bench(assets_dir: Path, card: ModelCard) -> EyeBench:
    """A server of what set-up built and of a shipped model, which does not run yet."""
    found = browser_files(assets_dir)
    assert found is not None, "the eye in the browser is not built: run make assets"
    model = format_file(PROJECT_DIR / "models", card, browser_format(PROJECT_DIR / "models", card))
    return EyeBench(assets_dir / "eye", found.names, model)


def answer_to_a_click_s(page: Page) -> float:
    """How soon the page answers while the eye reads."""
    began_s = time.monotonic()
    page.evaluate("document.querySelector('main').click()")
    return time.monotonic() - began_s


@contextmanager
def running(bench: EyeBench) -> Iterator[EyeBench]:
    """The server, until the block ends."""
    server = _Server(bench)
    bench.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield bench
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, bench: EyeBench) -> None:
        super().__init__(("localhost", 0), _Handler)
        self.bench = bench


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        bench = self.server.bench
        if self.path == "/":
            page = PAGE.replace("WANTED", json.dumps(bench.wanted()))
            headers = {"Content-Security-Policy": bench.policy} if bench.policy else {}
            self._send(200, page.encode(), "text/html", headers)
        elif self.path == "/blank":
            self._send(200, b"<!doctype html>", "text/html")
        elif self.path.startswith(FRAME_PATH):
            self._send(200, bench.frames[int(self.path.removeprefix(FRAME_PATH))], "image/png")
        elif self.path == f"/{MODEL_FILE}" and MODEL_FILE not in bench.missing:
            self._send(200, bench.model.read_bytes(), OTHER_TYPE)
        else:
            self._send_file(Path(self.path).name)

    def do_POST(self) -> None:
        bench = self.server.bench
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Authorization"] == f"Bearer {TOKEN}"
        bench.bodies.append(body)
        status, answer = bench.answer(json.loads(body))
        self._send(status, json.dumps(answer).encode(), "application/json")

    def _send_file(self, name: str) -> None:
        bench = self.server.bench
        packed = bench.folder / f"{name}.br"
        if name in bench.missing or not packed.is_file():
            self._send(404, b"", "text/plain")
            return
        kind = TYPES.get(Path(name).suffix, OTHER_TYPE)
        self._send(200, packed.read_bytes(), kind, {"Content-Encoding": "br", **FOR_EVER})

    def _send(
        self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""
