"""Questions read aloud: what is said where the device has no voice for their language."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pages.parts.practice import speech as module


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The captions of one tab, whose browser told that it has no voice."""
    captions: list[str] = []
    told = SimpleNamespace(voice="none")
    monkeypatch.setattr(module.session_state, "component_state", lambda _: told)
    monkeypatch.setattr(module.st.components.v2, "component", lambda *_, **__: lambda **_: None)
    monkeypatch.setattr(module.st, "caption", captions.append)
    return captions


@pytest.mark.parametrize(
    ("tag", "name"), [("en", "English"), ("de-AT", "Deutsch"), ("fi", "fi")], ids=str
)
def test_a_language_without_a_voice_is_named_as_people_name_it(
    said: list[str], tag: str, name: str
) -> None:
    module.read_aloud("Why?", tag, asked="p1-0-1")
    assert said == [f"Not read aloud: this device has no voice of its own for {name}."]


def test_nothing_is_said_of_voices_where_nothing_is_asked(said: list[str]) -> None:
    module.read_aloud("Why?", "en", asked="")
    assert said == []
