"""The notice that learners read before they join a class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from core.domain.classroom import Classroom, Shared
from core.domain.wording import listed
from core.policy.purpose import Purpose, Region
from core.policy.retention import retention_days
from core.policy.use_policy import SMALLEST_GROUP

_SHARED: Mapping[Shared, str] = {
    Shared.PRESENT: "whether a face is before your camera",
    Shared.FACING: "whether your head points towards the screen",
    Shared.ENGAGEMENT: (
        "an engagement index with its parts (face in view, head towards the screen, eyes open, "
        "change of expression)"
    ),
    Shared.EXPRESSIONS: "which expressions your face shows, as a model scores them",
}

_ROWS = (
    "This class is a study: every reading of your browser, about five a second with all its "
    "numbers and without any picture, is kept as a session under the name you choose. Whoever can "
    "open the pages of Mien on this server can open these sessions."
)

_FLAGS = (
    "You share also what you say yourself by a button: lost, too fast, again, fine. A raised hand "
    "and a question are shown to the teacher with the name you choose."
)

_TO_YOU_ALONE = "Your own figures are shown to you alone"

_BADGE = "Your screen shows the numbers that leave it, and a badge as long as they do."

_NOT_FELT = (
    "not what you feel, know or think, and it is often wrong. Nobody may grade or judge you by it."
)

_LEAVING = (
    "You decide alone, and saying no has no consequence: you can take part without a camera. You "
    'can pause or leave at any time. "Delete what I shared" takes it off the board at once and '
    "deletes it."
)

_RIGHTS = (
    "You can download your own numbers, and nobody else's. In the EU and EEA to see, take along "
    "and delete them, and to withdraw this consent, are your rights under the GDPR (Articles 7, "
    "15, 17 and 20)."
)


@dataclass(frozen=True)
class NoticePart:
    """One paragraph of a notice.

    Attributes:
        lead: what it is about, in a few words.
        text: its sentences.
    """

    lead: str
    text: str


def class_notice(classroom: Classroom) -> tuple[NoticePart, ...]:
    """The notice's paragraphs, the most important first.

    GDPR Art. 13: what is shared, who sees it, how long it is kept, and how to withdraw.
    """
    study = (NoticePart("For the study", _ROWS),) if Shared.ROWS in classroom.shared else ()
    return (
        NoticePart("What you share", _what_is_shared(classroom)),
        *study,
        NoticePart("Who sees it", _seen_by(classroom)),
        NoticePart("What you say yourself", _FLAGS),
        NoticePart("What leaves your device", _what_leaves(classroom)),
        NoticePart("How you see it", _BADGE),
        NoticePart("What it tells", _what_it_tells(classroom)),
        NoticePart("How long it is kept", _how_long(classroom)),
        NoticePart("Saying no, and stopping", _LEAVING),
        NoticePart("Your rights", _RIGHTS),
    )


def class_notice_version(classroom: Classroom) -> str:
    """Identifies the words of this notice; consent to others does not count."""
    return sha256("\n".join(one.text for one in class_notice(classroom)).encode()).hexdigest()[:16]


def _what_is_shared(classroom: Classroom) -> str:
    shared = "; ".join(_SHARED[one] for one in classroom.shared if one in _SHARED)
    return f"You share, second by second: {shared}."


def _what_it_tells(classroom: Classroom) -> str:
    told = "what a face shows" if _reads_moves(classroom) else "where face and head are"
    return f"It tells {told}, {_NOT_FELT}"


def _reads_moves(classroom: Classroom) -> bool:
    return bool({Shared.ENGAGEMENT, Shared.EXPRESSIONS} & {*classroom.shared})


def _what_leaves(classroom: Classroom) -> str:
    numbers = ["where face and head are", "how clear the picture is"]
    if _reads_moves(classroom):
        numbers.append("how brows, eyes and mouth move")
    return (
        "Your browser reads your face: the picture stays on your device, and only numbers are sent "
        f"to this server, about once a second: {listed(numbers)}. Only what is named above is kept "
        "of them. If your browser cannot read, and only if you choose so, the picture is sent to "
        "this server, analysed in memory and not stored. No sound is taken."
    )


def _seen_by(classroom: Classroom) -> str:
    groups = (
        f"The teacher sees figures of the class, never of fewer than {SMALLEST_GROUP} learners, "
        "and may show them to the class."
    )
    if not classroom.is_listed:
        is_recorded = Shared.ROWS in classroom.shared
        own = "The board shows none of you alone" if is_recorded else _TO_YOU_ALONE
        return (
            f"{groups} {own}; the teacher sees how many cameras are read, paused or off, and not "
            "whose."
        )
    if classroom.region == Region.EU_EEA:
        return f"{groups} Beside the name you choose the teacher sees whether you are present."
    return (
        "The teacher sees your figures beside the name you choose. Those of the whole class, "
        "without names, may be shown to the class."
    )


def _how_long(classroom: Classroom) -> str:
    study = " by whoever holds the study" if classroom.purpose == Purpose.RESEARCH else ""
    return (
        f"The numbers are kept on this server until the class is deleted{study}; after "
        f"{retention_days(classroom.purpose)} days Mien offers that. Whoever runs this server "
        "can read its database."
    )
