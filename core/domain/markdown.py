"""Words from outside in a text that is Markdown."""

from __future__ import annotations

import re

# What Markdown would read as more than a word; a name in a cell is a word.
_SPECIAL = re.compile(r"([\\`*_\[\]|#~$])")


def escaped(words: str) -> str:
    """Words that Markdown writes as they are, in one line."""
    # Not every reader of Markdown knows an escaped "<"; all know HTML's own way.
    harmless = " ".join(words.split()).replace("&", "&amp;")
    return _SPECIAL.sub(r"\\\1", harmless.replace("<", "&lt;").replace(">", "&gt;"))


def code(words: str) -> str:
    """Words as code, in one line, whatever backticks are in them; not for the cell of a table."""
    line = " ".join(words.split())
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if longest else f"{fence}{line}{fence}"
