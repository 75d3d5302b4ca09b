"""What pages put into HTML of their own is escaped, or known to be no word from outside."""

from __future__ import annotations

import ast
import re

import pytest

from core.settings import PROJECT_DIR
from tests.contracts.sources import found_in, nodes_of, text_of

PAGES = sorted((PROJECT_DIR / "pages").rglob("*.py"))
PARTS = "div|span|img|figure|figcaption|p|td|tr|b|i|svg|text|br|a|style|small|table|h[1-6]|li|ul"
HTML = re.compile(rf"</?(?:{PARTS})[ >]")

ESCAPE = {"escape", "plain", "data_uri", "face_colour"}
"""Functions whose result is no markup: the last two give an address of bytes and a colour."""

OURS = {
    "number": "a count",
    "face.track_id": "a number",
    "low": "the words of a scale, written in this program",
    "high": "the words of a scale, written in this program",
    "style": "a style sheet of a page",
    "caption": "HTML that the caller has escaped",
    "shown": "figures, each escaped where it is made",
    "', '.join(stops)": "colours",
    "''.join(figures)": "figures, each escaped where it is made",
}
"""What is put into HTML as it is -> what it holds."""


def _unescaped(function: ast.AST) -> list[str]:
    """What a function puts into HTML without escaping it."""
    nodes = list(ast.walk(function))
    safe = {name for node in nodes for name in _made_safe(node)}
    texts = [node for node in nodes if isinstance(node, ast.JoinedStr) and _is_html(node)]
    placed = [part for text in texts for part in text.values if _is_placed(part)]
    values = [part.value for part in placed if isinstance(part, ast.FormattedValue)]
    return [
        f"line {value.lineno}: {words}"
        for value in values
        if not _called(value) & ESCAPE
        and (words := ast.unparse(value)) not in {*OURS, *safe}
        and not words.isupper()
    ]


def _is_placed(part: ast.expr) -> bool:
    return isinstance(part, ast.FormattedValue) and part.format_spec is None


def _is_html(text: ast.JoinedStr) -> bool:
    constants = (one.value for one in text.values if isinstance(one, ast.Constant))
    return HTML.search("".join(map(str, constants))) is not None


def _called(value: ast.expr) -> set[str]:
    """The function whose result a value is."""
    if not isinstance(value, ast.Call):
        return set()
    return {getattr(value.func, "id", getattr(value.func, "attr", ""))}


def _made_safe(node: ast.AST) -> list[str]:
    """Names that are given escaped words, or HTML that is looked at itself."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name | ast.Tuple):
        return []
    made = node.value.elt if isinstance(node.value, ast.GeneratorExp) else node.value
    choices = [made.body, made.orelse] if isinstance(made, ast.IfExp) else [made]
    if not all(_called(one) & ESCAPE or _is_own(one) for one in choices):
        return []
    (target,) = node.targets
    return [ast.unparse(one) for one in getattr(target, "elts", [target])]


def _is_own(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) or (isinstance(value, ast.JoinedStr) and _is_html(value))


def _of_functions(nodes: tuple[ast.AST, ...] | list[ast.AST]) -> list[str]:
    return [
        found for node in nodes if isinstance(node, ast.FunctionDef) for found in _unescaped(node)
    ]


def test_every_word_in_html_of_a_page_is_escaped() -> None:
    assert found_in(PAGES, lambda path: _of_functions(nodes_of(path))) == {}


def test_pages_have_html_to_look_at() -> None:
    assert len([path for path in PAGES if HTML.search(text_of(path))]) > 5


@pytest.mark.parametrize(
    "line",
    [
        "return f'<b>{label}</b>'",
        "return f'<figure title=\"{names[at]}\">{escape(names[at])}</figure>'",
        "word = expression_word(label)\n    return f'<span>{word}</span>'",
        "words = f'{label}, predicted'\n    return f'<p>{words}</p>'",
    ],
)
def test_a_word_that_is_put_into_html_as_it_came_is_found(line: str) -> None:
    assert _of_functions(list(ast.walk(ast.parse(f"def draw():\n    {line}"))))


def test_an_escaped_word_is_let_pass() -> None:
    line = "word, more = (escape(one) for one in words)\n    return f'<b>{word}{more}</b>'"
    assert _of_functions(list(ast.walk(ast.parse(f"def draw():\n    {line}")))) == []
