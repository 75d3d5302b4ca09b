"""Nothing on screen says "1 pictures": numbers stand before their nouns by way of `counted`."""

from __future__ import annotations

import ast
import re
from itertools import pairwise

import pytest

from core.domain.counted import counted
from core.settings import PROJECT_DIR
from tests.contracts.sources import nodes_of

NOUNS = re.compile(
    r" (training |left-out |drawn |labelled )?(pictures|epochs|sessions|steps|runs)\b"
)
FILES = sorted(path for room in ("core", "pages") for path in (PROJECT_DIR / room).rglob("*.py"))
ALLOWED = {
    # A sentence of its own, and what is read back by its form.
    ("core/evaluation/comparison/claim_checks.py", "measured"),
    ("core/training/trainer/build_card.py", "chosen_epochs"),
}


def _nodes(text):
    return list(ast.walk(ast.parse(text)))


def _is_value_error(node):
    raised = node.exc if isinstance(node, ast.Raise) else None
    return isinstance(raised, ast.Call) and getattr(raised.func, "id", "") == "ValueError"


def _bare_counts(nodes):
    """Numbers in f-strings that stand right before a noun of many."""
    # What a caller did wrong is read by programmers.
    raised = {id(one) for at in nodes if _is_value_error(at) for one in ast.walk(at)}
    for node in nodes:
        if not isinstance(node, ast.JoinedStr) or id(node) in raised:
            continue
        for number, after in pairwise(node.values):
            if not isinstance(number, ast.FormattedValue) or not isinstance(after, ast.Constant):
                continue
            words = ast.unparse(number.value)
            constant = words.strip("_").split(".")[-1].isupper()
            if NOUNS.match(str(after.value)) and not constant and "* 100" not in words:
                yield words


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 pictures"), (1, "1 picture"), (28_709, "28,709 pictures")]
)
def test_a_noun_follows_its_number(count, told):
    assert counted(count, "picture") == told


def test_whatever_else_changes_with_the_number_is_given_with_the_noun():
    assert counted(1, "class is", "classes are") == "1 class is"
    assert counted(2, "class is", "classes are") == "2 classes are"


def test_a_bare_count_is_found():
    assert list(_bare_counts(_nodes('f"{n:,} pictures"'))) == ["n"]
    assert not list(_bare_counts(_nodes("f\"{counted(n, 'picture')} of {MOST} pictures\"")))


def test_no_sentence_counts_one_as_many():
    found = {
        (path.relative_to(PROJECT_DIR).as_posix(), words)
        for path in FILES
        for words in _bare_counts(nodes_of(path))
    }
    shown = {one for one in found if not any(one[0] == f and w in one[1] for f, w in ALLOWED)}
    assert shown == set(), "say it with core.domain.counted"


LIMITS = {("core/datasets/audit/picture_quality.py", "limits")}  # ours, in words: never 1


def _bare_times(nodes):
    """Numbers in f-strings that stand right before "times"."""
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            for number, after in pairwise(node.values):
                is_number = isinstance(number, ast.FormattedValue)
                if is_number and re.match(r" times\b", str(getattr(after, "value", ""))):
                    yield ast.unparse(number.value)


def test_a_bare_times_is_found():
    assert list(_bare_times(_nodes('f"It has {a / b:.1f} times the pictures"'))) == ["a / b"]
    assert not list(_bare_times(_nodes('f"It has {times(a / b)} the pictures of all times"')))


def test_no_sentence_says_that_something_is_once_as_much():
    found = {
        (path.relative_to(PROJECT_DIR).as_posix(), words)
        for path in FILES
        for words in _bare_times(nodes_of(path))
    }
    shown = {one for one in found if not any(one[0] == f and w in one[1] for f, w in LIMITS)}
    assert shown - {("core/domain/counted.py", "number")} == set(), (
        "say it with core.domain.counted.times, and otherwise where it is empty"
    )
