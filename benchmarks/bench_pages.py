"""Response times of pages: first and warm reruns, empty and with a session of 100,000 rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from benchmarks.measuring import Row, own_folder, row
from benchmarks.visiting import PAGE_BAR, answer_s, visitor, warm_s
from core.domain import FER7, RejectReason
from core.sessions import SessionStore
from core.settings import Settings
from pages.parts.shell.navigation import HOME, PAGES, SESSIONS, PageInfo
from tests.make import make_moment, make_observation, make_scores, make_session

LONG_ROWS = 100_000


def measure() -> list[Row]:
    """Seconds for each page; large data have suites of their own."""
    with own_folder() as settings:
        infos = [info for section in PAGES.values() for info in section]
        found = [line for info in infos for line in _page(info, "empty")]
        _store_long_session(settings)
        return [*found, *_page(SESSIONS, f"{LONG_ROWS:,} rows")]


def _page(info: PageInfo, what: str) -> list[Row]:
    who = visitor()
    if info is not HOME:
        who.run()
        who.switch_page(info.path)
    name = f"{info.title}, {what}"
    return [row(f"{name}: first", answer_s(who)), row(f"{name}: warm", warm_s(who), bar=PAGE_BAR)]


def _store_long_session(settings: Settings) -> None:
    """Ten frames a second, two faces, the expression changing every twenty seconds."""
    began_at = datetime.now(UTC) - timedelta(days=1)
    with SessionStore.open(settings.database_url) as store:
        store.begin(make_session("long", began_at=began_at))
        frames = []
        for index in range(LONG_ROWS // 2):
            time_s = index / 10
            label = FER7.labels[int(time_s / 20) % len(FER7)]
            dark = RejectReason.TOO_DARK if index % 50 == 0 else None
            scores = make_scores(**{label: 0.7})
            faces = [
                make_observation(time_s, track_id=face, scores=scores, reason=dark)
                for face in (1, 2)
            ]
            frames.append(make_moment(time_s, *faces))
        for start in range(0, len(frames), 5000):
            store.append("long", frames[start : start + 5000], now=began_at)
        store.end("long", ended_at=began_at + timedelta(seconds=LONG_ROWS / 20))
