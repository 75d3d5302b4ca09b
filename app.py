"""Entry point of the app: the server, and the script that it runs for each visitor.

Run with `streamlit run app.py`. Streamlit imports this file once to find the server, and runs it as
`__main__` for every visit: navigation, and the frame around every page.
"""

from __future__ import annotations

import os

import streamlit as st

if __name__ == "__main__":
    from pages.parts.shell.navigation import ICON, draw_frame, navigation

    st.set_page_config(page_title="Mien", page_icon=ICON, layout="wide")
    page = st.navigation(navigation())
    draw_frame()
    page.run()
else:
    from core.settings import Settings
    from core.web import class_routes, eye_routes, level_routes
    from pages.parts.eye.server import (
        class_receiver,
        level_receiver,
        lifespan,
        model_file,
        row_receiver,
    )

    files_dir = Settings.from_environment(os.environ).eye_files_dir
    routes = eye_routes(row_receiver, files_dir, model_file)
    routes += level_routes(level_receiver) + class_routes(class_receiver)
    app = st.App(__file__, routes=routes, lifespan=lifespan)
