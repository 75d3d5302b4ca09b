"""A share in tenths of a percent is worded in one place: "68.7 %"."""

from __future__ import annotations

import ast
from itertools import pairwise

import pytest

from core.settings import PROJECT_DIR

THE_PLACE = "core/domain/counted.py"


def _words_tenths(source: str) -> list[int]:
    """Lines of the f-strings that multiply by a hundred and write tenths and "%"."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.JoinedStr)
        and any(_is_times_100(one) and _is_percent(after) for one, after in pairwise(node.values))
    ]


def _is_times_100(part: ast.expr) -> bool:
    if not isinstance(part, ast.FormattedValue) or part.format_spec is None:
        return False
    value = part.value
    return (
        ast.unparse(part.format_spec) == "f'.1f'"
        and isinstance(value, ast.BinOp)
        and isinstance(value.op, ast.Mult)
        and "100" in {ast.unparse(value.left), ast.unparse(value.right)}
    )


def _is_percent(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and str(part.value).lstrip().startswith("%")


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('f"{share * 100:.1f} % of them"', [1]),
        ('f"{100 * share:.1f}\\u00a0%"', [1]),
        ('f"Right: {one.value * 100:.1f}" " %"', [1]),
        ('f"{gain * 100:.1f} points"', []),
        ('f"{share * 100:.2f} %"', []),
        ('f"{tenths(share)} of them"', []),
    ],
)
def test_tenths_worded_by_hand_are_seen(source: str, lines: list[int]) -> None:
    assert _words_tenths(source) == lines


def test_nobody_words_tenths_of_a_percent_by_hand() -> None:
    by_hand = [
        f"{path.relative_to(PROJECT_DIR)}:{line}"
        for folder in ("core", "pages", "scripts", "benchmarks")
        for path in sorted((PROJECT_DIR / folder).rglob("*.py"))
        if path.relative_to(PROJECT_DIR).as_posix() != THE_PLACE
        for line in _words_tenths(path.read_text(encoding="utf-8"))
    ]
    assert by_hand == []
