"""Which room may import which, and what must never enter a process."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import core
from core.storage.settings import PROJECT_DIR

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(core.__path__, "core.")
    if not module.name.split(".")[-1].startswith(("keras_", "__main__"))
)


def _python(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_rooms_only_look_down():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command], cwd=PROJECT_DIR, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_module_but_keras_files_brings_tensorflow():
    assert len(MODULES) > 50
    imports = "; ".join(f"import {name}" for name in MODULES)
    _python(f"{imports}; import sys; assert 'tensorflow' not in sys.modules, 'it came in'")


def test_only_keras_files_name_tensorflow():
    for path in PROJECT_DIR.glob("core/**/*.py"):
        if not path.name.startswith("keras_"):
            lines = path.read_text(encoding="utf-8").splitlines()
            found = [
                line for line in lines if line.startswith(("import tensorflow", "import keras"))
            ]
            assert not found, path


def test_looking_at_faces_leaves_tensorflow_out_and_training_may_still_bring_it(assets_dir):
    _python(
        "from core.vision.faces.mediapipe_loader import load_mediapipe; load_mediapipe();"
        "import sys; assert 'tensorflow' not in sys.modules; import tensorflow; tensorflow.ones(1)"
    )


def test_webrtc_and_tensorflow_live_in_one_process_when_core_comes_first():
    _python("import core, tensorflow, aiortc, pylibsrtp; pylibsrtp.Session")


@pytest.mark.parametrize("folder", ["core"])
def test_core_never_sees_the_screen(folder):
    for path in (PROJECT_DIR / folder).glob("**/*.py"):
        assert "import streamlit" not in path.read_text(encoding="utf-8"), path
