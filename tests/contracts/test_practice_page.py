"""The page on what Practice rests on names the thresholds that the program has."""

from __future__ import annotations

import pytest

from core.measures import ENOUGH_USABLE
from core.practice.agreement import FEWEST_PAIRS
from core.practice.answers.answer_figures import ENOUGH_EARLIER
from core.practice.answers.feedback import (
    LATE_WORD_S,
    LONG_SILENCE_S,
    LOOKED_AWAY_S,
    LOOKED_AWAY_SHARE,
    LOST_S,
    LOST_SHARE,
    MOSTLY,
    OTHERS_S,
    OTHERS_SHARE,
    STILL_AT,
    TENSE_SD,
    TENSER_SD,
)
from core.practice.answers.head_direction import AWAY_AFTER_S, BACK_AFTER_S
from core.practice.answers.moments import LEAST_SILENCE_S, LONG_LOOK_S
from core.practice.answers.tension_course import PEAK_SD
from core.practice.answers.thirds import LEAST_S
from core.practice.comparison import FEWEST_SECONDS
from core.settings import PROJECT_DIR

PAGE = " ".join((PROJECT_DIR / "docs" / "practice.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    "said",
    [
        f"Under {ENOUGH_USABLE:.0%} usable time".replace("%", " %"),
        f"begins after {AWAY_AFTER_S:g} s and ends after {BACK_AFTER_S:g} s back",
        f"said from {LOOKED_AWAY_S:g} s and {LOOKED_AWAY_SHARE * 100:g} % of the answer on",
        f"is a moment from {LONG_LOOK_S:g} s on. “Mostly” in a third: {MOSTLY * 100:g} %",
        f"A silence is said from {LONG_SILENCE_S:g} s on, a first word after {LATE_WORD_S:g} s",
        f"A silence is a moment from {LEAST_SILENCE_S:g} s on",
        f"tense at {TENSE_SD:g} SD above the own calm face and {TENSER_SD:g} SD above the other",
        f"a peak at {PEAK_SD:g} SD above the answer's own median",
        f"the lowest {STILL_AT * 100:g} % of at least {ENOUGH_EARLIER} own earlier answers",
        f"from {OTHERS_S:g} s and {OTHERS_SHARE * 100:g} % of the answer on",
        f"from {LOST_S:g} s and {LOST_SHARE * 100:g} % of the answer on",
        f"answers under {LEAST_S:g} s have no thirds",
        f"compared from {FEWEST_SECONDS} measured seconds each",
        f"under {FEWEST_PAIRS} answers there is none",
    ],
)
def test_a_threshold_on_the_page_is_that_of_the_program(said):
    assert said in PAGE
