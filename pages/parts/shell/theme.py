"""How expressions, reasons and times are shown: colours, line styles, texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from core.domain import REASON_TEXT, RejectReason
from core.domain.counted import percent as percent
from core.domain.palette import NOT_SURE_COLOUR, label_styles
from core.domain.wording import printable_name

_ANYWHERE = re.compile(r"[\\`*_\[\]<&~$|:]")
"""Characters that may start markup within a line: Markdown, HTML, and Streamlit's colons."""

_AT_THE_START = re.compile(r"^(\d*)([#+\-=>.)])")
"""What starts a heading, a quotation or a list item."""

_AUTOLINKS = re.compile(
    r"(?i)(?<=https://)|(?<=http://)"  # a link
    r"|(?<=www)(?=\.)|(?=@)"  # a link without a scheme, a mail address
    r"|(?<=:)(?=(?:[\w+][\w/+-]*|-1):)"  # an icon, an emoji, Streamlit's own mark
    r"|(?<!\S)(?=(?:<->|->|<-|--|>=|<=|~=)(?!\S))"  # what becomes an arrow, a dash or a sign
)
"""What Streamlit replaces in the rendered text, escaped or not."""

_JOINER = "\u2060"
"""A word joiner: invisible, and a copied address still works with it."""

# Plotly's own has gaps as long as its dashes: in a legend one dash, and then nothing.
_LONG_DASH = "12px,5px"


def colour_of(label: str, labels: Sequence[str]) -> str:
    """Hex colour of a label.

    Args:
        labels: all that can be shown beside it, in their order; one that is none of them, such as
            "not sure", is grey.
    """
    return label_styles(labels)[label].colour if label in labels else NOT_SURE_COLOUR


def dash_of(label: str, labels: Sequence[str]) -> str:
    """Plotly line style of one of these labels."""
    dash = label_styles(labels)[label].dash
    return _LONG_DASH if dash == "longdash" else dash


def expression_word(label: str) -> str:
    """An expression as it is written on screen."""
    return label.capitalize()


def reason_word(reason: str) -> str:
    """A `RejectReason` value as it is written on screen."""
    return REASON_TEXT[RejectReason(reason)].capitalize()


def plain(text: str) -> str:
    """Untrusted text, such as a file's name, escaped so that Markdown shows it literally, in one
    line: no picture is fetched for it, and nothing of it becomes markup, a link or an icon.
    """
    unlinked_text = _AUTOLINKS.sub(_JOINER, " ".join(printable_name(text).split()))
    escaped = _ANYWHERE.sub(r"\\\g<0>", unlinked_text)
    return _AT_THE_START.sub(r"\g<1>\\\g<2>", escaped)


def unlinked(markdown: str) -> str:
    """A Markdown document whose untrusted parts are escaped, without automatic links: Streamlit
    looks for links and icons in escaped text too.
    """
    return _AUTOLINKS.sub(_JOINER, markdown)


def top_words(label: str, score: float, not_sure_below: float) -> str:
    """The highest score as text: "Sad 78 %", or "Not sure (Sad 32 %?)" under the threshold."""
    text = f"{expression_word(label)} {percent(score)}"
    return f"Not sure ({text}?)" if score < not_sure_below else text


def duration(seconds: float) -> str:
    """A duration as text: "48 s", "3 min 05 s", "1 h 02 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest_s = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest_s:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"


def clock_time(seconds: float) -> str:
    """A time in a session: "0:48", "12:05", "1:02:03"."""
    minutes, rest_s = divmod(int(seconds), 60)
    hours, rest_min = divmod(minutes, 60)
    return f"{hours}:{rest_min:02d}:{rest_s:02d}" if hours else f"{minutes}:{rest_s:02d}"


def roughly(seconds: float) -> str:
    """An estimated duration: "seconds", "5 min", "1 h 20 min"."""
    if seconds < 20:
        return "seconds"
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes} min"
    # Rounded to ten minutes.
    hours, rest = divmod(round(minutes / 10) * 10, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def when(moment: datetime) -> str:
    """Day and time in the visitor's time zone: "21 Nov 2026, 12:00"."""
    return f"{moment.astimezone(zone()):%d %b %Y, %H:%M}"


def at_what_time(moment: datetime) -> str:
    """The time alone, in the visitor's time zone: "12:00"."""
    return f"{moment.astimezone(zone()):%H:%M}"


def zone() -> tzinfo:
    """The browser's time zone; UTC where it is unknown here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
