"""Entry point of the app: navigation and the frame around every page.

Run with `streamlit run app.py`.
"""

from __future__ import annotations

import streamlit as st

from pages.parts.shell.navigation import ICON, draw_frame, navigation

st.set_page_config(page_title="Mien", page_icon=ICON, layout="wide")
page = st.navigation(navigation())
draw_frame()
page.run()
