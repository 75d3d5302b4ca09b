"""A clock that the browser moves on: the server draws it once a phase, and decides its end."""

from __future__ import annotations

import streamlit as st

_JS = """
function written(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export default function ({ data, parentElement }) {
  let clock = parentElement.querySelector(".clock");
  if (!clock) {
    clock = document.createElement("div");
    clock.className = "clock";
    clock.setAttribute("role", "timer");
    parentElement.append(clock);
  }
  clearInterval(parentElement.mienTimer);
  const endsAt = performance.now() + 1000 * data.remainingS;
  const show = () => {
    const left = data.runs ? (endsAt - performance.now()) / 1000 : data.remainingS;
    clock.textContent = `${data.label} ${written(left)}`;
  };
  show();
  if (data.runs) parentElement.mienTimer = setInterval(show, 250);
  return () => clearInterval(parentElement.mienTimer);
}
"""
_CSS = """
.clock {
  color: var(--st-text-color);
  font-family: var(--st-font);
  font-size: 1.5rem;
  font-variant-numeric: tabular-nums;
  line-height: 1.4;
}
"""


def draw_timer(label: str, remaining_s: float, *, runs: bool) -> None:
    """Draw the time that is left.

    Args:
        label: what it is for, before the time.
        remaining_s: now, in seconds.
        runs: whether it counts down; otherwise it stands still.
    """
    timer = st.components.v2.component("mien_practice_timer", js=_JS, css=_CSS)
    timer(
        key="practice-timer",
        data={"label": label, "remainingS": round(remaining_s, 2), "runs": runs},
    )
