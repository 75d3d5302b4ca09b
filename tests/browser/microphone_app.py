"""A page with a microphone and nothing else, over a session that is being recorded.

`streamlit run tests/browser/microphone_app.py`; the frames are no camera's, and have no picture.
"""

from __future__ import annotations

import streamlit as st

if __name__ == "__main__":
    from datetime import UTC, datetime

    from core.policy import Consent
    from pages.parts.policy.consent_gate import use_policy
    from pages.parts.practice.microphone import draw_microphone
    from pages.parts.shell import session_state
    from tests.browser.filmed import filmed_session

    policy = use_policy()
    assert policy is not None
    if session_state.consent.get() is None:
        session_state.consent.set(Consent(datetime.now(UTC), policy.notice_version))
    live = filmed_session()
    wanted = st.toggle("Microphone")
    if st.toggle("Pause"):
        live.pause()
    else:
        live.resume()

    @st.fragment
    def microphone() -> None:
        """As the practice draws it."""
        report = draw_microphone(live, wanted=wanted)
        st.write(f"It is {report.state}.")

    microphone()
else:
    from core.web import level_routes
    from pages.parts.eye.server import level_receiver

    app = st.App(__file__, routes=level_routes(level_receiver))
