"""What people, files and other programs called something is shown as it is, never run or loaded."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from core.conversion.package.readme import readme_text
from core.domain import LabelScheme, ModelInput, RecipeUsed
from core.domain.provenance import Calibration
from core.models.card_page import card_as_markdown, formats_as_markdown
from tests.convertible import make_parity, make_row, make_speed
from tests.make import make_card, make_report

HOSTILE = "![x](https://elsewhere.example/x.png)<script>a</script> | `c`"

_CODE = re.compile(r"(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)")
"""What stands between as many backticks as it began with: nothing in it is read."""


def _named(words: str):
    """A card on which everything that somebody named is called this."""
    labels = tuple(f"{words} {number}" for number in range(7))
    report = replace(make_report(), split=words)
    classes = tuple(
        replace(one, label=label) for one, label in zip(report.per_class, labels, strict=True)
    )
    report = replace(report, per_class=classes)
    card = make_card(words)
    return replace(
        card,
        scheme=LabelScheme(words, labels),
        recipe=RecipeUsed(words, changes={words: words}),
        data=replace(card.data, dataset=words),
        reports=(replace(report, dataset=words), report),
        limits=(words,),
        not_for=(words,),
        input_notes=(words,),
        calibration=Calibration(words, words, 90),
        run_id=words,
        made_at=words,
        input=ModelInput(48, crop=words),
        files={words: words},
    )


def _row(words: str):
    row = make_row(refusal=words, name=words)
    return replace(row, faces=words, notes=(words,), parity=make_parity(), speed=make_speed())


@pytest.mark.parametrize("origin", ["", HOSTILE])
def test_a_card_shows_names_letter_by_letter(origin):
    text = card_as_markdown(replace(_named(HOSTILE), origin=origin))
    _expect_harmless(text)
    (head,) = [line for line in text.splitlines() if "predicted" in line]
    assert len(re.findall(r"(?<!\\)\|", head)) == 7 + 4  # its cells are as many as its classes


def test_a_card_from_before_its_facts_were_fields_shows_them_letter_by_letter():
    old = replace(_named(HOSTILE), data=None, data_as_told=HOSTILE)
    recipe = RecipeUsed(HOSTILE, changes_as_told=HOSTILE)
    _expect_harmless(card_as_markdown(replace(old, recipe=recipe)))


def test_a_list_of_formats_shows_names_letter_by_letter():
    passed = replace(_row(HOSTILE), refusal="", file=HOSTILE, sha256=HOSTILE)
    for row in (_row(HOSTILE), passed):
        _expect_harmless(formats_as_markdown([row]))


def test_the_first_page_of_an_archive_shows_names_letter_by_letter():
    _expect_harmless(readme_text(_named(HOSTILE), _row(HOSTILE), HOSTILE))


def _expect_harmless(text: str) -> None:
    assert "\\[x\\](https" in text
    assert not re.search(r"(?<!\\)\]\(|<script|(?<!\\)`c`", _CODE.sub("", text))
