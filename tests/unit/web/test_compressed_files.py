"""The files of the browser's eye: compressed beforehand, kept by browsers, none from outside."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette

from core.web import eye_routes
from core.web.row_route import RowReceiver
from tests.asgi import Reply, ask, no_model

PLAIN_GZ = gzip.compress(b"plain", mtime=0)


def nobody() -> RowReceiver:
    raise AssertionError("no rows were sent")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("outside", encoding="utf-8")
    folder = tmp_path / "eye"
    folder.mkdir()
    (folder / "eye.js").write_bytes(b"plain")
    (folder / "eye.js.gz").write_bytes(PLAIN_GZ)
    (folder / "eye.js.br").write_bytes(b"brotli of plain")
    (folder / "model.0123abcd.tflite.gz").write_bytes(gzip.compress(b"weights"))
    (folder / "wasm").mkdir()
    (folder / "wasm" / "runtime.wasm").write_bytes(b"\0asm")
    (folder / ".hidden").write_bytes(b"hidden")
    (folder / "way_out").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def app(folder: Path) -> Starlette:
    return Starlette(routes=eye_routes(nobody, folder, no_model))


def get(app: Starlette, path: str, accepts: str = "gzip, deflate, br, zstd", **more: str) -> Reply:
    return ask(app, "GET", f"/eye/{path}", headers={"Accept-Encoding": accepts, **more})


@pytest.mark.parametrize(
    ("accepts", "coding", "content"),
    [
        ("gzip, deflate, br", "br", b"brotli of plain"),
        ("gzip", "gzip", PLAIN_GZ),
        ("br;q=0, gzip;q=0.5", "gzip", PLAIN_GZ),
        ("identity", None, b"plain"),
        ("", None, b"plain"),
    ],
)
def test_a_file_is_sent_as_the_browser_accepts_it(
    app: Starlette, accepts: str, coding: str | None, content: bytes
) -> None:
    reply = get(app, "eye.js", accepts)
    assert (reply.status, reply.headers.get("content-encoding")) == (200, coding)
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.headers["vary"] == "Accept-Encoding"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-length"] == str(len(reply.body))
    assert gzip.decompress(reply.body) == b"plain" if coding == "gzip" else reply.body == content


def test_a_file_that_is_there_compressed_only_is_found(app: Starlette) -> None:
    reply = get(app, "model.0123abcd.tflite")
    assert gzip.decompress(reply.body) == b"weights"
    assert reply.headers["content-type"] == "application/octet-stream"
    assert get(app, "model.0123abcd.tflite", "identity").status == 404


def test_a_name_or_address_with_a_version_is_kept_for_a_year_and_others_are_asked_for_again(
    app: Starlette,
) -> None:
    for_ever = "public, max-age=31536000, immutable"
    assert get(app, "model.0123abcd.tflite").headers["cache-control"] == for_ever
    assert get(app, "eye.js?v=3").headers["cache-control"] == for_ever
    assert get(app, "eye.js").headers["cache-control"] == "no-cache"


def test_a_file_that_did_not_change_is_not_sent_again(app: Starlette, folder: Path) -> None:
    first = get(app, "eye.js")
    again = get(app, "eye.js", **{"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    (folder / "eye.js.br").write_bytes(b"another version")
    assert get(app, "eye.js", **{"If-None-Match": first.headers["etag"]}).status == 200


def test_webassembly_has_the_type_that_browsers_compile(app: Starlette) -> None:
    assert get(app, "wasm/runtime.wasm").headers["content-type"] == "application/wasm"


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "..%2fsecret.txt",
        "wasm/../../secret.txt",
        "/etc/hostname",
        "way_out",
        ".hidden",
        "wasm/.hidden",
        "wasm",
        "",
        "nothing.js",
        "a\0b",
        "x" * 5000,
    ],
    ids=range(12),
)
def test_nothing_is_found_but_the_files_of_the_folder(app: Starlette, path: str) -> None:
    reply = get(app, path)
    assert reply.status == 404
    assert b"outside" not in reply.body


def test_files_are_read_and_nothing_else(app: Starlette) -> None:
    head = ask(app, "HEAD", "/eye/eye.js")
    assert (head.status, head.body) == (200, b"")
    assert ask(app, "POST", "/eye/eye.js").status == 405
    assert ask(app, "DELETE", "/eye/eye.js").status == 405


def test_where_set_up_brought_no_files_the_answer_says_so(tmp_path: Path) -> None:
    app = Starlette(routes=eye_routes(nobody, tmp_path / "missing", no_model))
    reply = ask(app, "GET", "/eye/eye.js")
    assert reply.status == 404
    assert (
        reply.body == b"The files of the eye in the browser are not installed: run make assets.\n"
    )
