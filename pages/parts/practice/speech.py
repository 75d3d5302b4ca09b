"""Questions read aloud by the browser, where it has a voice of its own for their language."""

from __future__ import annotations

import streamlit as st

from pages.parts.practice.own_questions import LANGUAGES
from pages.parts.shell import session_state
from pages.parts.shell.theme import plain

_KEY = "unseen-speech"
# Only a voice of the device itself: others send what they read to a service.
_JS = """
const WAITS_MS = 2000;

function ownVoice(language) {
  const base = (tag) => tag.toLowerCase().replace("_", "-").split("-")[0];
  const own = speechSynthesis.getVoices().filter((one) => one.localService);
  return own.find((one) => one.lang.toLowerCase() === language.toLowerCase()) ??
    own.find((one) => base(one.lang) === base(language));
}

function say({ text, language }, tell) {
  const voice = ownVoice(language);
  if (!voice) return false;
  const words = new SpeechSynthesisUtterance(text);
  words.voice = voice;
  words.lang = voice.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
  tell("spoken");
  return true;
}

export default function ({ data, parentElement, setStateValue }) {
  const state = (parentElement.mienSpeech ??= { asked: "" });
  if (state.asked === data.asked) return;
  state.asked = data.asked;
  window.speechSynthesis?.cancel();
  if (!data.asked) return;
  const tell = (voice) => setStateValue("voice", voice);
  if (!window.speechSynthesis) return tell("none");
  if (say(data, tell)) return;
  // Voices are loaded when they are first asked for.
  let isOver = false;
  const again = () => { if (!isOver && say(data, tell)) isOver = true; };
  speechSynthesis.addEventListener("voiceschanged", again);
  setTimeout(() => {
    speechSynthesis.removeEventListener("voiceschanged", again);
    again();
    if (!isOver && state.asked === data.asked) tell("none");
    isOver = true;
  }, WAITS_MS);
}
"""


def read_aloud(text: str, language: str, *, asked: str) -> None:
    """Read a question aloud, once for each time it is asked; and say where that cannot be.

    Args:
        language: its tag, such as "en".
        asked: names this time; empty to be silent.
    """
    voice = getattr(session_state.component_state(_KEY), "voice", "")
    speech = st.components.v2.component("mien_practice_speech", js=_JS)
    speech(
        key=_KEY,
        data={"text": text, "language": language, "asked": asked},
        on_voice_change=lambda: None,
    )
    if voice == "none" and asked:
        name = LANGUAGES.get(language.partition("-")[0], language)
        st.caption(f"Not read aloud: this device has no voice of its own for {plain(name)}.")
