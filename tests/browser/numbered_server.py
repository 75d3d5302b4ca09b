"""The app's server, which also writes down the number that each frame it analyses carries.

`python -m tests.browser.numbered_server run app.py …` is `streamlit run app.py …`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from streamlit.web.cli import main

from core.domain import Frame, Observation
from core.settings import Settings
from core.vision import FaceAnalyser
from tests.numbered_clip import number_on

NUMBERS = "numbers.jsonl"
"""In the data folder; on each line a frame's index, its time in seconds, and its number or null."""


def _note_numbers(path: Path) -> None:
    analyse = FaceAnalyser.analyse

    def noting(self: FaceAnalyser, frame: Frame) -> tuple[Observation, ...]:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([frame.index, frame.time_s, number_on(frame.rgb)]) + "\n")
        return analyse(self, frame)

    FaceAnalyser.analyse = noting  # type: ignore[method-assign]


if __name__ == "__main__":
    _note_numbers(Settings.from_environment(os.environ).data_dir / NUMBERS)
    main(prog_name="streamlit")
