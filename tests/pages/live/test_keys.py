"""The line that names the shortcuts of the live page."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from pages.parts.live.keys import LIVE_KEYS


def page_of_keys() -> None:
    from pages.parts.live import keys

    keys.draw_help(keys.LIVE_KEYS)


def test_a_line_of_keys_breaks_after_a_gap_so_that_the_next_has_no_indent() -> None:
    (caption,) = AppTest.from_function(page_of_keys, default_timeout=20).run().caption
    gaps = re.findall(r"(\S*)&ensp;(\S*)", caption.value.partition("`")[2])
    assert len(gaps) == len(LIVE_KEYS) - 1
    assert all(before.endswith("&nbsp;") and not after for before, after in gaps)
