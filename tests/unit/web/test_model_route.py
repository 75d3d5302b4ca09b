"""A model's file for browsers, by its content."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette

from core.web import eye_routes, model_url
from tests.asgi import ask

SHA256 = "0123456789abcdef" * 4


def test_an_address_leads_to_the_file_that_it_was_made_for(tmp_path: Path) -> None:
    (tmp_path / "model.tflite").write_bytes(b"weights")
    asked: list[tuple[str, str]] = []

    def find(name: str, sha256: str) -> Path:
        asked.append((name, sha256))
        return tmp_path / "model.tflite"

    app = Starlette(routes=eye_routes(_nobody, tmp_path, find))
    assert model_url("calm-otter", SHA256) == "/eye/models/calm-otter/0123456789ab.tflite"
    reply = ask(app, "GET", model_url("calm-otter", SHA256))
    assert (reply.status, reply.body) == (200, b"weights")
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asked == [("calm-otter", "0123456789ab")]


@pytest.mark.parametrize("path", ["x/0123456789ab.tflite", "x/../../y.tflite", "x/a.bin", "x"])
def test_where_there_is_no_such_file_the_answer_is_404(tmp_path: Path, path: str) -> None:
    app = Starlette(routes=eye_routes(_nobody, tmp_path, lambda *_: None))
    assert ask(app, "GET", f"/eye/models/{path}").status == 404


def _nobody() -> object:
    raise AssertionError("no rows were sent")
