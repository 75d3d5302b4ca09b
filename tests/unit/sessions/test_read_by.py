"""Who read the faces of a session follows from its rows."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import update

from core.domain import AnalysisSite, SourceKind
from core.domain.errors import StoreError
from core.sessions import read_by, read_by_text
from core.sessions.exporters import export_session
from core.storage import tables
from tests.make import BEGAN_AT, make_moment, make_observation, make_session

SERVER, BROWSER = AnalysisSite.SERVER, AnalysisSite.BROWSER


def _append(store, site: AnalysisSite, from_s: float, seconds: float = 1.0) -> None:
    times = [from_s + at / 10 for at in range(round(seconds * 10))]
    moments = [replace(make_moment(at, make_observation(at)), eye=site) for at in times]
    store.append("a", moments, now=BEGAN_AT)


@pytest.mark.parametrize("site", list(AnalysisSite))
def test_a_session_is_read_in_one_place_and_its_files_name_it(store, tmp_path, site):
    store.begin(make_session("a"))
    _append(store, site, 0.0)
    assert read_by(store, store.entry("a")) == (site,)
    with zipfile.ZipFile(
        io.BytesIO(export_session(store, "a", ".zip", models_dir=tmp_path))
    ) as files:
        assert json.loads(files.read("session.json"))["eye"] == [site.value]
        assert f",{site.value}," in files.read("session.csv").decode()


def test_a_session_of_both_places_names_both_whatever_lies_between(store):
    store.begin(make_session("a"))
    _append(store, BROWSER, 0.0, 31.0)  # more than a block
    _append(store, SERVER, 31.0)
    found = read_by(store, store.entry("a"))
    assert read_by_text(found) == "this server and the visitor's browser"


def test_a_synthetic_or_empty_session_was_read_by_nobody(store):
    store.begin(make_session("a", source=SourceKind.DEMO))
    _append(store, SERVER, 0.0)
    store.begin(make_session("b"))
    for name in ("a", "b"):
        assert read_by_text(read_by(store, store.entry(name))) == "nobody"


def test_damaged_rows_are_an_error(store):
    store.begin(make_session("a"))
    _append(store, SERVER, 0.0)
    with store.transaction("written") as connection:
        connection.execute(update(tables.row_blocks).values(content=b"x"))
    with pytest.raises(StoreError):
        read_by(store, store.entry("a"))
