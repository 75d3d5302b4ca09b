"""The server of `bench_browser_eye`: sessions that browsers write, in a process of its own."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import uvicorn
from starlette.applications import Starlette

from core.eye import RowIngest, TokenSigner
from core.live import BROWSER_FLUSH_EVERY_S, Clocks, LiveSession, WritingThread
from core.policy import Consent, Purpose, Region, UsePolicy
from core.sessions import SessionStore
from core.vision import ReadingAnalyser
from core.web import eye_routes
from tests.make import make_card, make_session

POLICY = UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE)


def serve(database_url: str, port: int, eyes: int) -> None:
    """Print a token for each session as one line of JSON, and answer until it is stopped."""
    now = datetime.now(UTC)
    clocks = Clocks(seconds=monotonic, now=lambda: datetime.now(UTC))
    ingest = RowIngest(TokenSigner(b"of a benchmark"), clocks=clocks, policy=lambda: POLICY)
    card = replace(make_card(), temperature=1.0)
    writing, tokens = WritingThread(SessionStore.open(database_url), now=clocks.now), []
    for number in range(eyes):
        live = LiveSession(
            ReadingAnalyser(card),
            writing,
            clocks=clocks,
            not_sure_below=0.5,
            flush_every_s=BROWSER_FLUSH_EVERY_S,
        )
        live.begin(make_session(f"eye-{number}"))
        consent = Consent(now, POLICY.notice_version)
        tokens.append(ingest.open(live, card, policy=POLICY, consent=consent))
    print(json.dumps(tokens), flush=True)
    app = Starlette(routes=eye_routes(lambda: ingest, Path("nowhere"), lambda *_: None))
    uvicorn.run(app, port=port, log_level="error")


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
