"""What visitors do, and what they read."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from pages.parts.shell.navigation import PageInfo


def open_at(visitor: AppTest, room: PageInfo) -> AppTest:
    """Come in at a page by its own address, as from a bookmark: home is not drawn on the way."""
    return visitor.switch_page(room.path).run()


def words_of(visitor: AppTest) -> str:
    """Every sentence on the page, as it was written and as a person reads it."""
    written = _written_on(visitor)
    return f"{written}\n{as_read(written)}"


def read_on(visitor: AppTest) -> str:
    """Every sentence on the page once, as a person reads it."""
    return as_read(_written_on(visitor))


def _written_on(visitor: AppTest) -> str:
    said = [*visitor.markdown, *visitor.caption, *visitor.info, *visitor.warning, *visitor.error]
    return "\n".join(one.value for one in said)


def as_read(markdown: str) -> str:
    """Words as a person reads them, where what is a name is escaped letter by letter."""
    return re.sub(r"\\([^A-Za-z0-9\s])", r"\1", markdown.replace("\u2060", ""))
