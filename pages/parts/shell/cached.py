"""Caches shared by every page, with their lifetimes: settings, models, checks.

Their results are read-only by convention.
"""

from __future__ import annotations

import os
from concurrent.futures import Future
from pathlib import Path

import streamlit as st

from core.domain import ModelCard
from core.domain.errors import UnknownRun
from core.jobs import RunCache, RunFolder
from core.models import RegistryStamp, list_cards, model_files_stamp, registry_stamp
from core.settings import Settings
from core.system_check import app_checks, machine_checks, model_check


@st.cache_resource(max_entries=1, show_spinner=False)
def settings() -> Settings:
    """Folders and addresses of this installation, from the environment."""
    return Settings.from_environment(os.environ)


def cards() -> list[ModelCard]:
    """Every saved model's card, up to date."""
    models_dir = settings().models_dir
    return _cards_in(models_dir, registry_stamp(models_dir))


@st.cache_resource(max_entries=2, show_spinner=False)
def _cards_in(models_dir: Path, stamp: RegistryStamp) -> list[ModelCard]:  # noqa: ARG001 - the key
    return list_cards(models_dir)


@st.cache_data(max_entries=1, ttl=10, show_spinner=False)
def app_check_results() -> list[app_checks.CheckResult]:
    """Checks of everything a live session needs, repeated every ten seconds."""
    return app_checks.check_app(settings())


@st.cache_data(max_entries=1, ttl=60, show_spinner=False)
def browser_eye_result() -> app_checks.CheckResult:
    """The check of the files for reading faces in browsers, repeated every minute."""
    return app_checks.check_browser_eye(settings())


# Sixteen runs with their figures and 1000 without: some 40 MB, of 60 epochs each.
@st.cache_resource(max_entries=1, show_spinner=False)
def run_cache() -> RunCache:
    """Cache of runs, shared by all tabs: a read costs only what was written since the last one."""
    return RunCache()


def plan_of(run_id: str) -> dict[str, object]:
    """A run's plan, as in its folder; empty where it cannot be read."""
    try:
        return RunFolder(settings().runs_dir / run_id).read_plan()[1]
    except UnknownRun:
        return {}


@st.cache_data(max_entries=1, ttl=10, show_spinner=False)
def machine_check_results() -> list[app_checks.CheckResult]:
    """Checks of this machine, repeated every ten seconds."""
    return machine_checks.check_machine(settings())


@st.cache_data(max_entries=1, ttl=600, show_spinner=False)
def package_versions() -> list[machine_checks.PackageVersion]:
    """Every package that Mien depends on, with its version."""
    return machine_checks.package_versions()


@st.cache_resource(max_entries=1, ttl=3600, show_spinner=False)
def tensorflow_check() -> Future[app_checks.CheckResult]:
    """Whether TensorFlow works, and on which device: checked in a separate process, at most once an
    hour for all visitors. A page that does not wait shows the result when it is there.
    """
    return machine_checks.start_tensorflow_check()


def tensorflow_result() -> app_checks.CheckResult:
    """The result of `tensorflow_check`; waits some seconds where it is not known yet."""
    with st.spinner("Starting TensorFlow …"):
        return tensorflow_check().result()


def clear_tensorflow_check() -> None:
    """Forget a finished check: something may have been installed since."""
    if tensorflow_check().done():
        tensorflow_check.clear()


def models_check() -> Future[list[app_checks.CheckResult]]:
    """Whether every saved model works: checked in a separate process when files change."""
    models_dir = settings().models_dir
    return _models_check(models_dir, model_files_stamp(models_dir))


@st.cache_resource(max_entries=1, ttl=3600, show_spinner=False)
def _models_check(
    models_dir: Path,
    stamp: RegistryStamp,  # noqa: ARG001 - the key
) -> Future[list[app_checks.CheckResult]]:
    return model_check.start_models_check(models_dir)
