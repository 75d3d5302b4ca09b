"""Form that maps unknown labels to classes, and the table of mapped labels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from core.datasets.catalogue import OpenPlan
from core.datasets.labels import guess, with_label_map
from core.datasets.report import data_uri, label_examples
from core.domain import FER7, SCHEMES
from pages.parts.explore import cached as explore_cached
from pages.parts.shell import cached as shell_cached
from pages.parts.shell.theme import plain

_EXCLUDE = "Exclude"


def draw_form(plan: Mapping[str, Any], labels_json: str) -> OpenPlan | None:
    """Ask for the class of each label, beside example pictures.

    Args:
        plan: of the run that failed.
        labels_json: the unknown labels.
    Returns:
        The plan with the answers, once they are given.
    Raises:
        DatasetError: a label has no answer.
    """
    plan_read = OpenPlan.from_json(plan)
    labels = json.loads(labels_json)
    scheme = SCHEMES.get(plan_read.source.scheme, FER7)
    pictures = label_examples(plan_read.source, shell_cached.settings().datasets_cache_dir, labels)
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
                answers[label] = _choose_class(label, scheme.labels)
        if not st.form_submit_button(
            "Open with these classes", type="primary", key="unmapped-open"
        ):
            return None
    return OpenPlan(plan_read.name, with_label_map(plan_read.source, answers))


def _choose_class(label: str, classes: tuple[str, ...]) -> str | None:
    """The class; empty excludes the pictures, None is no answer."""
    choices = [*classes, _EXCLUDE]
    # Numbers are not guessed: 1 is as often the first class as the second.
    guessed = None if label.strip().replace(".", "").isdigit() else guess(label, FER7)
    index = choices.index(guessed) if guessed in choices else None
    chosen = st.selectbox(
        f"“{plain(label)}”", choices, index=index, placeholder="Choose", key=f"unmapped-{label}"
    )
    return "" if chosen == _EXCLUDE else chosen


def draw_mapping(name: str) -> None:
    """Draw the table of original labels and their classes.

    Args:
        name: in the catalogue.
    """
    rows = explore_cached.mapping_rows(name)
    if rows:
        with st.expander("Original labels"):
            st.dataframe(rows, hide_index=True)
