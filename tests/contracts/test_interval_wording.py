"""The ends of an interval and p-values are worded in one place: "[67.1, 70.2]", "p = 0.030"."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.domain.intervals import SHARE_METHOD
from core.domain.wording import p_equals, p_value

ROOT = Path(__file__).parents[2]
# What has ends and is no confidence interval: levels' borders, the middle half of a quantity, a
# range that is searched, a value's own error, the shares that three figures leave room for.
OTHERS = {
    "core/datasets/readers/expressiveness.py",
    "core/drift/sentences.py",
    "core/training/sweeps/search_space.py",
    "core/domain/intervals.py",
    "core/evaluation/comparison/claim_checks.py",
}


def _words_ends(source: str) -> list[int]:
    """Lines of the f-strings that write both `low` and `high` of something."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            inside = [one for part in node.values for one in _directly(part)]
            if {"low", "high"} <= {one.attr for one in inside}:
                found.append(node.lineno)
    return found


def _directly(part: ast.expr) -> list[ast.Attribute]:
    """Attributes that a placeholder writes, without those handed to a function."""
    if not isinstance(part, ast.FormattedValue):
        return []
    return [one for one in _outside_calls(part.value) if isinstance(one, ast.Attribute)]


def _outside_calls(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ends"):
        return []
    return [node, *(one for child in ast.iter_child_nodes(node) for one in _outside_calls(child))]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('f"{found.low:.1f} to {found.high:.1f}"', [1]),
        ('f"{percent(found.low)} to {percent(found.high)}"', [1]),
        ("f\"{interval_ends(found.low, found.high, '.1f')}\"", []),
        ('f"{percent_ends(found)}"', []),
    ],
)
def test_ends_worded_by_hand_are_seen(source, lines):
    assert _words_ends(source) == lines


def test_nobody_words_the_ends_of_an_interval_by_hand():
    by_hand = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("core", "pages", "scripts")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if str(path.relative_to(ROOT)) not in OTHERS
        for line in _words_ends(path.read_text())
    ]
    assert by_hand == []


def _names_method(source: str) -> list[int]:
    """Lines of the texts, other than docstrings, that name the method of shares' intervals."""
    tree = ast.parse(source)
    documentation = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    return [
        one.lineno
        for one in ast.walk(tree)
        if isinstance(one, ast.Constant)
        and SHARE_METHOD in str(one.value)
        and id(one) not in documentation
    ]


def test_a_method_named_by_hand_is_seen():
    assert _names_method('"""By Wilson."""\nx = f"accuracy: Wilson; {y}"') == [2]
    assert _names_method('x = f"accuracy: {SHARE_METHOD}; {y}"') == []


def test_the_method_of_shares_intervals_is_named_in_one_place():
    files = [
        path
        for folder in ("core", "pages", "scripts")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]
    by_hand = {path for path in files if _names_method(path.read_text())}
    templates = {
        path for path in (ROOT / "core").rglob("*.jinja") if SHARE_METHOD in path.read_text()
    }
    assert by_hand | templates == {ROOT / "core" / "domain" / "intervals.py"}


P_VALUES = {"p", "ks_p", "corrected_p", "p_adjusted", "exact_p", "mid_p"}


def _words_p(source: str) -> list[int]:
    """Lines of f-strings that write a p-value themselves."""
    placed = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.FormattedValue)]
    return [one.lineno for one in placed if _name_of(one.value) in P_VALUES]


def _name_of(node: ast.expr) -> str:
    """The name of a variable or a field; of anything else none."""
    return str(getattr(node, "attr", getattr(node, "id", "")))


@pytest.mark.parametrize(
    "source", ['f"(p = {found.p:.2g})"', 'f"{pair.corrected_p:.3g}"', 'f"{p}"']
)
def test_a_p_value_worded_by_hand_is_seen(source):
    assert _words_p(source) == [1]
    assert _words_p('f"{p_equals(found.p)} {found.value:.2f}"') == []


def test_nobody_words_a_p_value_by_hand():
    by_hand = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("core", "pages", "scripts", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line in _words_p(path.read_text())
        if path != ROOT / "core" / "domain" / "wording.py"
    ]
    assert by_hand == []


def test_a_p_value_that_is_nearly_zero_is_no_zero():
    assert [p_value(0.0), p_value(0.0009), p_value(0.0301)] == ["< 0.001", "< 0.001", "0.030"]
    assert [p_equals(1e-9), p_equals(0.8)] == ["p < 0.001", "p = 0.800"]
