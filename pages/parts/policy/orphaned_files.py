"""Orphaned pictures, which belong to no dataset: list and delete them."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import streamlit as st

from core.datasets.orphaned_files import OrphanedFiles, delete_orphaned_files, find_orphaned_files
from core.domain.errors import DatasetError
from core.domain.wording import size
from pages.parts.shell import cached, error_box
from pages.parts.shell.theme import plain


def draw() -> None:
    """A section of its own; a sentence where there are none, or where that is unknown."""
    st.subheader("Orphaned pictures", anchor=False)
    try:
        found = find_orphaned_files(
            cached.settings(), now=datetime.now(UTC), cache=cached.run_cache()
        )
    except DatasetError as error:
        st.write(plain(str(error)))
        return
    if not found:
        st.write("None. Uploaded pictures are deleted with their dataset.")
        return
    st.write(f"{size(sum(one.size_bytes for one in found))} of pictures that belong to no dataset.")
    with st.popover("Show them", icon=":material/delete_forever:"):
        _draw_choice({_title(one): one for one in found})


def _draw_choice(found: dict[str, OrphanedFiles]) -> None:
    # A click acts on the list that was on screen, not on a newer one.
    list_hash = sha256("\n".join(sorted(found)).encode()).hexdigest()[:12]
    names = st.multiselect("Delete", list(found), key=f"left-{list_hash}", width=560)
    st.caption(
        "Cut-out faces can also be opened under Explore data, by their path in the folder "
        "data/faces. A decoded copy is made again when it is needed. Your own files stay."
    )
    delete = st.button(
        "Delete for good", type="primary", disabled=not names, key=f"delete-left-{list_hash}"
    )
    if delete:
        with error_box.on_error():
            delete_orphaned_files(found[name] for name in names)
            st.rerun()


def _title(one: OrphanedFiles) -> str:
    return f"{one.kind}: {one.name}, {size(one.size_bytes)} ({one.folders[0].name})"
