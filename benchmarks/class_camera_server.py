"""The server of `bench_class_cameras`: learners whose pictures it analyses, in its own process."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import uvicorn
from aiortc.contrib.media import MediaRelay
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks.class_server import CLOCKS, POLICY, open_class
from core.classroom import learners_of
from core.classroom.ingest import (
    ANALYSIS_THREADS,
    AnalysisPool,
    ClassDesk,
    ClassSources,
    SecondsWriter,
    ServerLearner,
    ServerLearners,
)
from core.domain import RgbPicture
from core.domain.classroom import LearnerSite
from core.policy import class_refusal
from core.sessions import SessionStore
from core.settings import Settings
from core.vision import DETECTOR, LANDMARKER, build_analyser, path_of
from core.vision.recognition import load_live_model
from pages.parts.live import camera_link
from pages.parts.live.camera import newest_only
from pages.parts.live.camera_link import CameraLink, Offer, StreamCallbacks
from tests.numbered_clip import number_on


class Learners:
    """Streams of learners that analyse as the app does, and note when each picture was.

    Args:
        store: of the class.
        learners: how many.
    """

    def __init__(self, store: SessionStore, learners: int) -> None:
        settings = Settings.from_environment(os.environ)
        self._model = load_live_model(settings.models_dir, "")
        files = [path_of(settings.assets_dir, one) for one in (LANDMARKER, DETECTOR)]
        self._analyser = lambda: build_analyser(files[0], files[1], self._model.recognizer)
        sources = ClassSources(
            store, lambda one: class_refusal(POLICY, one), lambda _: self._model.card
        )
        self.all = ServerLearners(
            ClassDesk(sources, CLOCKS),
            SecondsWriter(store, now=CLOCKS.now),
            clocks=CLOCKS,
            pool=AnalysisPool(ANALYSIS_THREADS),
            most=learners,
        )
        self.classroom = open_class(store, learners, LearnerSite.SERVER)
        self._joined = learners_of(store, self.classroom.id)
        self._links: list[CameraLink] = []
        self.analysed: list[tuple[int, int, float]] = []
        """Camera, number of the picture, and when its numbers were known, monotonic."""

    def answer(self, number: int, sdp: str) -> str:
        """Answer an offer of a camera; called in a thread."""
        stream = self.all.open(self.classroom, self._joined[number], self._analyser)
        stream.take = self._noting(stream, number)  # type: ignore[method-assign]
        link = CameraLink()
        self._links.append(link)
        on_frames = newest_only(partial(self.all.process_frame, stream))
        link.follow(StreamCallbacks(on_frames, stream.end))
        return link.answer(Offer(f"{number}", sdp, comes_back=False), [])["sdp"]

    def _noting(
        self, stream: ServerLearner, camera: int
    ) -> Callable[[RgbPicture, float], float | None]:
        take = stream.take

        def noting(rgb: RgbPicture, arrived_s: float) -> float | None:
            age_s = take(rgb, arrived_s)
            number = number_on(rgb)
            if age_s is not None and number is not None:
                self.analysed.append((camera, number, time.monotonic()))
            return age_s

        return noting


def serve(database_url: str, port: int, learners: int) -> None:
    """Print the class as one line of JSON, and answer until it is stopped."""
    cameras = Learners(SessionStore.open(database_url), learners)

    async def offer(request: Request) -> JSONResponse:
        loop = asyncio.get_running_loop()
        # Without Streamlit's runtime the loop is given.
        given = {"loop": loop, "relay": MediaRelay()}
        camera_link.WebRtcWorker = partial(_WORKER, **given)  # type: ignore[misc,assignment]
        said: dict[str, Any] = json.loads(await request.body())
        sdp = await run_in_threadpool(cameras.answer, said["number"], said["sdp"])
        return JSONResponse({"sdp": sdp})

    async def noted(_request: Request) -> JSONResponse:
        return JSONResponse(cameras.analysed)

    print(json.dumps({"classroom": cameras.classroom.id}), flush=True)
    routes = [Route("/offer", offer, methods=["POST"]), Route("/noted", noted)]
    uvicorn.run(Starlette(routes=routes), port=port, log_level="error", loop="asyncio")


_WORKER = camera_link.WebRtcWorker

if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
