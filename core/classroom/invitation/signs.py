"""Signs to print: one self-contained page each, without script and without address to load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.classroom.invitation.qr_code import qr_picture
from core.domain.classroom import Classroom, Shared
from core.policy import NoticePart
from core.storage.html_templates import rendered

_TEMPLATES = Path(__file__).with_name("templates")


def door_sign(classroom: Classroom, *, page: str, link: str, notice: Sequence[NoticePart]) -> bytes:
    """How to join, and what is shared then; UTF-8.

    Args:
        page: address where a code is typed.
        link: address for learners, as QR code.
        notice: what learners agree to.
    """
    return rendered(
        _TEMPLATES,
        "door_sign.html.jinja",
        title=classroom.title,
        code=classroom.code,
        page=page.partition("://")[2],
        picture=qr_picture(link),
        notice=notice,
    ).encode()


def camera_sign(classroom: Classroom) -> bytes:
    """That a camera counts heads in this room, for where people see it before they are seen;
    UTF-8.
    """
    return rendered(
        _TEMPLATES,
        "camera_sign.html.jinja",
        title=classroom.title,
        with_directions=Shared.FACING in classroom.shared,
    ).encode()
