"""Which model the camera uses: chosen where there are several, kept while the camera is on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.models import LITERT_FILE, load_card, save
from core.models.registry import write_card
from core.settings import Settings
from tests.make import make_card, make_report


def page() -> None:
    import streamlit as st

    from pages.parts.live import model_choice
    from pages.parts.shell import session_state

    st.toggle("On", key="on", on_change=lambda: None)
    session_state.camera_on.set(st.session_state["on"])
    used = model_choice.choose_model()
    st.caption(used.version)
    st.write(f"used: {used.name}")


@pytest.fixture
def chooser(installation: Settings) -> AppTest:
    return AppTest.from_function(page, default_timeout=20)


def shelve(settings: Settings, tmp_path: Path, name: str, *, accuracy: float | None) -> None:
    file = tmp_path / LITERT_FILE
    file.write_bytes(name.encode())
    reports = () if accuracy is None else (make_report(accuracy=accuracy),)
    save(settings.models_dir, replace(make_card(name), reports=reports), {LITERT_FILE: file})


def used(visitor: AppTest) -> str:
    return visitor.markdown[-1].value


def test_with_one_model_there_is_no_choice(
    chooser: AppTest, installation: Settings, tmp_path: Path
) -> None:
    shelve(installation, tmp_path, "ours", accuracy=0.7)
    assert used(chooser.run()) == "used: ours"
    assert not chooser.selectbox


def test_the_best_is_used_until_another_is_chosen(
    chooser: AppTest, installation: Settings, tmp_path: Path
) -> None:
    shelve(installation, tmp_path, "ours", accuracy=0.7)
    shelve(installation, tmp_path, "theirs", accuracy=None)
    assert used(chooser.run()) == "used: ours"
    assert chooser.selectbox[0].options == ["ours", "theirs (not evaluated here)"]
    chooser.selectbox[0].set_value("theirs").run()
    assert used(chooser) == "used: theirs"


def test_a_model_changed_in_the_registry_is_reloaded_once_the_camera_is_off(
    chooser: AppTest, installation: Settings, tmp_path: Path
) -> None:
    shelve(installation, tmp_path, "ours", accuracy=0.7)
    before = chooser.run().caption[0].value
    assert chooser.run().caption[0].value == before
    chooser.toggle(key="on").set_value(True).run()
    card = load_card(installation.models_dir, "ours")
    write_card(installation.models_dir / "ours", replace(card, temperature=3.0))
    assert chooser.run().caption[0].value == before
    chooser.toggle(key="on").set_value(False).run()
    assert chooser.caption[0].value != before


def test_while_the_camera_is_on_the_model_stays_whatever_is_registered(
    chooser: AppTest, installation: Settings, tmp_path: Path
) -> None:
    shelve(installation, tmp_path, "ours", accuracy=0.7)
    shelve(installation, tmp_path, "theirs", accuracy=None)
    chooser.run()
    chooser.selectbox[0].set_value("theirs").run()
    chooser.toggle(key="on").set_value(True).run()
    shelve(installation, tmp_path, "better", accuracy=0.9)
    assert used(chooser.run()) == "used: theirs"
    assert chooser.selectbox[0].disabled
    chooser.toggle(key="on").set_value(False).run()
    assert used(chooser) == "used: theirs"
    assert any("better" in option for option in chooser.selectbox[0].options)
