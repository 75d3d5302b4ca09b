"""Keyboard shortcuts of pages with a camera: each presses a button or switch on screen.

Not `st.button(shortcut=...)`: it refuses R, switches have none, and it does not work while a switch
has the focus, as the camera's has after a click.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

Keys = Mapping[str, tuple[str, str, str]]
"""Key -> display name, action, and the selector of what it presses."""

LIVE_KEYS: Keys = {
    " ": ("Space", "pause", ".st-key-pause button, .st-key-resume button"),
    "s": ("S", "screenshot", ".st-key-screenshot button"),
    "e": ("E", "export", ".st-key-export button"),
    "m": ("M", "mark", ".st-key-mark button"),
    "r": ("R", "reset", ".st-key-reset button"),
    "a": ("A", "all scores", ".st-key-all-expressions input"),
    "q": ("Q", "stop", "[class*='st-key-camera-switch-'] input:checked"),
}
"""Of the live page."""

_LISTEN = """
const WRITTEN_IN = "textarea, select, [contenteditable='true'], [contenteditable=''], " +
  "[role='textbox'], [role='combobox'], [role='slider'], [role='spinbutton']";
const PRESSED = ["button", "checkbox", "radio", "submit", "reset"];
const BY_SPACE = "button, a[href], summary, input, [role='button'], [role='switch'], " +
  "[role='radio'], [role='checkbox'], [role='tab'], [role='option']";
const OPEN = "[role='dialog'], [role='menu'], [data-testid='stPopoverBody']";

function isWrittenIn(node) {
  if (!node.closest) return false;
  const input = node.closest("input");
  return input ? !PRESSED.includes(input.type) : node.closest(WRITTEN_IN) !== null;
}

function listen(state) {
  // A person who came to a button by Tab presses that button with Space.
  let cameByTab = false, swallowed = false, lastKey = "", lastAt = -Infinity;
  const wanted = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return null;
    const found = document.querySelector(state.keys[event.key.toLowerCase()] ?? "#none");
    const node = event.composedPath()[0];
    if (!found || event.isComposing || isWrittenIn(node)) return null;
    const isPressed = event.key === " " && node.closest?.(BY_SPACE);
    if (isPressed && cameByTab) return null;
    // Not yet: Space must not press instead what was clicked last, such as the camera's switch.
    if (found.disabled && !isPressed) return null;
    return document.querySelector(OPEN) ? null : found;
  };
  const swallow = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  const down = (event) => {
    if (event.key === "Tab") cameByTab = true;
    const found = wanted(event);
    if (!found) return;
    swallowed = true;
    swallow(event);
    if (found.disabled || event.repeat || isSecond(event)) return;
    found.click();
  };
  // The button that a double press is meant for may be another one by the second.
  const isSecond = (event) => {
    const same = event.key === lastKey && event.timeStamp - lastAt < state.onceWithinMs;
    if (!same) [lastKey, lastAt] = [event.key, event.timeStamp];
    return same;
  };
  const clicked = (event) => {
    const isDouble = state.onceWithinMs > 0 && event.detail > 1;
    if (isDouble && event.composedPath()[0].closest?.("button")) swallow(event);
  };
  const up = (event) => { if (swallowed) swallow(event); swallowed = false; };
  const pointed = () => { cameByTab = false; };
  // Before Streamlit hears it: R alone would run the page once more.
  window.addEventListener("keydown", down, true);
  window.addEventListener("keyup", up, true);
  window.addEventListener("pointerdown", pointed, true);
  window.addEventListener("click", clicked, true);
  return () => {
    window.removeEventListener("keydown", down, true);
    window.removeEventListener("keyup", up, true);
    window.removeEventListener("pointerdown", pointed, true);
    window.removeEventListener("click", clicked, true);
  };
}

export default function ({ data, parentElement }) {
  const state = { keys: data.keys, onceWithinMs: data.onceWithinMs };
  parentElement.mienStop?.();
  parentElement.mienStop = listen(state);
  document.documentElement.dataset.keys = "heard";  // tests wait for it
  return () => {
    parentElement.mienStop?.();
    parentElement.mienStop = null;
    delete document.documentElement.dataset.keys;
  };
}
"""


def draw_help(keys: Keys) -> None:
    """The shortcuts in a line; hidden on touch devices."""
    # A line breaks after the gap, never before it: the next would begin with an indent.
    shortcuts = "&nbsp;&ensp; ".join(
        f"`{written}`&nbsp;{does}" for written, does, _ in keys.values()
    )
    with st.container(key="keyboard-only-keys"):
        st.caption(f"Keys &ensp; {shortcuts}".replace("all scores", "all&nbsp;scores"))


def listen(keys: Keys, *, once_within_ms: int = 0) -> None:
    """Handle the keys while this page is open.

    Args:
        once_within_ms: a key that is pressed again so soon does nothing, and neither does the
            second click of a double click on a button; 0 lets both press.
    """
    listener = st.components.v2.component("mien_keys", js=_LISTEN)
    pressed = {key: selector for key, (_, _, selector) in keys.items()}
    data = {"keys": pressed, "onceWithinMs": once_within_ms}
    listener(key="unseen-keys", data=data)
