"""A class in a database file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.sessions import SessionStore
from tests.lessons import Lesson, make_lesson
from tests.new_databases import migrated_once


@pytest.fixture(scope="session")
def migrated_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("database")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


@pytest.fixture
def store(database: Path, migrated_folder: Path) -> Iterator[SessionStore]:
    with migrated_once(migrated_folder):
        opened = SessionStore.open(f"sqlite:///{database}")
    yield opened
    opened.close()


@pytest.fixture
def lesson(store: SessionStore) -> Lesson:
    return make_lesson(store)
