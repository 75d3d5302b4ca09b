"""What visitors do, and what they read."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from pages.parts.frame import Room


def open_at(visitor: AppTest, room: Room) -> AppTest:
    """Come in at home, then go to a page by the menu."""
    return visitor.run().switch_page(room.path).run()


def words_of(visitor: AppTest) -> str:
    """Every sentence on the page."""
    said = [*visitor.markdown, *visitor.caption, *visitor.info, *visitor.warning, *visitor.error]
    return "\n".join(one.value for one in said)
