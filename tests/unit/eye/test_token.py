"""Tokens and the secret they are signed with."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from itsdangerous import URLSafeSerializer

from core.domain.errors import StoreError
from core.eye import TokenSigner, server_secret
from core.eye.secret import FILE_NAME
from tests.make import BEGAN_AT


def test_the_secret_is_drawn_once_and_kept(tmp_path: Path) -> None:
    secret = server_secret(tmp_path / "data")
    assert len(secret) == 32
    assert server_secret(tmp_path / "data") == secret
    assert server_secret(tmp_path / "other") != secret


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_nobody_else_may_read_the_secret(tmp_path: Path) -> None:
    server_secret(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_a_secret_that_was_cut_off_is_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"short")
    secret = server_secret(tmp_path, draw=lambda count: b"n" * count)
    assert secret == b"n" * 32 == (tmp_path / FILE_NAME).read_bytes()


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be used"):
        server_secret(tmp_path / "data")


def test_a_ticket_is_read_back_from_its_token_in_another_process() -> None:
    token = TokenSigner(b"secret").token("a-session", 1, now=BEGAN_AT)
    ticket = TokenSigner(b"secret").ticket(token, now=BEGAN_AT)
    assert ticket is not None
    assert ticket.session_id == "a-session"
    assert token.isascii()
    assert os.sep not in token


@pytest.mark.parametrize(
    "content", [None, [], 3, {"session_id": 1, "writer": 1, "until": 2e9}, {"until": 2e9}]
)
def test_a_well_signed_token_of_something_else_is_none(content: object) -> None:
    signed = URLSafeSerializer(b"secret", salt="mien rows 1").dumps(content)
    assert TokenSigner(b"secret").ticket(signed, now=BEGAN_AT) is None
