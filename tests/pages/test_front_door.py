"""Every visit goes through app.py, whichever page it asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.shell.navigation import HOME, PAGES, SESSIONS, PageInfo
from tests.pages.visits import open_at

ROOT = Path(__file__).resolve().parents[2]
ROOMS = [room for rooms in PAGES.values() for room in rooms]


def heading(room: PageInfo) -> str:
    return "Mien" if room is HOME else room.title


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.path)
def test_every_page_opens_on_an_empty_install(visitor: AppTest, room: PageInfo) -> None:
    open_at(visitor, room)
    assert not visitor.exception
    assert visitor.title[0].value == heading(room)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.path)
def test_the_first_visit_to_a_server_may_begin_at_any_page(
    first_visitor: AppTest, room: PageInfo
) -> None:
    first_visitor.switch_page(room.path).run()
    assert not first_visitor.exception
    assert first_visitor.title[0].value == heading(room)


def test_a_visit_begins_at_home(visitor: AppTest) -> None:
    assert visitor.run().title[0].value == "Mien"


def test_a_page_opened_by_its_own_address_keeps_its_query(first_visitor: AppTest) -> None:
    first_visitor.query_params["from"] = "a link"
    first_visitor.switch_page(SESSIONS.path).run()
    assert first_visitor.title[0].value == SESSIONS.title
    assert first_visitor.query_params["from"] == "a link"


def test_every_page_file_is_in_the_menu_once() -> None:
    files = sorted(f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py"))
    assert sorted(room.path for room in ROOMS) == files
