"""The notice that people read before they consent to the camera."""

from __future__ import annotations

from core.policy.purpose import Purpose
from core.policy.retention import retention_days

NOTICE_VERSION = 5  # raise it whenever a word here changes: everyone is then asked again

_SHOWN_NOT_FELT = "It tells what a face shows, not what a person feels, and it is often wrong."

_WHAT_LEAVES = (
    'With "Read on this device", your browser reads your face: the picture stays on this device, '
    "and only numbers are sent to this server.",
    "Without it, the picture is sent to this server, analysed in memory and not stored.",
    "In both cases only numbers are stored, on this server: where your head points, how open your "
    "eyes are, how brows, eyes and mouth move, and scores.",
    "If you allow the microphone on the page Practice, only how loud it is (ten numbers a second) "
    "is measured, sent and stored; never sound or words.",
)

_VOLUNTARY = {
    Purpose.SELF_PRACTICE: "You can stop at any time, and delete what was stored.",
    Purpose.RESEARCH: (
        "Taking part is voluntary; you can stop at any time, and have your numbers deleted."
    ),
    Purpose.CLASSROOM: (
        "Each learner decides alone; saying no has no consequence, and anyone can stop at any time."
    ),
}

_YOUR_RIGHTS = (
    "You can withdraw this consent on the page Responsible use, and see, download and delete the "
    "numbers on the page Sessions. In the EU and EEA these are your rights under the GDPR "
    "(Articles 7, 15, 17 and 20)."
)


def consent_notice(purpose: Purpose, *, only_groups_of: int | None) -> tuple[str, ...]:
    """The notice's sentences, the most important first.

    GDPR Art. 13: what is sent and stored, who reads it, and how long it is kept.

    Args:
        purpose: what the camera is for.
        only_groups_of: the smallest group that figures are shown for, where expressions may not be
            recognised; None where they are.
    """
    return (
        _what_runs(only_groups_of),
        _SHOWN_NOT_FELT,
        *_WHAT_LEAVES,
        _who_and_how_long(purpose),
        _VOLUNTARY[purpose],
        _YOUR_RIGHTS,
    )


def _what_runs(only_groups_of: int | None) -> str:
    if only_groups_of is None:
        return "Software here reads the expression your face shows, and where you face."
    return (
        "Software here reads only whether people are present and face the screen, for groups of "
        f"at least {only_groups_of}; it reads no emotion."
    )


def _who_and_how_long(purpose: Purpose) -> str:
    return (
        "Everyone who can open this installation of Mien can read these numbers. They are kept "
        f"until someone deletes them; after {retention_days(purpose)} days Mien offers that."
    )
