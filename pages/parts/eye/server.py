"""What the server's routes need of the pages, and how the server starts and stops."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from streamlit import cli_util, runtime
from streamlit.web.server import server_util

if TYPE_CHECKING:
    from core.classroom.ingest import ClassIngest
    from core.eye import LevelIngest, RowIngest


def row_receiver() -> RowIngest:
    """What takes the rows of the browser's eye.

    Load-bearing: imported with the first message. The server imports this module before Streamlit's
    runtime exists, which caches are declared in; and it should start before all libraries load.
    """
    from pages.parts.eye.cached import row_ingest

    return row_ingest()


def level_receiver() -> LevelIngest:
    """What takes the levels of microphones. Imported as late."""
    from pages.parts.eye.cached import level_ingest

    return level_ingest()


def class_receiver() -> ClassIngest:
    """What takes the rows of learners. Imported as late."""
    from pages.parts.eye.cached import class_ingest

    return class_ingest()


def model_file(name: str, sha256: str) -> Path | None:
    """A model's file for browsers; None where there is none. Imported as late."""
    from core.models import litert_file
    from pages.parts.shell.cached import settings

    return litert_file(settings().models_dir, name, sha256)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """What happens when the server starts and stops, as without routes of our own.

    At the start the app is opened in the browser of this machine, unless it has none. At the end
    Streamlit closes every tab's session before the event loop ends: live sessions are stored to
    their last row, and ended.
    """
    if not st.get_option("server.headless"):
        address = str(st.get_option("browser.serverAddress"))
        cli_util.open_browser(server_util.get_url(address))
    yield
    if runtime.exists():
        runtime.get_instance().stop()
        await runtime.get_instance().stopped
