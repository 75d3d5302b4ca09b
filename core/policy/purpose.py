"""Region and purpose of use, on which law and consent depend."""

from __future__ import annotations

from enum import StrEnum


class Region(StrEnum):
    """The jurisdiction."""

    EU_EEA = "eu-eea"
    """The European Union, Iceland, Liechtenstein or Norway."""
    ELSEWHERE = "elsewhere"
    """Anywhere else."""


class Purpose(StrEnum):
    """The purpose of use."""

    SELF_PRACTICE = "self-practice"
    """One person practises alone; the results are that person's."""
    RESEARCH = "research"
    """A study with people who agreed to take part."""
    CLASSROOM = "classroom"
    """A teacher wants to know whether a class is attentive."""


def purpose_named(name: str | None) -> Purpose | None:
    """A purpose by its value, as in a URL; None for anything else.

    Args:
        name: untrusted.
    """
    return next((one for one in Purpose if one.value == name), None)
