"""Pictures that no dataset shows any more: what they are, how much, and deleting them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

import streamlit as st

from core.leftovers import Leftover, delete_leftovers, leftovers
from core.library.formats_text import size
from pages.parts import notice, shared

_MOST_NAMED = 8


def draw() -> None:
    """A section of its own; a sentence where there are none."""
    st.subheader("Pictures left behind", anchor=False)
    found = leftovers(shared.settings(), now=datetime.now(UTC))
    if not found:
        st.write("None. Pictures that somebody brought go with their dataset.")
        return
    st.write(
        f"{size(sum(one.size_bytes for one in found))} of uploads, cut-out faces and decoded "
        "copies that no dataset shows any more."
    )
    with st.popover("Look at them", icon=":material/delete_forever:"):
        _draw_list(found)
        # A click acts on what was on screen, not on what was left behind since.
        seen = sha256("\n".join(sorted(str(one.folder) for one in found)).encode()).hexdigest()[:12]
        if st.button("Delete all of them for good", type="primary", key=f"delete-left-{seen}"):
            with notice.on_error():
                delete_leftovers(found)
                st.rerun()


def _draw_list(found: Sequence[Leftover]) -> None:
    lines = [f"- {one.kind}: `{one.name}`, {size(one.size_bytes)}" for one in found[:_MOST_NAMED]]
    if len(found) > _MOST_NAMED:
        lines.append(f"- and {len(found) - _MOST_NAMED:,} more, each smaller")
    st.markdown("\n".join(lines))
    st.write("Files elsewhere on this machine stay, and a decoded copy is made again when needed.")
