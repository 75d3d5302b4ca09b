"""What is installed is what was measured."""

from __future__ import annotations

import ast
import sys
from importlib.metadata import distributions, packages_distributions, version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from core.settings import PROJECT_DIR
from tests.contracts.sources import nodes_of

OURS = {"core", "pages"}
SOURCES = sorted(
    path
    for pattern in ("app.py", "core/**/*.py", "pages/**/*.py")
    for path in PROJECT_DIR.glob(pattern)
)


def _requirements(name):
    """The lines of a file that hold on this system, without comments and references."""
    lines = (PROJECT_DIR / name).read_text(encoding="utf-8").splitlines()
    asked = [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]
    return [one for one in asked if one.marker is None or one.marker.evaluate()]


SERVE = _requirements("requirements-serve.txt")
CLUSTER = _requirements("requirements-cluster.txt")
RUN = SERVE + _requirements("requirements.txt")


@pytest.mark.parametrize("asked", RUN + CLUSTER + _requirements("requirements-dev.txt"), ids=str)
def test_every_package_is_pinned_and_installed_as_pinned(asked):
    assert str(asked.specifier).startswith("==")
    assert version(asked.name) == str(asked.specifier).removeprefix("==")


def test_every_package_that_is_imported_is_pinned():
    owners, pinned = (
        packages_distributions(),
        {canonicalize_name(one.name) for one in RUN + CLUSTER},
    )
    for path in SOURCES:
        for name in _imported(nodes_of(path)):
            known = set(map(canonicalize_name, owners.get(name, ())))
            assert pinned & known, f"{path.name} imports {name}"


def test_serving_alone_brings_no_tensorflow():
    assert not {one.name for one in SERVE} & {"tensorflow", "tensorflow-cpu", "keras"}


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-serve.txt", "requirements-cluster.txt"]
)
def test_requirements_name_no_address(name):
    text = (PROJECT_DIR / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text


def test_one_package_alone_owns_opencv():
    owners = [
        one.metadata["Name"]
        for one in distributions()
        if one.metadata["Name"].lower().startswith("opencv")
    ]
    assert owners == ["opencv-contrib-python"]


def _imported(nodes):
    """Names of third-party packages."""
    for node in nodes:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module]
        else:
            continue
        for name in names:
            package = name.split(".")[0]
            if package not in OURS | sys.stdlib_module_names:
                yield package
