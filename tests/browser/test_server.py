"""What a real server answers beside the pages."""

from __future__ import annotations

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.browser.conftest import Server


def _answer(request: Request | str) -> tuple[int, bytes]:
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read()


@pytest.mark.browser
def test_pages_rows_and_files_are_answered_by_one_server_that_ends_when_told(
    server: Server,
) -> None:
    for address in (server.url, f"{server.url}/live_camera"):
        status, page = _answer(address)
        assert (status, b"<title>Streamlit</title>" in page) == (200, True)
    headers = {"Authorization": "Bearer forged"}
    rows = Request(f"{server.url}/eye/rows", data=b"{}", headers=headers, method="POST")
    status, refusal = _answer(rows)
    assert status == 401
    assert "Start the camera again" in json.loads(refusal)["sentence"]
    assert _answer(f"{server.url}/eye/eye.js")[0] in {200, 404}
    assert _answer(f"{server.url}/eye/../app.py")[0] in {400, 404}
    server.stop()
    assert "Traceback" not in server.log.read_text()
