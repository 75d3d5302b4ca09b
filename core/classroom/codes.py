"""Codes that learners type, and secrets that links carry."""

from __future__ import annotations

import base64
from collections.abc import Callable
from hashlib import sha256

from core.domain.classroom import CODE_ALPHABET, CODE_LENGTH

_SECRET_BYTES = 16  # 128 bits
_LINK_LENGTH = 20  # 120 bits

Draw = Callable[[int], bytes]
"""Gives so many random bytes, as `secrets.token_bytes` does."""


def new_code(draw: Draw) -> str:
    """A code of a class; each of the 2 ** 30 is as likely."""
    return "".join(CODE_ALPHABET[one % len(CODE_ALPHABET)] for one in draw(CODE_LENGTH))


def code_from(text: str) -> str | None:
    """A code as it was typed, in any case, with spaces or dashes; None where it cannot be one.

    Args:
        text: untrusted.
    """
    code = "".join(one for one in text if one not in " -\t\r\n").upper()
    is_code = len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET)
    return code if is_code else None


def new_secret(draw: Draw) -> str:
    """A secret for a link: 128 bits, of characters that need no escape in a URL."""
    return base64.urlsafe_b64encode(draw(_SECRET_BYTES)).decode().rstrip("=")


def projector_token(teacher_secret: str) -> str:
    """The part of the Projector view's link: it follows from the teacher's secret and does not tell
    it, so that only that one has to be kept, and a wall may show the address.
    """
    return _derived(b"show", teacher_secret)


def link_token(teacher_secret: str) -> str:
    """The part of the link for learners; it tells neither of the others."""
    return link_token_of_projector(projector_token(teacher_secret))


def link_token_of_projector(token: str) -> str:
    """The same, as it follows from `projector_token`: the Projector view shows it."""
    return _derived(b"join", token)


def _derived(purpose: bytes, secret: str) -> str:
    digest = sha256(purpose + secret.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).decode()[:_LINK_LENGTH]


def hash_of(secret: str) -> str:
    """What is stored of a secret."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
