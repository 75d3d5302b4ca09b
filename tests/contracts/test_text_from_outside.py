"""What people and files named is drawn letter by letter: never read as markup, nothing fetched."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import PROJECT_DIR
from core.storage.html_templates import rendered
from tests.contracts.sources import found_in, nodes_of, text_of

PAGES = sorted((PROJECT_DIR / "pages").rglob("*.py"))

DRAWS_MARKDOWN = {
    *("error", "warning", "info", "success", "toast"),
    *("markdown", "caption", "write", "header", "subheader", "title", "progress"),
    *("metric", "button", "checkbox", "toggle", "expander", "popover", "spinner", "status"),
}
"""What of Streamlit reads its text as Markdown."""

FROM_OUTSIDE = {
    *("error.message", "error.advice", "finished.error", "finished.advice"),
    *("progress.sentence", "session.title", "view.trouble", "file.name", "seen.name"),
    *("one.sentence", "one.advice", "one.why", "part.source", "report.split"),
}
"""Names of files, titles, and sentences that hold them."""


FIELDS = {
    *("name", "title", "label", "labels", "dataset", "split", "model", "card_name", "file_name"),
    *("message", "advice", "error", "trouble", "sentence", "why", "what", "note", "source"),
    *("first", "second", "source_split", "trained_on", "recipe_as_run", "run_id", "said"),
    *("all_limits", "not_for", "input_notes", "calibration_note"),
}
"""How fields are called that hold words from outside."""

VARIABLES = {
    *("name", "label", "labels", "dataset", "split", "model", "message", "advice", "error"),
    *("sentence", "note", "reason", "told", "train", "validation", "test"),
    *("missing", "damaged", "small", "best", "chosen"),
}
"""How variables are called that hold them."""

MADE_OF_THEM = {"expression_word", "top_words", "listed", "name_of"}
"""Functions that give such words back."""

PASSED_ON = {"join", "str", "capitalize", "lower", "strip", "replace", "map"}
"""Functions that give back the words they are given."""

OURS = {
    *("card.title", "recipe.title", "recipe.name", "field.why", "default_range.why", "view.note"),
    *("requested.name", "RECIPES[name].title", "MovementView().note"),
    *("QUANTITY_TEXT[one.quantity].name", "policy.notice", "FORMATS.values()"),
    "_consequences(policy)",
}
"""Words that are called so and are written in this program; of a loop, what it goes through."""


def _is_from_outside(node: ast.AST) -> bool:
    """Whether a name, a field or a call is named as words from outside are."""
    match node:
        case ast.Name(id=name):
            return name in VARIABLES | MADE_OF_THEM
        case ast.Attribute(attr=name):
            whole = ast.unparse(node)
            return name in FIELDS and whole not in OURS and not whole.split(".")[0].isupper()
        case ast.Call():
            return _called(node) in MADE_OF_THEM
    return False


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _passes_on(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression whose words stand in what it gives."""
    match node:
        case ast.GeneratorExp() | ast.ListComp():
            if ast.unparse(node.generators[0].iter) not in OURS:
                yield node.elt
        case ast.Call() if _called(node) in PASSED_ON:
            yield from node.args
            if isinstance(node.func, ast.Attribute):
                yield node.func.value
        case ast.JoinedStr() | ast.BinOp() | ast.IfExp() | ast.BoolOp() | ast.Starred():
            yield from ast.iter_child_nodes(node)
        case ast.FormattedValue(format_spec=None):
            yield node.value


def _named_in(node: ast.AST) -> Iterator[str]:
    """Words in what is drawn that are named as those from outside, and not given to `plain`."""
    if _is_from_outside(node):
        yield f"line {node.lineno}: {ast.unparse(node)}"
        return
    for one in _passes_on(node):
        yield from _named_in(one)


