"""Addresses of the pages of a class."""

from __future__ import annotations

from urllib.parse import urlencode, urljoin, urlsplit

JOIN_PAGE, TEACHER_PAGE = "join_class", "teach_class"
"""Names of the pages of learners and of teachers, as addresses end."""

CLASS_QUERY, TEACHER_QUERY, PROJECTOR_QUERY = "class", "teach", "show"
"""Query parameters: token of the link for learners, the teacher's secret, and token of the
Projector view.
"""


def join_address(page: str) -> str:
    """Where learners type a code.

    Args:
        page: address of any page of this installation, such as `https://host/mien/teach_class`.
    """
    return urljoin(_bare(page), JOIN_PAGE)


def learner_address(page: str, token: str) -> str:
    """The link for learners, with what opens the class in it.

    Args:
        page: as of `join_address`.
        token: of the link.
    """
    return f"{join_address(page)}?{urlencode({CLASS_QUERY: token})}"


def teacher_address(page: str, secret: str) -> str:
    """The teacher's own link: whoever has it is the teacher.

    Args:
        page: as of `join_address`.
        secret: the teacher's.
    """
    return f"{urljoin(_bare(page), TEACHER_PAGE)}?{urlencode({TEACHER_QUERY: secret})}"


def projector_address(page: str, token: str) -> str:
    """The link of the Projector view: whoever has it sees the figures of the class, no more.

    Args:
        page: as of `join_address`.
        token: of this link.
    """
    return f"{urljoin(_bare(page), TEACHER_PAGE)}?{urlencode({PROJECTOR_QUERY: token})}"


def _bare(page: str) -> str:
    """Without query and fragment, which could hold a secret."""
    return urlsplit(page)._replace(query="", fragment="").geturl()
