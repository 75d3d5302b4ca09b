"""What all visitors share, and each thing's lifetime; the only module that uses `st.cache_*`.

What these functions answer is read-only by agreement.
"""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from core.library import list_cards
from core.policy import UsePolicy
from core.policy import store as policy_store
from core.sessions import SessionStore
from core.settings import Settings
from core.vocabulary import ModelCard


@st.cache_resource(max_entries=1, show_spinner=False)
def settings() -> Settings:
    """Folders and addresses of this installation, read once from the environment."""
    return Settings.from_environment(os.environ)


@st.cache_resource(max_entries=1, show_spinner=False)
def store() -> SessionStore:
    """The session database.

    Raises:
        StoreError: it cannot be opened.
    """
    return SessionStore.open(settings().database_url)


def cards() -> list[ModelCard]:
    """Every saved model's card; a model published now appears within seconds."""
    return _cards_in(settings().models_dir)


# Ten seconds: short enough for a fresh model to appear, long enough for a live page's reruns.
@st.cache_resource(max_entries=2, ttl=10, show_spinner=False)
def _cards_in(models_dir: Path) -> list[ModelCard]:
    return list_cards(models_dir)


def use_policy() -> UsePolicy | None:
    """What was chosen for this installation; None if nothing yet.

    Raises:
        NotAllowedHere: the stored choice is damaged.
    """
    return policy_store.read(_use_path())


def set_use_policy(policy: UsePolicy) -> None:
    """Choose region and purpose for this installation.

    Raises:
        StoreError: the data folder cannot be written.
    """
    policy_store.write(_use_path(), policy)


def _use_path() -> Path:
    return settings().data_dir / policy_store.FILE_NAME
