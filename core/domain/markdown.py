"""Escaping untrusted text for Markdown."""

from __future__ import annotations

import re

# Characters with a meaning in Markdown, also in a table's cell.
_SPECIAL = re.compile(r"([\\`*_\[\]|#~$])")


def escaped(text: str) -> str:
    """Text that Markdown shows literally, in one line."""
    # Not every Markdown parser accepts an escaped "<"; all accept HTML's entities.
    line = " ".join(text.split()).replace("&", "&amp;")
    return _SPECIAL.sub(r"\\\1", line.replace("<", "&lt;").replace(">", "&gt;"))


def code(text: str) -> str:
    """Text as inline code, in one line, with any backticks in it; not for a table's cell."""
    line = " ".join(text.split())
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if longest else f"{fence}{line}{fence}"
