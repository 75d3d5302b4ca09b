"""The files of sessions that earlier versions wrote have every measure, or the reason why not."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from core.measures import MEASURES, basis_values
from core.sessions import SessionStore, demo_session
from core.sessions.exporters import export_session
from core.sessions.exporters.csv_file import read_csv
from core.settings import PROJECT_DIR
from tests.make import BEGAN_AT

GOLDEN = PROJECT_DIR / "tests" / "golden"
TODAY = "today"


@pytest.fixture(params=["sessions_version_1.db", "sessions_version_2.db", TODAY])
def store(request, tmp_path):
    path = tmp_path / "sessions.db"
    if request.param != TODAY:
        shutil.copyfile(GOLDEN / request.param, path)
    with SessionStore.open(f"sqlite:///{path}") as opened:
        if request.param == TODAY:
            session, moments = demo_session(BEGAN_AT, np.random.default_rng(3))
            opened.begin(session)
            opened.append(session.id, moments, now=BEGAN_AT)
        yield opened


def test_every_measure_is_filled_or_carries_a_reason(store, tmp_path):
    """`tension, expressiveness, index, index_version` and all other columns of the registry."""
    for entry in store.sessions():
        content = export_session(store, entry.session.id, models_dir=tmp_path)
        table = read_csv(content, store.read(entry.session.id).scheme)
        rows = table[table.face_id.notna()]
        for measure in MEASURES.values():
            if not measure.basis_column:
                continue
            main, *others = (part for part in measure.parts if part.column)
            is_empty, basis = rows[main.column].isna(), rows[measure.basis_column]
            assert set(basis[is_empty]) <= set(basis_values(measure)), measure.id
            if measure.needs:
                assert set(basis[~is_empty]) <= set(basis_values(measure)), measure.id
            for part in others:
                assert part.empty_when or not (rows[part.column].isna() & ~is_empty).any()
        assert ((rows["index_version"] == "") == rows["index"].isna()).all()
