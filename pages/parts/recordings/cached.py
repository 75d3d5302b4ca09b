"""What is remembered of pictures that a visitor gave, and its lifetime."""

from __future__ import annotations

from contextlib import closing

import streamlit as st

from core.recordings import SeenPicture, look_at_picture
from core.vision import open_still_analyser
from core.vision.recognition import UsedModel
from pages.parts.live import cached as live_cached
from pages.parts.shell import cached as shell_cached


# In this tab's memory only; of 12 million pixels, 36 MB each.
@st.cache_resource(scope="session", max_entries=4, show_spinner="Looking for faces …")
def seen_picture(
    digest: str,  # noqa: ARG001 - stands for the content in the key
    used: UsedModel,
    _content: bytes,
    _name: str,
) -> SeenPicture:
    """Everybody in a picture.

    Args:
        digest: of its content.
        used: the model that judges.
    Raises:
        MediaError: it cannot be read.
        ModelError, AssetError: something it needs is missing or damaged.
    """
    with closing(open_still_analyser(shell_cached.settings(), live_cached.judge(used))) as analyser:
        return look_at_picture(_content, _name, analyser)
