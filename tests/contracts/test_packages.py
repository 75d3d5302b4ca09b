"""What is installed is what was measured."""

from __future__ import annotations

import re
from importlib.metadata import distributions, version

import pytest

from core.settings import PROJECT_DIR

PINS = re.findall(
    r"^([\w.-]+)(?:\[\w+\])?==(\S+)",
    (PROJECT_DIR / "requirements-serve.txt").read_text(encoding="utf-8")
    + (PROJECT_DIR / "requirements.txt").read_text(encoding="utf-8"),
    re.M,
)


@pytest.mark.parametrize(("name", "pinned"), PINS)
def test_every_pin_is_installed(name, pinned):
    assert version(name) == pinned


def test_one_package_alone_owns_opencv():
    owners = [
        one.metadata["Name"]
        for one in distributions()
        if one.metadata["Name"].lower().startswith("opencv")
    ]
    assert owners == ["opencv-contrib-python"]
