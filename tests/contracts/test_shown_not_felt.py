"""A face shows an expression: no sentence takes it for what somebody feels."""

from __future__ import annotations

import re

import pytest

from core.settings import PROJECT_DIR
from tests.contracts.sources import found_in, text_of

TEXTS = sorted(
    path
    for pattern in (
        *(
            "app.py",
            "core/**/*.py",
            "pages/**/*.py",
            "core/**/*.jinja",
            "pages/**/*.js",
            "eye/src/*.js",
        ),
        *("docs/**/*.md", "README.md", "ARCHITECTURE.md", "models/*/CARD.md"),
    )
    for path in PROJECT_DIR.glob(pattern)
)
_SHOWN = "happy|sad|angry|afraid|surprised|disgusted|calm|nervous|confident|stressed|anxious|tired"
_FELT = re.compile(
    r"\b(?:felt|feels?|feelings?|moods?|emotional|states? of mind|happiness of|sadness of"
    rf"|(?:people|persons?|somebody|he|she|they|you|who) (?:is|are|was|were) (?:{_SHOWN}))\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|no|never|nobody|many)\b|claims about", re.IGNORECASE)
_BEFORE = 90  # characters: of the sentence it stands in


def _claims(text):
    """Places that speak of feelings without saying that they are not what is seen."""
    plain = " ".join(text.split())
    return [
        plain[max(0, found.start() - _BEFORE) : found.end()]
        for found in _FELT.finditer(plain)
        if not _DENIED.search(plain[max(0, found.start() - _BEFORE) : found.end() + 20])
    ]


def test_what_is_shown_is_never_called_felt():
    assert found_in(TEXTS, lambda path: _claims(text_of(path))) == {}


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("Ask whether people may simply have felt different.", True),
        ("The share of time you felt happy.", True),
        ("How the mood of a class changes.", True),
        ("Most people were stressed.", True),
        ("They are calm in 20 % of the frames.", True),
        ("It tells what a face shows, not what a person feels.", False),
        ("Claims about what somebody feels", False),
    ],
)
def test_the_check_tells_a_claim_from_its_denial(sentence, claims):
    assert bool(_claims(sentence)) is claims
