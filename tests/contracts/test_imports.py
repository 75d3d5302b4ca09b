"""Which room may import which, and what must never enter a process."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import core
from core.settings import PROJECT_DIR
from tests.contracts.sources import found_in, nodes_of, text_of

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(core.__path__, "core.")
    if not module.name.split(".")[-1].startswith(("keras_", "__main__"))
)

SOURCES = sorted(
    path
    for pattern in ("app.py", "core/**/*.py", "pages/**/*.py")
    for path in PROJECT_DIR.glob(pattern)
)
TENSORFLOW = {"tensorflow", "keras", "tf_keras", "tf2onnx"}


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


def _of_packages(path, packages):
    """Lines that import one of these, at its top or inside a function."""
    for node in nodes_of(path):
        modules = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if any(one.split(".")[0] in packages for one in modules):
            yield node.lineno


def test_only_keras_files_import_tensorflow_even_inside_a_function():
    others = [path for path in SOURCES if not path.name.startswith("keras_")]
    assert found_in(others, lambda path: _of_packages(path, TENSORFLOW)) == {}


def test_core_never_sees_the_screen_even_inside_a_function():
    ours = [path for path in SOURCES if "core" in path.parts]
    assert found_in(ours, lambda path: _of_packages(path, {"streamlit", "streamlit_webrtc"})) == {}


def test_looking_at_faces_leaves_tensorflow_out_and_training_may_still_bring_it(assets_dir):
    _python(
        "from core.vision.faces.mediapipe_loader import load_mediapipe; load_mediapipe();"
        "import sys; assert 'tensorflow' not in sys.modules; import tensorflow; tensorflow.ones(1)"
    )


def test_webrtc_and_tensorflow_live_in_one_process_when_core_comes_first():
    _python("import core, tensorflow, aiortc, pylibsrtp; pylibsrtp.Session")


def _at_its_top(path):
    """Packages that a module brings as soon as it is imported."""
    for node in ast.parse(text_of(path)).body:
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (one.split(".")[0] for one in names)


def test_the_program_imports_scipy_where_it_is_used():
    assert [path.name for path in SOURCES if "scipy" in _at_its_top(path)] == []


def test_commands_and_workers_import_pandas_where_it_is_used():
    ours = [path for path in SOURCES if "core" in path.parts]
    assert [path.name for path in ours if "pandas" in _at_its_top(path)] == []
