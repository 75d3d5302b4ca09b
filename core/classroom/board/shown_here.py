"""What of a class its teacher may see: what learners share, as far as policy allows it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.classroom.board.view import FACING, INDEX, PRESENT
from core.domain.classroom import SECOND_BY_SECOND, Classroom, Shared
from core.measures import NOT_SURE
from core.policy import ClassRules, Purpose, Region, UsePolicy, class_rules

MIX = "mix"
"""Name of the figures of labels together."""

SHARED_OF: Mapping[str, Shared] = {
    PRESENT: Shared.PRESENT,
    FACING: Shared.FACING,
    INDEX: Shared.ENGAGEMENT,
    MIX: Shared.EXPRESSIONS,
}
"""Figure -> what learners share for it."""


@dataclass(frozen=True)
class ShownHere:
    """What may be shown of a class.

    Attributes:
        shared: what learners share and policy allows.
        smallest: name of each figure that may be shown -> the least learners of its groups.
        listed: what may be shown of each learner; empty without a list.
        labels: of the mix, with that of "not sure" as the last; empty without a mix.
    """

    shared: tuple[Shared, ...]
    smallest: Mapping[str, int]
    listed: frozenset[Shared]
    labels: tuple[str, ...]

    @property
    def smallest_group(self) -> int:
        """The least learners of any group; 1 where each learner is shown anyway."""
        return max(self.smallest.values())


def shown_here(classroom: Classroom, rules: ClassRules) -> ShownHere:
    """What may be shown of a class under these rules, and under those that it was opened with: its
    learners agreed to no more, also where another region or purpose is chosen later.
    """
    shared = tuple(one for one in classroom.shared if one in rules.allowed)
    one_by_one = {*rules.listed} & {*_agreed_rules(classroom).listed}
    listed = frozenset(one_by_one if classroom.is_listed else ()) & {*shared}
    # Where policy lets only some figures be shown of a learner, groups are never smaller either.
    least = 1 if listed and one_by_one == {*SECOND_BY_SECOND} else rules.smallest_group
    smallest = {
        name: least for name, of in SHARED_OF.items() if of in shared or of is Shared.PRESENT
    }
    labels = (*classroom.labels, NOT_SURE) if MIX in smallest else ()
    return ShownHere(shared, smallest, listed, labels)


def _agreed_rules(classroom: Classroom) -> ClassRules:
    """Those of the region and the purpose that its notice was written for."""
    told = Region(classroom.region), Purpose(classroom.purpose)
    return class_rules(UsePolicy(*told, heads_counted=True))
