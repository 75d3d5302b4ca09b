"""System check: what is installed and works here, with one remedy each."""

from __future__ import annotations

import streamlit as st

from core.system_check import camera_over, served_port
from pages.parts.live import camera_probe
from pages.parts.live.camera_permission import PERMISSION_TEXT, CameraPermission
from pages.parts.shell import cached, error_box, models_check, readiness, session_state
from pages.parts.shell.navigation import SYSTEM_CHECK, open_page


def _draw_installed() -> None:
    st.subheader("What is installed", anchor=False)
    port = served_port(st.context.url or "")
    app = [*cached.app_check_results(), cached.browser_eye_result()]
    readiness.draw([*app, *cached.machine_check_results(), *port])
    with st.expander("Packages and versions"):
        readiness.draw_versions(cached.package_versions())


def _draw_models() -> None:
    st.subheader("Models", anchor=False)
    models_check.draw()


def _draw_training() -> None:
    st.subheader("Training", anchor=False)
    if session_state.tensorflow_checked.get():
        readiness.draw([cached.tensorflow_result()])
        return
    st.caption("Starts TensorFlow in a separate process, which takes a few seconds.")
    if st.button("Check TensorFlow and GPU", key="check-tensorflow"):
        cached.clear_tensorflow_check()
        session_state.tensorflow_checked.set(True)
        st.rerun()


def _draw_camera() -> None:
    st.subheader("Camera", anchor=False)
    readiness.draw([camera_over(st.context.url or "")])
    attempt = session_state.camera_probe.get()
    if st.button("Test the camera", key="test-camera", icon=":material/videocam:"):
        attempt += 1
        session_state.camera_probe.set(attempt)
    if attempt:
        _draw_figures(camera_probe.measure_camera(attempt))
    else:
        st.caption("Opens it for three seconds. No picture leaves the browser.")


def _draw_figures(found: camera_probe.CameraFigures) -> None:
    if found.answer is CameraPermission.WAITING:
        st.info("Please allow the camera when your browser asks. The test takes three seconds.")
    elif found.answer is not CameraPermission.ALLOWED:
        st.warning(PERMISSION_TEXT[found.answer], icon=":material/videocam_off:")
    else:
        counted = f", {found.fps:.0f} FPS" if found.fps else ""
        st.success(f"The camera works: {found.width_px} x {found.height_px} px{counted}.")
        st.text(found.name)


open_page(SYSTEM_CHECK.path)
st.title(SYSTEM_CHECK.title, anchor=False)
st.write(
    "Checks this machine and this browser. `python -m core doctor` checks the machine from the "
    "command line."
)
with error_box.on_error():
    _draw_installed()
with error_box.on_error():
    _draw_models()
with error_box.on_error():
    _draw_training()
with error_box.on_error():
    _draw_camera()
