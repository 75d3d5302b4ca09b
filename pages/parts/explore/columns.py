"""Form for the columns of a list of pictures, where they cannot be detected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.datasets.catalogue import OpenPlan

_NONE = "None"


def draw_form(plan: Mapping[str, Any], table_json: str) -> OpenPlan | None:
    """Show the first rows of the list, and ask which column holds the labels.

    Args:
        plan: of the run that failed.
        table_json: the names of the list's columns, and its first rows.
    Returns:
        The plan with the answers, once they are given.
    """
    plan_read = OpenPlan.from_json(plan)
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
    # Without an answer the run fails, and the form is shown again.
    chosen_columns = {what: name for what, name in chosen.items() if name not in {None, _NONE}}
    columns_read = replace(plan_read.source.columns, **chosen_columns, box=",".join(box))
    return OpenPlan(plan_read.name, replace(plan_read.source, columns=columns_read))
