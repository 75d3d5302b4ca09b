"""Words that point to another place: what is said to stand below has to be drawn below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from streamlit.testing.v1 import AppTest

# "Below 0.5" and "below each picture" measure or place; "the table below" and "Above, ..." point.
_MEASURES = r"(?!\s*:)(?!\s+(?:an?|the|its?|each|every|them|their|what|chance)\b)(?!\s+\S*\d)"
_POINTS = re.compile(rf"\b(below|above)\b{_MEASURES}", re.IGNORECASE)
_BESIDE_THE_POINT = {"stands", "stand", "drawn", "shown", "given", "told", "is", "are", "the"}
_SAID = ("markdown", "caption", "info", "warning", "error", "success")
_INPUTS = ("text_input", "selectbox", "button", "radio", "checkbox", "file_uploader")
_LOOKS_LIKE = {
    "picture": ("imgs", "html", "plotly_chart", "arrow_data_frame"),
    "face": ("imgs", "html", "plotly_chart", "text_area", *_INPUTS),
    "table": ("arrow_data_frame", "table"),
    "chart": ("plotly_chart",),
    "page": ("page_link",),
}
"""Noun -> what may be drawn of it that does not name it."""


def pointers(sentence: str) -> list[tuple[str, str]]:
    """Each "below" and "above" that points, with the thing that is said to be there, if named."""
    found = []
    for match in _POINTS.finditer(sentence):
        before = re.findall(r"[a-z]+", sentence[: match.start()].lower())
        named = next((word for word in reversed(before) if word not in _BESIDE_THE_POINT), "")
        found.append((match[1].lower(), named))
    return found


def dangling(said: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Sentences that point to what is not there.

    Args:
        said: kind and words of everything that is drawn, in this order.
    """
    for at, (kind, words) in enumerate(said):
        if kind not in _SAID:
            continue
        for where, named in pointers(words):
            there = said[at + 1 :] if where == "below" else said[:at]
            stem = named.rstrip("s")
            kinds = _LOOKS_LIKE.get(stem, ())
            # The name as a word of its own, or as a heading or a column begins: "Weight".
            drawn = re.compile(rf"\b{re.escape(stem)}", re.IGNORECASE)
            if not any(one in kinds or drawn.search(told) for one, told in there):
                yield f"{where}: {named!r} in {words!r}"


def drawn_on(visitor: AppTest) -> list[tuple[str, str]]:
    """Kind and words of everything on the page, from top to bottom; words that show on hovering
    stand with what they belong to. A file to download is offered, and nothing of it is drawn.
    """
    drawn = []
    for one in visitor.main:
        proto = getattr(one, "proto", None)
        if proto is not None and one.type != "download_button":
            drawn.append((one.type, one.value if one.type in _SAID else str(proto)))
            drawn.append(("caption", getattr(proto, "help", "")))
    return drawn
