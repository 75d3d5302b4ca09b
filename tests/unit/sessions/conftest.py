"""A session database of each kind, new for every test."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import create_engine, text

from core.sessions import SessionStore
from tests.new_databases import migrated_once
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


@pytest.fixture(scope="module")
def migrated_postgres(postgres_server):
    """Name of a database with its tables, to be copied."""
    address = _new_database(postgres_server, "mien_migrated")
    SessionStore.open(address).close()
    return "mien_migrated"


@pytest.fixture
def postgres_database(postgres_server, request):
    """Empty where a test opens it itself; `store` finds its tables there."""
    copied = "template1"
    if "store" in request.fixturenames:
        copied = request.getfixturevalue("migrated_postgres")
    return _new_database(postgres_server, f"mien_{time.monotonic_ns()}", copied)


def _new_database(server, name, copied="template1"):
    admin = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {copied}"))
    admin.dispose()
    return server.format(name)


@pytest.fixture(scope="module")
def migrated_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("database")


@pytest.fixture
def store(url, migrated_folder):
    with migrated_once(migrated_folder):
        opened = SessionStore.open(url)
    with opened:
        yield opened
