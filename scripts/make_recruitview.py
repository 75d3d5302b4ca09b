"""Creates a synthetic dataset in RecruitView's format.

`python scripts/make_recruitview.py OUT --people 8` draws faces whose movement follows their score,
so that a model can be trained on them; or, with `--clip FILE`, cuts a video up. Scores, people,
transcripts and all other fields are invented. For tests, and for trying the pipeline from videos to
a trained model.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

PROJECT_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT_DIR))

from core.datasets.face_extraction import METADATA_FILE  # noqa: E402
from core.vision import from_video  # noqa: E402
from tests.clips import write_video  # noqa: E402
from tests.face_clip import draw_face  # noqa: E402

FPS = 10
SWAY_S = 2.6  # no multiple of a second: sampling once a second covers all of the movement
PEOPLE_SPREAD, CLIP_SPREAD = 0.6, 0.35  # of scores: together tertiles near the published cuts
OTHER_SCORES = (
    *("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism"),
    *("overall_personality", "interview_score", "answer_score", "speaking_skills"),
    *("confidence_score", "overall_performance"),
)


@dataclass(frozen=True)
class Invented:
    """Parameters of the synthetic dataset.

    Attributes:
        people, clips: how many.
        seconds: length of each clip.
        seed: same seed, same folder.
    """

    people: int
    clips: int
    seconds: float = 4.0
    seed: int = 7


def main() -> None:
    """Read the command line and write the folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder to write; made when missing")
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each clip")
    parser.add_argument("--seed", type=int, default=7, help="same seed, same folder")
    parser.add_argument("--clip", type=Path, help="cut this video up instead of drawing faces")
    arguments = parser.parse_args()
    invented = Invented(arguments.people, arguments.clips, arguments.seconds, arguments.seed)
    make(arguments.out, invented, video=arguments.clip)
    print(f"{arguments.clips} clips of {arguments.people} invented people in {arguments.out}")


def make(out: Path, invented: Invented, *, video: Path | None = None) -> Path:
    """Write metadata.jsonl and videos/; people take turns."""
    rng = np.random.default_rng(invented.seed)
    (out / "videos").mkdir(parents=True, exist_ok=True)
    means = rng.normal(0.0, PEOPLE_SPREAD, invented.people)
    frames = round(invented.seconds * FPS)
    cuts = None if video is None else _cuts(video, frames)
    with (out / METADATA_FILE).open("w", encoding="utf-8") as file:
        for number in range(1, invented.clips + 1):
            person = (number - 1) % invented.people
            score = float(means[person] + rng.normal(0.0, CLIP_SPREAD))
            name = f"videos/vid_{number:04}.mp4"
            pictures = [*_drawn(person, score, frames, rng)] if cuts is None else next(cuts)
            times_ms = [round(1000 * at / FPS) for at in range(len(pictures))]
            write_video(out / name, pictures, times_ms)
            about = {"id": f"{number:04}", "file_name": name, "user_no": str(person + 1)}
            record = about | _others(number, score, invented.seconds, rng)
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return out


def _drawn(
    person: int, score: float, frames: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """A face whose mouth and head move the more, the higher the score."""
    liveliness = float(1 / (1 + np.exp(-2 * score)))  # 0 is still, 1 moves all the time
    person_rng = np.random.default_rng(person)  # the same in all clips of a person
    tint, scale = person_rng.uniform(0.75, 1.0, 3), person_rng.uniform(0.85, 1.1)
    phase = rng.uniform(0, 2 * np.pi)
    for at in range(frames):
        turn = phase + 2 * np.pi * at / (FPS * SWAY_S)
        smile = liveliness * np.sin(turn)
        face = draw_face(smile=float(smile), shift_px=round(30 * liveliness * np.cos(turn)))
        height, width = face.shape[:2]
        transform = cv2.getRotationMatrix2D(
            (width / 2, height / 2), 4 * liveliness * np.sin(turn), scale
        )
        face = cv2.warpAffine(face, transform, (width, height), borderMode=cv2.BORDER_REPLICATE)
        yield (face * tint).astype(np.uint8)


def _cuts(video: Path, frames: int) -> Iterator[list[np.ndarray]]:
    """Consecutive pieces of a video; it restarts at its end."""
    while True:
        running = from_video(video, every_s=1 / FPS)
        while piece := [_even(frame.rgb) for frame in islice(running, frames)]:
            yield piece


def _even(rgb: np.ndarray) -> np.ndarray:
    """Crop to even sides, which H.264 with 4:2:0 chroma requires."""
    height, width = rgb.shape[:2]
    return np.ascontiguousarray(rgb[: height - height % 2, : width - width % 2])


def _others(
    number: int, score: float, seconds: float, rng: np.random.Generator
) -> dict[str, object]:
    question = number % 7 + 1
    return {
        "duration": "short" if seconds < 30 else "medium",
        "question_id": str(question),
        "question": f"Invented question {question}",
        "video_quality": "High",
        **{field: round(float(rng.normal(0, 0.7)), 4) for field in OTHER_SCORES},
        "facial_expression": round(score, 4),
        "transcript": "[00:00 - 00:03] Nobody says anything here.",
        "gemini_summary": "Invented.",
    }


if __name__ == "__main__":
    main()
