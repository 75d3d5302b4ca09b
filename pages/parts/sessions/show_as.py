"""The choice of the view of scores, remembered across pages."""

from __future__ import annotations

import streamlit as st

from core.domain import LabelScheme
from core.measures import MEASURES_ONLY, OWN, ScoreView, views_of
from pages.parts.shell import cached, session_state
from pages.parts.shell.theme import plain

_HELP = "This is what a face shows, not what a person feels."


def choose_view(scheme: LabelScheme, *others: ScoreView) -> ScoreView:
    """The visitor's view for a model with these classes; the model's own until one is chosen.

    Draw it once per page, and only where expressions may be shown.

    Args:
        others: views that this page offers besides. One that is chosen elsewhere stays chosen
            there until the visitor chooses another here.
    """
    views = {view.name: view for view in (*views_of(scheme), *others)}
    chosen = views.get(session_state.shown_as.get(), views[OWN])
    name = st.pills(
        "Show as",
        list(views),
        default=chosen.name,
        required=True,
        wrap=True,  # beside the camera's picture the third would be cut off
        format_func=lambda one: views[one].title,
        help=" ".join([_HELP, *(view.note for view in views.values() if view.note)]),
        key=f"show-as-{scheme.name}",
    )
    if name != chosen.name:
        session_state.shown_as.set(name)
    _draw_trained_note(views[name])
    return views[name]


def _draw_trained_note(shown: ScoreView) -> None:
    """A note about a model trained for the classes of a derived view, where one is installed."""
    names = [card.name for card in cached.cards() if card.scheme.labels == shown.scheme.labels]
    if shown.name not in {OWN, MEASURES_ONLY} and names:
        st.caption(
            f"A model trained for these classes is installed: {plain(names[0])}. Choose it as "
            "the model to use it."
        )