def _drawn(source: str) -> Iterator[ast.AST]:
    """What Streamlit is given to be read as Markdown."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        draws = isinstance(node.func, ast.Attribute) and node.func.attr in DRAWS_MARKDOWN
        if draws and ast.unparse(node.func.value) != "_log":
            yield from node.args
            yield from (one.value for one in node.keywords if one.arg in {"label", "body", "text"})
        yield from (one.value for one in node.keywords if one.arg in {"help", "caption"})


def _names_unescaped(source: str) -> list[str]:
    return [found for given in _drawn(source) for found in _named_in(given)]


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


def test_pages_draw_no_text_from_outside_as_markup() -> None:
    assert found_in(PAGES, lambda path: _unescaped(text_of(path))) == {}
    assert found_in(PAGES, lambda path: _names_unescaped(text_of(path))) == {}


def test_text_from_outside_is_found_where_it_is_drawn_as_it_came() -> None:
    assert _unescaped("st.subheader(entry.session.title)")
    assert _unescaped("words = f'**{error.message}**'")
    assert not _unescaped("st.subheader(plain(entry.session.title))")


def test_words_called_as_those_from_outside_are_found_where_they_are_drawn_as_they_came() -> None:
    assert _names_unescaped("st.caption(f'{card.name} is not here')")
    assert _names_unescaped("left.metric(f'Accuracy, {judges.split}', 1)")
    assert _names_unescaped("st.selectbox('Model', names, help=f'{label} is one')")
    assert _names_unescaped("st.markdown('- '.join(one.label for one in rows))")
    assert _names_unescaped("st.write(expression_word(top))")
    assert not _names_unescaped("st.caption(f'{plain(card.name)} has {rows.split:,} pictures')")
    assert not _names_unescaped("st.selectbox('Model', cards, format_func=lambda one: one.name)")


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
            and getattr(one.args[0].func, "attr", "") == "escape_figure"
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


def test_every_figure_is_given_to_plotly_as_letters() -> None:
    assert found_in(PAGES, lambda path: _unlettered(text_of(path))) == {}
    assert found_in(PAGES, lambda path: _filled_templates(text_of(path))) == {}


def test_a_figure_given_as_it_came_is_found() -> None:
    assert _unlettered("st.plotly_chart(figure, key='a')") == [1]
    assert _unlettered("st.plotly_chart(charts.escape_figure(figure), key='a')") == []
    assert _filled_templates("go.Bar(hovertemplate=f'{label}: %{{y}}')") == [1]
    assert _filled_templates("go.Bar(hovertemplate=f'%{{y}} {unit}')") == []


TEMPLATES = sorted((PROJECT_DIR / "core").rglob("*.jinja"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parents[2].name}-{path.stem}")
def test_no_template_takes_a_word_as_it_comes(path: Path) -> None:
    """`core.storage.html_templates` escapes what is put into a report, unless a filter says no."""
    assert not re.search(r"\|\s*safe\b|autoescape", path.read_text(encoding="utf-8"))


def test_what_is_put_into_a_template_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "page.jinja").write_text('<p title="{{ name }}">{{ name }}</p>')
    page = rendered(tmp_path, "page.jinja", name='"><script>')
    assert page == '<p title="&#34;&gt;&lt;script&gt;">&#34;&gt;&lt;script&gt;</p>'


def _with_markup(path: Path) -> Iterator[str]:
    """Functions of a page's part that return Markdown of their own."""
    for node in nodes_of(path):
        if isinstance(node, ast.FunctionDef):
            returned = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
            if any(one is not None and "**" in _words_of(one) for one in returned):
                yield node.name


def _words_of(node: ast.AST) -> str:
    found = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
    return " ".join(one for one in found if isinstance(one, str))


MARKUP = {name for part in PAGES for name in _with_markup(part)}


def _markup_shown_as_signs(path: Path) -> Iterator[int]:
    for node in nodes_of(path):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "plain":
            (inside,) = node.args
            called = ast.unparse(inside.func).split(".")[-1] if isinstance(inside, ast.Call) else ""
            if called in MARKUP or "**" in _words_of(inside):
                yield node.lineno


def test_markup_of_our_own_is_not_escaped_with_the_words_around_it() -> None:
    """Or people read the asterisks."""
    assert found_in(PAGES, _markup_shown_as_signs) == {}
