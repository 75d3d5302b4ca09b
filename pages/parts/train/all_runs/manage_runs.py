"""Managing runs: filter by tags, write notes, delete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from core.domain.counted import counted
from core.jobs import annotate, delete
from core.training.monitoring import RunRow
from pages.parts.shell import cached, error_box, session_state
from pages.parts.shell.theme import plain


def choose_by_tags(found: Sequence[RunRow]) -> list[RunRow]:
    """The runs with all selected tags; all runs if none is selected."""
    tags = sorted({tag for row in found for tag in row.run.tags})
    if not tags:
        return list(found)
    chosen = st.pills(
        "Filter by tag", tags, selection_mode="multi", format_func=plain, key="run-tags"
    )
    left = [row for row in found if set(chosen) <= set(row.run.tags)]
    if not left:
        st.caption("No run has all of these tags, so every run is shown.")
    return left or list(found)


def draw_notes(row: RunRow) -> None:
    """A form for a run's note and tags."""
    run = row.run
    runs_dir = cached.settings().runs_dir
    with st.form(f"notes-{run.id}", border=False):
        tags = st.text_input(
            "Tags",
            ", ".join(run.tags),
            placeholder="baseline, for the paper",
            help="Separated by commas.",
            key=f"tags-{run.id}",
        )
        note = st.text_area(
            "Note",
            run.note,
            height=80,
            placeholder="What it was for, and what it showed",
            key=f"note-{run.id}",
        )
        if st.form_submit_button("Save", key=f"keep-{run.id}"):
            with error_box.on_error():
                annotate(runs_dir, run.id, note=note, tags=tags.split(","))
                st.rerun()


def draw_delete(chosen: Sequence[RunRow]) -> None:
    """A button that deletes runs after confirmation."""
    many = len(chosen) > 1
    with st.popover(f"Delete {counted(len(chosen), 'run')}" if many else "Delete"):
        st.markdown(
            "Checkpoints, metrics and saved predictions are deleted permanently. "
            "Saved models are kept."
        )
        if not st.button("Delete permanently", key="delete-runs", type="primary"):
            return
        with error_box.on_error():
            for row in chosen:
                delete(cached.settings().runs_dir, row.run.id, now=datetime.now(UTC))
                if session_state.followed_run.get() == row.run.id:
                    session_state.followed_run.set(None)
            st.rerun()
