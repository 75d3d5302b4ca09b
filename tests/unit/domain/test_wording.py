"""Names of files as they can be stored, shown and told apart."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.domain.wording import listed, number_repeats, printable_name, shortened, utc_moment

ANY_NAME = st.text(alphabet=st.characters(), max_size=8)


@given(ANY_NAME | st.text(alphabet=st.characters(categories=["Cs"]), max_size=4))
@example("caf\udce9.mp4")
def test_every_name_can_be_stored_as_text(name: str) -> None:
    assert len(printable_name(name).encode("utf-8").decode("utf-8")) == len(name)


def test_a_name_that_is_text_stays_as_it_is() -> None:
    assert printable_name("mein vídeo 日本 😀.mp4") == "mein vídeo 日本 😀.mp4"


def test_names_that_several_share_are_numbered() -> None:
    assert number_repeats(["a", "b", "a"]) == ("a (1 of 2)", "b", "a (2 of 2)")


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("2026-11-21T12:00:30+00:00", "21 Nov 2026, 12:00 UTC"),
        ("2026-11-21T12:00:30", "21 Nov 2026, 12:00 UTC"),
        ("2026-11-22T00:30:00+01:00", "21 Nov 2026, 23:30 UTC"),
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00+01:00"),
        ("some day", "some day"),
        ("", ""),
    ],
)
def test_a_stored_time_is_written_as_dates_on_screen(stored: str, written: str) -> None:
    assert utc_moment(stored) == written


def test_a_long_path_keeps_its_beginning_and_its_end() -> None:
    assert shortened("/films/a.mp4") == "/films/a.mp4"
    assert shortened("/films/" + "a" * 500 + ".mp4", longest=20) == "/films/aaa … aaaaaa.mp4"


@pytest.mark.parametrize(
    ("names", "row"),
    [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")],
)
def test_names_in_a_row_end_with_and(names: tuple[str, ...], row: str) -> None:
    assert listed(names) == row


def test_choices_in_a_row_end_with_or() -> None:
    assert listed(("a", "b", "c"), "or") == "a, b or c"
