"""The use policy of an installation: region, purpose and the rules that follow."""

from __future__ import annotations

from dataclasses import dataclass

from core.policy.consent_notice import NOTICE_VERSION, consent_notice
from core.policy.purpose import Purpose, Region

# A figure over fewer than five people reveals something about each of them.
SMALLEST_GROUP = 5
"""The least number of people that a figure of a group covers."""


@dataclass(frozen=True)
class UsePolicy:
    """Region and purpose of an installation, and what they allow.

    Attributes:
        region: the jurisdiction.
        purpose: of use.
        heads_counted: the operator's second switch: whether heads that point towards the screen
            are counted in classes of the EU and EEA; it changes nothing elsewhere.
    """

    region: Region
    purpose: Purpose = Purpose.SELF_PRACTICE
    heads_counted: bool = False

    @property
    def emotion_shown(self) -> bool:
        """Whether expressions may be shown at all.

        Inferring emotions of people in education is prohibited in the EU: Regulation (EU) 2024/1689
        (AI Act), Art. 5(1)(f), applying since 2 February 2025.
        """
        return not (self.region is Region.EU_EEA and self.purpose is Purpose.CLASSROOM)

    @property
    def is_for_oneself(self) -> bool:
        """Whether the operator is also the person at the camera: one form then asks everything."""
        return self.purpose is Purpose.SELF_PRACTICE

    @property
    def smallest_group(self) -> int:
        """The least number of people that a figure must cover to be shown; 1: no limit."""
        return 1 if self.emotion_shown else SMALLEST_GROUP

    @property
    def notice(self) -> tuple[str, ...]:
        """The notice shown before the camera starts, one sentence each.

        AI Act Art. 50(3): people exposed to emotion recognition are informed of it. Barrett et al.
        (2019), doi:10.1177/1529100619832930: an expression shown is no proof of a feeling.
        GDPR Art. 7(3): people are informed how to withdraw before they consent.
        """
        group = None if self.emotion_shown else self.smallest_group
        return consent_notice(self.purpose, only_groups_of=group)

    @property
    def notice_version(self) -> str:
        """Identifies this notice; consent to another one does not count."""
        return f"{NOTICE_VERSION}-{self.region}-{self.purpose}"

    def changed_to(self, region: Region, purpose: Purpose) -> UsePolicy:
        """This policy after another choice. The second switch stays where nothing changed: whoever
        set it read what it means there.
        """
        same = (region, purpose) == (self.region, self.purpose)
        return self if same else UsePolicy(region, purpose)
