"""What people and files named is drawn letter by letter: never read as markup, nothing fetched."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.storage.settings import PROJECT_DIR

PAGES = sorted((PROJECT_DIR / "pages").rglob("*.py"))

DRAWS_MARKDOWN = {
    *("error", "warning", "info", "success", "toast"),
    *("markdown", "caption", "write", "header", "subheader", "title", "progress"),
}
"""What of Streamlit reads its text as Markdown."""

FROM_OUTSIDE = {
    *("error.message", "error.advice", "finished.error", "finished.advice"),
    *("progress.sentence", "session.title", "view.trouble", "file.name", "seen.name"),
    *("one.sentence", "one.advice"),
}
"""Names of files, titles, and sentences that hold them."""


def _outside_in(node: ast.AST) -> Iterator[str]:
    """Words from outside below a node, but for those that `plain` is given."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "plain":
        return
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
        owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
        if f"{owner}.{node.attr}" in FROM_OUTSIDE:
            yield f"line {node.lineno}: {owner}.{node.attr}"
    for child in ast.iter_child_nodes(node):
        yield from _outside_in(child)


def _shown(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, but for the keys of Streamlit's elements, which nobody sees."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.keyword) and child.arg == "key"):
            yield from _shown(child)


def _unescaped(source: str) -> list[str]:
    found = []
    for node in _shown(ast.parse(source)):
        draws = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if draws and node.func.attr in DRAWS_MARKDOWN:
            for given in [*node.args, *(one.value for one in node.keywords if one.arg != "key")]:
                found += _outside_in(given)
        elif isinstance(node, ast.JoinedStr):
            found += _outside_in(node)
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_draw_no_text_from_outside_as_markup(path: Path) -> None:
    assert _unescaped(path.read_text(encoding="utf-8")) == []


def test_text_from_outside_is_found_where_it_is_drawn_as_it_came() -> None:
    assert _unescaped("st.subheader(entry.session.title)")
    assert _unescaped("words = f'**{error.message}**'")
    assert not _unescaped("st.subheader(plain(entry.session.title))")


def _unlettered(source: str) -> list[int]:
    """Lines that give Plotly a figure whose texts it would read as HTML."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    charts = [one for one in calls if getattr(one.func, "attr", "") == "plotly_chart"]
    return [
        one.lineno
        for one in charts
        if not (
            one.args
            and isinstance(one.args[0], ast.Call)
            and getattr(one.args[0].func, "attr", "") == "as_letters"
        )
    ]


def _filled_templates(source: str) -> list[int]:
    """Lines of templates with a word put into them that is not a unit: templates are markup."""
    templates = [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.keyword) and node.arg in {"hovertemplate", "texttemplate"}
    ]
    fields = [
        field
        for one in templates
        for field in ast.walk(one)
        if isinstance(field, ast.FormattedValue)
    ]
    return [
        one.lineno
        for one in fields
        if not (isinstance(one.value, ast.Name) and one.value.id == "unit")
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_figure_is_given_to_plotly_as_letters(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert _unlettered(source) == []
    assert _filled_templates(source) == []


def test_a_figure_given_as_it_came_is_found() -> None:
    assert _unlettered("st.plotly_chart(figure, key='a')") == [1]
    assert _unlettered("st.plotly_chart(charts.as_letters(figure), key='a')") == []
    assert _filled_templates("go.Bar(hovertemplate=f'{label}: %{{y}}')") == [1]
    assert _filled_templates("go.Bar(hovertemplate=f'%{{y}} {unit}')") == []
