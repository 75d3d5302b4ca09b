from __future__ import annotations

from datetime import UTC, datetime

from core.classroom import consent_receipt
from core.domain.classroom import Classroom, Learner, LearnerSite, LearnerState, Shared
from core.policy import NoticePart

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CLASSROOM = Classroom(
    "c", "ABC234", "Optics", "elsewhere", "classroom", (Shared.PRESENT,), False, (), "", AT
)
LEARNER = Learner("c-1", "c", 1, "calm otter", LearnerSite.BROWSER, AT, "v7", LearnerState.LEFT, AT)


def test_a_receipt_has_what_was_agreed_to_when_and_the_way_back():
    notice = (NoticePart("What", "You share this."), NoticePart("How long", "A month."))
    text = consent_receipt(CLASSROOM, LEARNER, notice=notice, own_link="http://x/?me=s")
    for words in (
        "Class: Optics",
        "Name in the class: calm otter",
        "Agreed: 21 Nov 2026, 09:30 UTC",
        "Version of the notice: v7",
        "- What: You share this.\n- How long: A month.",
        "http://x/?me=s",
    ):
        assert words in text
