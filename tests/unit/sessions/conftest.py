"""A session database of each kind, new for every test."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import create_engine, text

from core.sessions import SessionStore
from tests.unit.sessions.postgres import postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new folder/sessions.db"
    return request.getfixturevalue("postgres_database")


@pytest.fixture(scope="module")
def postgres_server():
    with postgres_url() as address:
        yield address


@pytest.fixture
def postgres_database(postgres_server):
    name = f"mien_{time.monotonic_ns()}"
    admin = create_engine(postgres_server.format("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return postgres_server.format(name)


@pytest.fixture
def store(url):
    with SessionStore.open(url) as opened:
        yield opened
