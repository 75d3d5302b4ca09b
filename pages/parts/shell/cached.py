"""What every page shares, and each thing's lifetime: settings, models, what is installed.

What these functions answer is read-only by agreement.
"""

from __future__ import annotations

import os
from concurrent.futures import Future
from pathlib import Path

import streamlit as st

from core.domain import ModelCard
from core.domain.errors import UnknownRun
from core.jobs import RunCache, RunFolder
from core.models import ShelfStamp, list_cards, model_files_stamp, registry_stamp
from core.storage.settings import Settings
from core.system_check import app_checks, machine_checks, model_check


@st.cache_resource(max_entries=1, show_spinner=False)
def settings() -> Settings:
    """Folders and addresses of this installation, read once from the environment."""
    return Settings.from_environment(os.environ)


def cards() -> list[ModelCard]:
    """Every saved model's card, as the shelf is now."""
    models_dir = settings().models_dir
    return _cards_in(models_dir, registry_stamp(models_dir))


@st.cache_resource(max_entries=2, show_spinner=False)
def _cards_in(models_dir: Path, stamp: ShelfStamp) -> list[ModelCard]:  # noqa: ARG001 - the key
    return list_cards(models_dir)


@st.cache_data(max_entries=1, ttl=10, show_spinner=False)
def found_ready() -> list[app_checks.CheckResult]:
    """What is installed and works, looked at again every ten seconds."""
    return app_checks.check_app(settings())


# Sixteen runs with their figures and 1000 without: some 40 MB, of 60 epochs each.
@st.cache_resource(max_entries=1, show_spinner=False)
def run_memory() -> RunCache:
    """What was read of runs: a look then costs what was written since the last one."""
    return RunCache()


def plan_of(run_id: str) -> dict[str, object]:
    """A run's plan, as in its folder; empty where it cannot be read."""
    try:
        return RunFolder(settings().runs_dir / run_id).read_plan()[1]
    except UnknownRun:
        return {}


@st.cache_data(max_entries=1, ttl=10, show_spinner=False)
def checked_machine() -> list[app_checks.CheckResult]:
    """What this machine brings along, looked at again every ten seconds."""
    return machine_checks.check_machine(settings())


@st.cache_data(max_entries=1, ttl=600, show_spinner=False)
def package_versions() -> list[machine_checks.PackageVersion]:
    """Every package that Mien uses, with its version."""
    return machine_checks.package_versions()


@st.cache_resource(max_entries=1, ttl=3600, show_spinner=False)
def asked_tensorflow() -> Future[app_checks.CheckResult]:
    """Whether training works here, and on what: asked in a process of its own, at most once an hour
    for all visitors. A page that does not wait shows the answer when it has come.
    """
    return machine_checks.ask_tensorflow()


def checked_tensorflow() -> app_checks.CheckResult:
    """The same answer, waited for: some seconds where nobody has asked before."""
    with st.spinner("Starting TensorFlow …"):
        return asked_tensorflow().result()


def ask_tensorflow_again() -> None:
    """Forget an answer that has come: something may have been installed since."""
    if asked_tensorflow().done():
        asked_tensorflow.clear()


def asked_models() -> Future[list[app_checks.CheckResult]]:
    """Whether every saved model works, as their files are now: asked in a process of its own."""
    models_dir = settings().models_dir
    return _asked_models(models_dir, model_files_stamp(models_dir))


@st.cache_resource(max_entries=1, ttl=3600, show_spinner=False)
def _asked_models(
    models_dir: Path,
    stamp: ShelfStamp,  # noqa: ARG001 - the key
) -> Future[list[app_checks.CheckResult]]:
    return model_check.ask_models(models_dir)
