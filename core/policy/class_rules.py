"""What learners of a class may share here, by region, purpose and the operator's second switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.classroom import SECOND_BY_SECOND, Classroom, Shared
from core.policy.purpose import Purpose, Region
from core.policy.use_policy import SMALLEST_GROUP, UsePolicy


@dataclass(frozen=True)
class ClassRules:
    """What is allowed in classes.

    Attributes:
        allowed: what learners may share, besides their flags; empty where no class may be opened.
        switchable: of it, what the operator's second switch adds.
        listed: what may be shown of each learner, where the class has a list; anything else is
            shown of groups alone.
        smallest_group: least number of learners that a figure of a group covers.
        refusal: why no class may be opened, in a sentence; empty where one may.
    """

    allowed: tuple[Shared, ...]
    switchable: tuple[Shared, ...]
    listed: tuple[Shared, ...]
    smallest_group: int = SMALLEST_GROUP
    refusal: str = ""


EMPLOYER_REFUSAL = (
    "Mien is not for employers: it reads no face of staff or applicants for them. Consent to an "
    "employer is hardly ever free, and in the EU and EEA reading emotions of people at work is "
    "prohibited (AI Act, Article 5(1)(f))."
)
"""Shown wherever somebody asks for a class of employees or applicants."""

_ALONE = ClassRules(
    (),
    (),
    (),
    refusal=(
        "This installation is for practising alone, so no class can be opened. Teachers who train "
        "with their own face find that on Practice and Live camera; to teach, change the purpose "
        "on Responsible use."
    ),
)
_EVERYTHING = ClassRules(SECOND_BY_SECOND, (), SECOND_BY_SECOND)
_STUDY = ClassRules(tuple(Shared), (), SECOND_BY_SECOND)
# In education in the EU and EEA nobody's emotions may be inferred (AI Act, Art. 5(1)(f)), and the
# Commission's guidance reads that of attention and interest, too. A study in a class is held in
# education all the same.
_PRESENCE = ClassRules((Shared.PRESENT,), (Shared.FACING,), (Shared.PRESENT,))
_PRESENCE_AND_HEADS = ClassRules(
    (Shared.PRESENT, Shared.FACING), (Shared.FACING,), (Shared.PRESENT,)
)

_RULES: Mapping[tuple[Region, Purpose, bool], ClassRules] = {
    # region, purpose, whether the second switch is on
    (Region.EU_EEA, Purpose.SELF_PRACTICE, False): _ALONE,
    (Region.EU_EEA, Purpose.SELF_PRACTICE, True): _ALONE,
    (Region.EU_EEA, Purpose.RESEARCH, False): _PRESENCE,
    (Region.EU_EEA, Purpose.RESEARCH, True): _PRESENCE_AND_HEADS,
    (Region.EU_EEA, Purpose.CLASSROOM, False): _PRESENCE,
    (Region.EU_EEA, Purpose.CLASSROOM, True): _PRESENCE_AND_HEADS,
    (Region.ELSEWHERE, Purpose.SELF_PRACTICE, False): _ALONE,
    (Region.ELSEWHERE, Purpose.SELF_PRACTICE, True): _ALONE,
    (Region.ELSEWHERE, Purpose.RESEARCH, False): _STUDY,
    (Region.ELSEWHERE, Purpose.RESEARCH, True): _STUDY,
    (Region.ELSEWHERE, Purpose.CLASSROOM, False): _EVERYTHING,
    (Region.ELSEWHERE, Purpose.CLASSROOM, True): _EVERYTHING,
}


def class_rules(policy: UsePolicy) -> ClassRules:
    """What an installation allows in classes."""
    return _RULES[policy.region, policy.purpose, policy.heads_counted]


def class_refusal(policy: UsePolicy | None, classroom: Classroom) -> str:
    """Why what a class shares may not be taken or shown here (any more), in a sentence; empty
    where it may. A class that was opened under another policy does not bring its own.

    Args:
        policy: of the installation now; None where it is not chosen.
    """
    if policy is None:
        return "Region and purpose of this installation are not chosen."
    rules = class_rules(policy)
    if rules.refusal:
        return rules.refusal
    if set(classroom.shared) <= set(rules.allowed):
        return ""
    return (
        "This class shares more than region and purpose of this installation allow now. Nothing "
        "of it is taken or shown; the teacher can delete it, and open another."
    )
