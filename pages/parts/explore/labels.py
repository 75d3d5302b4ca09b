"""What labels of a dataset stand for: asked where nobody can tell, shown where it is settled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from core.datasets import OpenPlan
from core.datasets.labels import chosen_labels, guess
from core.datasets.report import data_uri, label_examples
from core.domain import FER7, SCHEMES
from pages.parts.explore import cached as explore_cached
from pages.parts.shell import cached as shell_cached
from pages.parts.shell.theme import plain

_LEAVE_OUT = "Exclude"


def draw_form(plan: Mapping[str, Any], labels_json: str) -> OpenPlan | None:
    """Ask what labels stand for, each beside pictures of it.

    Args:
        plan: of the run that met labels nobody knows.
        labels_json: these labels.
    Returns:
        The plan with the answers, once they are given.
    Raises:
        DatasetError: a label was not answered.
    """
    asked = OpenPlan.from_json(plan)
    labels = json.loads(labels_json)
    scheme = SCHEMES.get(asked.source.scheme, FER7)
    pictures = label_examples(asked.source, shell_cached.settings().datasets_cache_dir, labels)
    with st.form("unmapped"):
        st.markdown("**Which class does each label stand for?**")
        answers = {}
        for label in labels:
            shown, choice = st.columns([2, 3], vertical_alignment="center")
            if label in pictures:
                shown.html(
                    f'<img alt="{escape(f"Pictures labelled {label}")}" '
                    f'src="{data_uri(pictures[label])}" '
                    'style="width: 100%; max-width: 260px; border-radius: 6px">'
                )
            with choice:
                answers[label] = _ask(label, scheme.labels)
        if not st.form_submit_button(
            "Open with these classes", type="primary", key="unmapped-open"
        ):
            return None
    return OpenPlan(asked.name, chosen_labels(asked.source, answers))


def _ask(label: str, classes: tuple[str, ...]) -> str | None:
    """The class; empty leaves the pictures out, None is no answer."""
    choices = [*classes, _LEAVE_OUT]
    # A number is never guessed: 1 is as often the first class as the second.
    likely = None if label.strip().replace(".", "").isdigit() else guess(label, FER7)
    at = choices.index(likely) if likely in choices else None
    chosen = st.selectbox(
        f"“{plain(label)}”", choices, index=at, placeholder="Choose", key=f"unmapped-{label}"
    )
    return "" if chosen == _LEAVE_OUT else chosen


def draw_mapping(name: str) -> None:
    """Which class each label of the files became.

    Args:
        name: in the catalogue.
    """
    rows = explore_cached.mapping_rows(name)
    if rows:
        with st.expander("Original labels"):
            st.dataframe(rows, hide_index=True)
