"""Owners, groups and participants of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LONGEST_ID = 64


class GroupKind(StrEnum):
    """The kind of a group."""

    CLASS = "class"
    """A class that is taught."""
    STUDY = "study"
    """A study that is run."""


@dataclass(frozen=True)
class Owner:
    """The owner of sessions and groups.

    Attributes:
        id: unique, 64 characters at most.
        name: what they are called.
    """

    id: str
    name: str

    def __post_init__(self) -> None:
        _expect_id_and_name(self.id, self.name)


@dataclass(frozen=True)
class Group:
    """A class or a study.

    Attributes:
        id: unique, 64 characters at most.
        kind: which of the two.
        name: what it is called.
        owner_id: whose it is; None where nobody signs in.
    """

    id: str
    kind: GroupKind
    name: str
    owner_id: str | None = None

    def __post_init__(self) -> None:
        _expect_id_and_name(self.id, self.name)


@dataclass(frozen=True)
class Participant:
    """A person who takes part, under a pseudonym or a name that they gave.

    Attributes:
        id: unique, 64 characters at most.
        name: what they are called.
        group_id: of their group; None without one.
    """

    id: str
    name: str
    group_id: str | None = None

    def __post_init__(self) -> None:
        _expect_id_and_name(self.id, self.name)


def _expect_id_and_name(own_id: str, name: str) -> None:
    if not own_id.strip() or len(own_id) > LONGEST_ID:
        raise ValueError(f"an id has 1 to {LONGEST_ID} characters, got {own_id!r}")
    if not name.strip():
        raise ValueError(f"{own_id}: a name is not empty")
