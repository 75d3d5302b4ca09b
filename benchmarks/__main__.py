"""`python -m benchmarks`: run every benchmark, print one table, write docs/benchmarks/."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
SUITES = (
    *(
        "bench_perception",
        "bench_store",
        "bench_exports",
        "bench_measures",
        "bench_pages",
        "bench_data",
    ),
    *("bench_live", "bench_camera_start", "bench_browser_eye", "bench_eye_page"),
    *("bench_recordings", "bench_evaluation", "bench_following"),
    *("bench_training", "bench_tracking"),
    *("bench_class", "bench_class_cameras", "bench_class_board"),
)
REPORTED_VERSIONS = ("mediapipe", "opencv-contrib-python", "ai-edge-litert", "streamlit", "aiortc")


def main(chosen: list[str]) -> None:
    """Run each suite in a separate process, so that none warms up or slows down another."""
    commit = _output("git", "rev-parse", "--short", "HEAD")  # of what begins to be measured
    rows = [row for suite in chosen or SUITES for row in _run(suite)]
    text = _table(rows)
    print(text)
    if not chosen:
        path = PROJECT_DIR / "docs" / "benchmarks" / f"{datetime.now(UTC):%Y-%m-%d}-{commit}.md"
        path.write_text(f"{_head(commit)}\n\n{text}\n", encoding="utf-8")
        print(f"written to {path.relative_to(PROJECT_DIR)}")


def _run(suite: str) -> list[dict[str, str]]:
    code = (
        f"import json; from benchmarks import {suite} as b; print('\\n' + json.dumps(b.measure()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"{suite} failed:\n{done.stderr[-3000:]}")
    *notes, rows = done.stdout.strip().splitlines()
    for note in notes:
        print(note, flush=True)
    return json.loads(rows)


def _table(rows: list[dict[str, str]]) -> str:
    lines = ["| what | measured | bar |", "|---|---|---|"]
    for row in rows:
        bar = row.get("bar", "")
        lines.append(f"| {row['name']} | {row['value']:,} {row['unit']} | {bar} |")
    return "\n".join(lines)


def _head(commit: str) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in REPORTED_VERSIONS)
    return (
        f"# Benchmarks of {datetime.now(UTC):%Y-%m-%d}, commit {commit}\n\n"
        f"Made by `make bench` on {_processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}; {packages}. The browser of the live figures ran on "
        "the same cores."
    )


def _processor() -> str:
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.exists():
        for line in cpu_info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _output(*command: str) -> str:
    return subprocess.run(
        command, cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    main(sys.argv[1:])
