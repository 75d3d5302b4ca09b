"""Pictures that only one of two models classifies correctly."""

from __future__ import annotations

import streamlit as st

from core.evaluation.comparison import ModelPair
from core.evaluation.predictions import Evaluation
from pages.parts.evaluate.comparison import cached as comparison_cached
from pages.parts.evaluate.pictures import cached as pictures_cached
from pages.parts.evaluate.pictures import gallery, not_here
from pages.parts.shell.theme import plain

_MOST = 48


def draw(pair: ModelPair, first: Evaluation, second: Evaluation, split: str) -> None:
    """Draw a choice of side and its pictures, where they are on this machine.

    Args:
        first, second: evaluations of the pair.
    """
    found = pictures_cached.pictures(first, split)
    if found is None:
        not_here.draw_not_here(first)
        return
    differing = comparison_cached.disagreements_on(split, first, second)
    sides = {
        f"Only {pair.first} correct": differing.only_first,
        f"Only {pair.second} correct": differing.only_second,
    }
    side = st.pills(
        "Pictures that only one predicts correctly",
        list(sides),
        format_func=lambda name: f"{plain(name)} · {len(sides[name]):,}",
        key=f"compare-side-{pair.first}-{pair.second}",
    )
    if side is None:
        return
    positions = sides[side][found.here[sides[side]]]
    if not len(positions):
        st.caption("There are none.")
        return
    st.html(
        gallery.gallery_html(
            pictures_cached.evaluated(first, split),
            found,
            pictures_cached.label_noise(first, split),
            positions[:_MOST],
        )
    )
    shown = min(_MOST, len(positions))
    st.caption(
        f"{shown:,} of {len(positions):,}, those first of which {plain(pair.first)} is most "
        f"confident; below each picture is the prediction of {plain(pair.first)}. A question "
        "mark: the label may be wrong."
    )
