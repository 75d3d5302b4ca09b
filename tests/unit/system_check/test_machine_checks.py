"""What a machine brings along is told truly, each fault with its remedy."""

from __future__ import annotations

import socket
import sys
from threading import Event
from types import SimpleNamespace

import pytest

from core.settings import PROJECT_DIR
from core.system_check import machine_checks
from core.system_check.app_checks import CheckResult
from core.system_check.machine_checks import (
    PackageVersion,
    check_machine,
    check_port,
    check_tensorflow,
    package_versions,
    pins_of,
    start_tensorflow_check,
)


def test_this_machine_is_what_was_measured(settings):
    found = {one.name: one for one in check_machine(settings)}
    assert list(found) == ["Python", "Packages", "Packages for training", "Disk", "Memory"]
    assert found["Packages"].ok, found["Packages"].sentence
    assert found["Packages for training"].ok, found["Packages for training"].sentence


@pytest.mark.parametrize(
    ("machine", "name", "advice"),
    [
        ({"disk": 2**30}, "Disk", "MIEN_DATA_DIR"),
        ({"memory": 2**30}, "Memory", "4 GB"),
        ({"python": (3, 14)}, "Python", "make PYTHON="),
        ({"python": (3, 10)}, "Python", "make PYTHON="),
    ],
)
def test_what_does_not_suffice_has_a_remedy(settings, monkeypatch, machine, name, advice):
    disk, memory = machine.get("disk", 2**40), machine.get("memory", 2**40)
    monkeypatch.setattr(
        machine_checks.shutil, "disk_usage", lambda _path: SimpleNamespace(free=disk)
    )
    monkeypatch.setattr(
        machine_checks.psutil, "virtual_memory", lambda: SimpleNamespace(total=memory)
    )
    monkeypatch.setattr(
        machine_checks.sys, "version_info", (*machine.get("python", (3, 11)), 0, "final", 0)
    )
    wrong = [one for one in check_machine(settings) if not one.ok]
    assert [one.name for one in wrong] == [name]
    assert advice in wrong[0].advice


def test_packages_of_another_version_are_named_with_both(settings, monkeypatch):
    monkeypatch.setattr(
        machine_checks, "version", lambda name: "0.1" if name == "numpy" else dict(PINS)[name]
    )
    wrong = [one for one in check_machine(settings) if not one.ok]
    assert [one.name for one in wrong] == ["Packages"]
    assert f"numpy 0.1 instead of {dict(PINS)['numpy']}" in wrong[0].sentence
    assert "pip install -r requirements-serve.txt" in wrong[0].advice


PINS = [
    *pins_of(PROJECT_DIR / "requirements-serve.txt"),
    *pins_of(PROJECT_DIR / "requirements.txt"),
]


def test_pins_of_other_systems_are_ignored(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text(
        "# a comment\n-r other.txt\na==1.0\nb[extra]==2.0\n"
        f"c==3.0; sys_platform == \"{sys.platform}\"\nd==4.0; sys_platform == 'elsewhere'\n"
        f"e==5.0; sys_platform != '{sys.platform}'\n"
    )
    assert pins_of(path) == [("a", "1.0"), ("b", "2.0"), ("c", "3.0")]


def test_a_port_in_use_is_reported():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert "is in use" in check_port(port).sentence
    assert "free" in check_port(port).sentence


def test_an_interpreter_that_cannot_start_is_reported_and_not_raised(tmp_path):
    found = check_tensorflow(str(tmp_path / "no-python"))
    assert not found.ok
    assert found.advice


def test_tensorflow_is_checked_in_the_background(monkeypatch):
    told, may_answer = CheckResult("TensorFlow", True, "It works."), Event()

    def answer_late():
        may_answer.wait(30)
        return told

    monkeypatch.setattr(machine_checks, "check_tensorflow", answer_late)
    answer = start_tensorflow_check()
    assert not answer.done()
    may_answer.set()
    assert answer.result(30) is told


def test_a_broken_tensorflow_is_reported_with_its_last_line(tmp_path):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'ImportError: libcudart' >&2\nexit 1\n")
    broken.chmod(0o755)
    found = check_tensorflow(str(broken))
    assert not found.ok
    assert "libcudart" in found.sentence


@pytest.mark.parametrize(
    ("gpus", "said"), [("[]", "found no GPU"), ('["/device:GPU:0"]', "computes on 1 GPU")]
)
def test_a_gpu_is_reported_and_so_is_its_absence(tmp_path, gpus, said):
    python = tmp_path / "python"
    told = f'{{"version": "2.21.0", "gpus": {gpus}, "works": true}}'
    python.write_text(f"#!/bin/sh\necho '{told}'\n")
    python.chmod(0o755)
    found = check_tensorflow(str(python))
    assert found.ok
    assert "2.21.0" in found.sentence
    assert said in found.sentence


def test_every_pinned_package_is_listed_once_with_its_version(monkeypatch):
    monkeypatch.setattr(
        machine_checks, "version", lambda name: "0.1" if name == "numpy" else dict(PINS)[name]
    )
    found = package_versions()
    assert [one.name for one in found] == sorted(dict(PINS), key=str.lower)
    assert [one for one in found if one.installed != one.pinned] == [
        PackageVersion("numpy", "0.1", dict(PINS)["numpy"])
    ]
