"""Where and for what Mien runs here, and the rules that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Region(StrEnum):
    """Whose law applies."""

    EU_EEA = "eu-eea"
    """The European Union, Iceland, Liechtenstein or Norway."""
    ELSEWHERE = "elsewhere"
    """Anywhere else."""


class Purpose(StrEnum):
    """What for."""

    SELF_PRACTICE = "self-practice"
    """One person practises; the results stay with that person."""
    RESEARCH = "research"
    """A study with people who agreed to take part."""
    CLASSROOM = "classroom"
    """A teacher wants to know whether a class is still there."""


def purpose_named(name: str | None) -> Purpose | None:
    """A purpose by its value, such as an address has it; None for anything else.

    Args:
        name: from outside.
    """
    return next((one for one in Purpose if one.value == name), None)


# Days after which a session is offered for deletion (GDPR Art. 5(1)(e): no longer than needed).
# Practice: a term's progress; research: until the analysis is done; classroom: until next topic.
_RETENTION_DAYS = {Purpose.SELF_PRACTICE: 180, Purpose.RESEARCH: 365, Purpose.CLASSROOM: 30}

# Under five people a figure "of the group" tells about each of them.
_SMALLEST_GROUP = 5

_TEXT_VERSION = 3  # raise it whenever `notice` changes: everyone is then asked again


@dataclass(frozen=True)
class UsePolicy:
    """The operator's answer to "where and for what?", and what is allowed with it.

    Attributes:
        region: whose law applies.
        purpose: what for.
    """

    region: Region
    purpose: Purpose = Purpose.SELF_PRACTICE

    @property
    def emotion_shown(self) -> bool:
        """Whether expressions may be shown at all.

        Inferring emotions of people in education is prohibited in the EU: Regulation (EU) 2024/1689
        (AI Act), Art. 5(1)(f), applying since 2 February 2025.
        """
        return not (self.region is Region.EU_EEA and self.purpose is Purpose.CLASSROOM)

    @property
    def is_for_oneself(self) -> bool:
        """Whether who chooses region and purpose is who is watched: both are then asked at once."""
        return self.purpose is Purpose.SELF_PRACTICE

    @property
    def smallest_group(self) -> int:
        """How many people a figure must cover before it is shown; 1 means no such limit."""
        return 1 if self.emotion_shown else _SMALLEST_GROUP

    @property
    def retention_days(self) -> int:
        """Days after which a session is offered for deletion."""
        return _RETENTION_DAYS[self.purpose]

    @property
    def notice(self) -> tuple[str, ...]:
        """What people must be told before the camera starts, one sentence each.

        AI Act Art. 50(3): people exposed to emotion recognition are informed of it. Barrett et al.
        (2019), doi:10.1177/1529100619832930: an expression shown is no proof of a feeling.
        GDPR Art. 7(3): before consent is given, people are told how it is withdrawn.
        """
        return (_what_runs(self), *_COMMON_NOTICE, _WHO_DECIDES[self.purpose], _YOUR_RIGHTS)

    @property
    def notice_version(self) -> str:
        """Names this notice; consent to another one does not count."""
        return f"{_TEXT_VERSION}-{self.region}-{self.purpose}"


def _what_runs(policy: UsePolicy) -> str:
    if policy.emotion_shown:
        return "Software here reads the expression your face shows, and where you face."
    return (
        "Software here reads only whether people are present and face the screen, for groups of "
        f"at least {policy.smallest_group}; it reads no emotion."
    )


_COMMON_NOTICE = (
    "It tells what a face shows, not what a person feels, and it is often wrong.",
    "The camera's pictures are looked at and forgotten at once; only numbers are stored, on this "
    "server.",
    "The numbers include where your head points, how open your eyes are, and how brows, eyes and "
    "mouth move.",
)

_WHO_DECIDES = {
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
