"""Cache of a visitor's analysed pictures, with its lifetime."""

from __future__ import annotations

from contextlib import closing

import streamlit as st

from core.recordings import AnalysedPicture, analyse_picture
from core.vision import open_still_analyser
from core.vision.recognition import ModelVersion
from pages.parts.live import cached as live_cached
from pages.parts.shell import cached as shell_cached


# In this tab's memory only; a picture of 12 megapixels takes 36 MB.
@st.cache_resource(scope="session", max_entries=4, show_spinner="Looking for faces …")
def analysed_picture(
    digest: str,  # noqa: ARG001 - the cache key of the content
    version: ModelVersion,
    _content: bytes,
    _name: str,
) -> AnalysedPicture:
    """A picture with its faces.

    Args:
        digest: of its content.
        version: of the model.
    Raises:
        MediaError: it cannot be read.
        ModelError, AssetError: something it needs is missing or damaged.
    """
    with closing(
        open_still_analyser(shell_cached.settings(), live_cached.loaded_model(version))
    ) as analyser:
        return analyse_picture(_content, _name, analyser)
