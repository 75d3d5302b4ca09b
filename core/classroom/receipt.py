"""What a learner agreed to, as a file to keep."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.classroom import Classroom, Learner
from core.domain.wording import utc_moment
from core.policy import NoticePart


def consent_receipt(
    classroom: Classroom, learner: Learner, *, notice: Sequence[NoticePart], own_link: str
) -> str:
    """A receipt of consent, as plain text.

    Args:
        notice: what was agreed to.
        own_link: by which the learner comes back, and deletes what was shared.
    """
    lines = [
        "Consent to take part in a class",
        "",
        f"Class: {classroom.title}",
        f"Name in the class: {learner.name}",
        f"Agreed: {utc_moment(learner.consent_at.isoformat())}",
        f"Version of the notice: {learner.notice_version}",
        "",
        "Agreed to:",
        *(f"- {one.lead}: {one.text}" for one in notice),
        "",
        "Your own link. Who has it can act as you here: keep it to yourself. By it you come back,",
        "download what you shared, or delete it:",
        own_link,
    ]
    return "\n".join(lines) + "\n"
