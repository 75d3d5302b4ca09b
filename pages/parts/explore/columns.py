"""Which column of a list beside pictures holds what: asked where nobody can tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.datasets import OpenPlan

_NONE = "None"


def draw_form(plan: Mapping[str, Any], table_json: str) -> OpenPlan | None:
    """Show the first lines of the list, and ask which column holds the labels.

    Args:
        plan: of the run that met the list.
        table_json: the names of its columns, and its first rows.
    Returns:
        The plan with the answers, once they are given.
    """
    asked = OpenPlan.from_json(plan)
    table = json.loads(table_json)
    columns = table["columns"]
    with st.form("columns"):
        st.markdown("**Which column holds the label of each picture?**")
        st.dataframe(pd.DataFrame(table["rows"], columns=columns), hide_index=True)
        label, person, split = st.columns(3)
        chosen = {
            "label": label.selectbox(
                "Label", columns, index=None, placeholder="Choose", key="columns-label"
            ),
            "subject": person.selectbox("Person", [_NONE, *columns], key="columns-subject"),
            "split": split.selectbox("Split", [_NONE, *columns], key="columns-split"),
        }
        box = st.multiselect(
            "Face bounding box",
            columns,
            key="columns-box",
            max_selections=4,
            help="One column, or four in this order: left, top, right, bottom; or x, y, "
            "width, height. Empty: the centre square of each picture.",
        )
        if not st.form_submit_button("Open with these columns", type="primary", key="columns-open"):
            return None
    # Without an answer it is asked again.
    said = {what: name for what, name in chosen.items() if name not in {None, _NONE}}
    answered = replace(asked.source.columns, **said, box=",".join(box))
    return OpenPlan(asked.name, replace(asked.source, columns=answered))
