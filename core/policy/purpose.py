"""Where and for what the camera is used: what law and consent depend on."""

from __future__ import annotations

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
