"""Where and for what Mien runs here, and the rules that follow from it."""

from __future__ import annotations

from dataclasses import dataclass

from core.policy.consent_notice import NOTICE_VERSION, consent_notice
from core.policy.purpose import Purpose, Region

# Under five people a figure "of the group" tells about each of them.
_SMALLEST_GROUP = 5


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
    def notice(self) -> tuple[str, ...]:
        """What people must be told before the camera starts, one sentence each.

        AI Act Art. 50(3): people exposed to emotion recognition are informed of it. Barrett et al.
        (2019), doi:10.1177/1529100619832930: an expression shown is no proof of a feeling.
        GDPR Art. 7(3): before consent is given, people are told how it is withdrawn.
        """
        group = None if self.emotion_shown else self.smallest_group
        return consent_notice(self.purpose, only_groups_of=group)

    @property
    def notice_version(self) -> str:
        """Names this notice; consent to another one does not count."""
        return f"{NOTICE_VERSION}-{self.region}-{self.purpose}"
