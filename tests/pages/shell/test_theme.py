"""Colours that everyone can tell apart and read, and words for people."""

from __future__ import annotations

import itertools
import re
import tomllib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.domain import CONFIDENT2, EXPRESSIVENESS3, FER7, RejectReason
from core.domain.palette import DASHES, EXPRESSION_COLOURS, NOT_SURE_COLOUR, label_styles
from core.settings import PROJECT_DIR
from pages.parts.shell import theme

CONFIG = tomllib.loads((PROJECT_DIR / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                   [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip
WHITE_POINT = np.array([0.95047, 1.0, 1.08883])


def linear_rgb(hex_colour: str) -> NDArray[np.float64]:
    encoded = np.array([int(hex_colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio."""
    lights = sorted(float(TO_XYZ[1] @ linear_rgb(colour)) + 0.05 for colour in (one, other))
    return lights[1] / lights[0]


def lab(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE L*a*b* of linear RGB."""
    xyz = TO_XYZ @ np.clip(linear, 0, 1) / WHITE_POINT
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("side", ["light", "dark"])
@pytest.mark.parametrize("label", FER7.labels)
def test_every_expression_stands_out_from_both_backgrounds(side: str, label: str) -> None:
    background = CONFIG["theme"][side]["backgroundColor"]
    assert contrast(EXPRESSION_COLOURS[label], background) >= 3


@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_expressions_differ_for_every_kind_of_sight(sight: str) -> None:
    seen = {
        label: lab(SIGHT[sight] @ linear_rgb(EXPRESSION_COLOURS[label])) for label in FER7.labels
    }
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= 20, (one, other)


@pytest.mark.parametrize("side", ["light", "dark"])
@pytest.mark.parametrize("surface", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_and_links_can_be_read_on_every_surface(side: str, surface: str) -> None:
    colours = CONFIG["theme"][side]
    for panel in (colours, colours["sidebar"]):
        for ink in ("textColor", "linkColor"):
            assert contrast(colours[ink], panel[surface]) >= 4.5, (ink, panel)


@pytest.mark.parametrize("side", ["light", "dark"])
def test_white_text_on_the_accent_has_enough_contrast(side: str) -> None:
    assert contrast("#FFFFFF", CONFIG["theme"][side]["primaryColor"]) >= 4.5


def test_expressions_that_share_a_line_style_are_few() -> None:
    styles = [theme.dash_of(label, FER7.labels) for label in FER7.labels]
    assert len(set(styles)) >= 4


def test_every_line_style_fills_its_piece_of_a_legend() -> None:
    # Plotly draws "longdash" with gaps as long as its dashes, so that half of a legend is blank.
    styles = {theme.dash_of(str(label), [str(one) for one in range(48)]) for label in range(48)}
    assert len(styles) == len(DASHES)
    assert "longdash" not in styles


def test_what_is_no_label_of_the_scheme_is_grey_and_not_an_error() -> None:
    assert theme.colour_of("not sure", FER7.labels) == NOT_SURE_COLOUR


WORDS = st.sampled_from((*FER7.labels, *CONFIDENT2.labels, *EXPRESSIVENESS3.labels)) | st.text(
    min_size=1, max_size=8
)


@given(st.lists(WORDS, min_size=1, max_size=24, unique=True))
def test_no_two_labels_of_any_set_are_drawn_alike(labels: list[str]) -> None:
    looks = label_styles(labels)
    assert list(looks) == labels
    assert len(set(looks.values())) == len(labels)
    assert NOT_SURE_COLOUR not in {look.colour for look in looks.values()}
    assert {look.dash for look in looks.values()} <= set(DASHES)
    for look, side in itertools.product(looks.values(), ("light", "dark")):
        assert contrast(look.colour, CONFIG["theme"][side]["backgroundColor"]) >= 3


@given(st.lists(WORDS, min_size=2, max_size=8, unique=True))
def test_up_to_eight_labels_differ_in_colour_for_every_kind_of_sight(labels: list[str]) -> None:
    colours = [look.colour for look in label_styles(labels).values()]
    for one, other in itertools.combinations(colours, 2):
        for sight in SIGHT:
            distance = np.linalg.norm(
                lab(SIGHT[sight] @ linear_rgb(one)) - lab(SIGHT[sight] @ linear_rgb(other))
            )
            assert distance >= 20, (one, other, sight)


@given(st.permutations((*FER7.labels, "contempt", "calm", "stressed")))
def test_an_expression_has_the_same_style_in_every_set(labels: list[str]) -> None:
    looks = label_styles(labels)
    assert {label: looks[label].colour for label in FER7.labels} == dict(EXPRESSION_COLOURS)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("![x](http://a.example/p.png)", "!\\[x\\](http\\://\u2060a.example/p.png)"),
        ("*a* _b_ `c` ~d~ $e$ <b>", r"\*a\* \_b\_ \`c\` \~d\~ \$e\$ \<b>"),
        (":red[r] :smile: a: b", "\\:red\\[r\\] \\:\u2060smile\\: a\\: b"),
        (":material/home: :streamlit:", "\\:\u2060material/home\\: \\:\u2060streamlit\\:"),
        ("www.a.example b@a.example", "www\u2060.a.example b\u2060@a.example"),
        ("a -- b -> c", "a \u2060-- b \u2060-> c"),
        ("AT&amp;T \\ x", r"AT\&amp;T \\ x"),
        ("# one", r"\# one"),
        ("1. one", r"1\. one"),
        ("    - one\n\n# two", r"\- one # two"),
        ("Interview (1) - part 2.mp4", "Interview (1) - part 2.mp4"),
    ],
)
def test_text_from_outside_is_shown_letter_by_letter(text: str, markdown: str) -> None:
    assert theme.plain(text) == markdown


@given(st.text(alphabet="![](http://a)*_`<b>&$:~# \n1.\\|", max_size=30))
def test_nothing_in_a_line_from_outside_begins_markup(text: str) -> None:
    words = re.sub(r"\\.", "x", theme.plain(text))  # without what is escaped
    assert not set(words) & set("`*_[]<&~$|:\n")
    assert not re.match(r"[#+\-=>]|\d+[.)]", words)


def test_a_document_keeps_its_tables_and_loses_its_links() -> None:
    assert theme.unlinked("| a |\n|:---:|\n| https://a.b |").endswith("| https://\u2060a.b |")
    assert "|:---:|" in theme.unlinked("| a |\n|:---:|")


def test_every_reason_has_a_text() -> None:
    assert all(theme.reason_word(reason.value) for reason in RejectReason)
    assert theme.reason_word("too_dark") == "Too dark"


@pytest.mark.parametrize(
    ("fraction", "words"),
    [(0.0, "0 %"), (0.004, "0.4 %"), (0.07, "7 %"), (0.5, "50 %"), (1.0, "100 %")],
)
def test_a_fraction_reads_as_percent(fraction: float, words: str) -> None:
    assert theme.percent(fraction) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (47.6, "48 s"), (59.9, "1 min 00 s"), (185, "3 min 05 s"), (3720, "1 h 02 min")],
)
def test_seconds_read_as_a_duration(seconds: float, words: str) -> None:
    assert theme.duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (48.9, "0:48"), (725, "12:05"), (3723, "1:02:03")]
)
def test_a_time_in_a_session_is_formatted_as_a_clock(seconds: float, words: str) -> None:
    assert theme.clock_time(seconds) == words


def test_a_score_under_the_threshold_is_not_sure() -> None:
    assert theme.top_words("sad", 0.78, 0.5) == "Sad 78 %"
    assert theme.top_words("sad", 0.32, 0.5) == "Not sure (Sad 32 %?)"
