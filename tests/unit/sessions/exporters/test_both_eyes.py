"""The CSV of the server's eye and that of the browser's eye, side by side with the codebook.

Both sessions go their real ways into one store: a clip through the landmarker and the shipped
model, and messages as a browser sends them through the ingest.
"""

from __future__ import annotations

import io
import re
import zipfile

import numpy as np
import pandas as pd
import pytest

from core.domain import FER7, AnalysisSite
from core.live import Clocks, LiveSession
from core.sessions import SessionStore
from core.sessions.exporters import export_session
from core.settings import PROJECT_DIR, Settings
from core.vision import from_video
from core.vision.build import open_analyser
from core.vision.recognition.live_model import load_model
from tests.clips import write_face_video
from tests.eye_messages import body
from tests.fakes import ManualClock
from tests.make import make_mark, make_session
from tests.unit.eye.conftest import make_sitting

SERVER, BROWSER = (site.value for site in AnalysisSite)
_BOUNDS = re.compile(r"^(-?\d+)(?: [a-z]+)? to (-?\d+)")
_AT_LEAST = re.compile(r"^(\d+) or more$")
_FREE = ("", "text", "may lie outside the frame")
_TIMES = "event_s"  # several, separated by spaces


@pytest.fixture(scope="module")
def archives(tmp_path_factory, assets_dir):
    """Where it was read -> the archive of that session."""
    folder = tmp_path_factory.mktemp("eyes")
    settings = Settings.from_environment(
        {"MIEN_DATA_DIR": str(folder / "data"), "MIEN_MODELS_DIR": str(PROJECT_DIR / "models")}
    )
    settings.data_dir.mkdir()
    settings.assets_dir.symlink_to(assets_dir, target_is_directory=True)
    with SessionStore.open(settings.database_url) as store:
        _read_on_the_server(store, settings, write_face_video(folder / "clip.mp4", frames=60))
        _read_in_the_browser(store)
        return {
            site: export_session(store, site, ".zip", models_dir=settings.models_dir)
            for site in (SERVER, BROWSER)
        }


@pytest.fixture(params=[SERVER, BROWSER])
def site(request):
    return request.param


def _read_on_the_server(store: SessionStore, settings: Settings, clip) -> None:
    model, clock = load_model(settings.models_dir), ManualClock()
    live = LiveSession(
        open_analyser(settings, model),
        store,
        clocks=Clocks(clock.seconds, clock.now),
        not_sure_below=model.card.not_sure_below,
    )
    live.begin(make_session(SERVER))
    for frame in from_video(clip):
        live.process_frame(frame.rgb, frame.time_s)
        clock.advance(1 / 30)
    live.mark(make_mark().words)
    live.close()


def _read_in_the_browser(store: SessionStore) -> None:
    sitting = make_sitting(store)
    token = sitting.begin(BROWSER)
    for number in range(15):
        sitting.accept(token, body(number))
    sitting.live.mark(make_mark().words)
    sitting.live.close()


def _opened(archive: bytes, name: str) -> pd.DataFrame:
    """A table as a person opens it: every cell as it is written, empty ones as empty text."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        content = io.BytesIO(files.read(name))
    return pd.read_csv(content, encoding="utf-8-sig", dtype=str, keep_default_na=False)


def _codebook(archive: bytes) -> pd.DataFrame:
    """The part that explains columns: names of other tables hold a colon."""
    table = _opened(archive, "codebook.csv").set_index("column")
    return table[~table.index.str.contains(":")]


def test_files_of_both_eyes_have_the_same_columns_in_the_same_order(archives):
    for name in ("session.csv", "events.csv", "blendshapes.csv"):
        one, other = (_opened(archive, name) for archive in archives.values())
        assert list(one.columns) == list(other.columns)
        assert len(one) > 0
        assert len(other) > 0


def test_every_column_is_in_the_codebook_and_the_other_way_round(archives, site):
    assert list(_opened(archives[site], "session.csv").columns) == list(
        _codebook(archives[site]).index
    )


def test_every_value_is_of_the_type_and_in_the_range_that_the_codebook_says(archives, site):
    table, codebook = _opened(archives[site], "session.csv"), _codebook(archives[site])
    for column, (unit, allowed, _) in codebook.iterrows():
        cells = table[column][table[column] != ""]
        if column == _TIMES:
            cells = cells.str.split().explode()
        misfit = _misfit(cells, unit, allowed)
        assert misfit is None, f"{column}, {allowed}: {misfit}"


def test_both_eyes_fill_the_same_measures_and_name_themselves(archives):
    tables = {site: _opened(archive, "session.csv") for site, archive in archives.items()}
    for site, table in tables.items():
        assert set(table["eye"]) == {site}
    for column in ("facing", "lids_closed", "smile", "confident_1s", "lip_gap", "s_happy"):
        assert all((table[column] != "").any() for table in tables.values()), column


def _misfit(cells: pd.Series, unit: str, allowed: str) -> str | None:
    """What does not fit; None where everything does."""
    if allowed in _FREE and unit != "px":
        return None
    bounds, at_least = _BOUNDS.match(allowed), _AT_LEAST.match(allowed)
    if not (unit or bounds or at_least):
        words = {*FER7.labels, "not sure"} if "a label" in allowed else set(allowed.split(", "))
        strange = {one.removesuffix(".0") for one in cells} - words
        return f"{strange} of {words}" if strange else None
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy()
    low, high = (float(one) for one in bounds.groups()) if bounds else (-np.inf, np.inf)
    low = float(at_least.group(1)) if at_least else low
    low = np.nextafter(0.0, 1.0) if allowed == "above 0" else low
    high = np.log(len(FER7)) + 1e-6 if "log(classes)" in allowed else high
    if not ((numbers >= low) & (numbers <= high)).all():  # also false for what is no number
        return f"{cells.min()} to {cells.max()}"
    return None
