"""Texts of core may hold a label, a title or a name: pages escape them, or they are known not to.

Which fields and functions of core give text is read from its annotations, so that a new one is
escaped from its first day; `test_text_from_outside.py` beside this looks for known names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from core.settings import PROJECT_DIR
from tests.contracts.sources import found_in, nodes_of, text_of

PAGES = sorted((PROJECT_DIR / "pages").rglob("*.py"))
CORE = sorted((PROJECT_DIR / "core").rglob("*.py"))

MANY = {"tuple[str, ...]", "tuple[str, str, str]", "list[str]", "Sequence[str]"}
TEXT = {"str", "str | None", *MANY}
"""Annotations of text."""

FIRST_IS_READ = {
    *("button", "checkbox", "toggle", "expander", "popover", "spinner", "status", "selectbox"),
    *("multiselect", "radio", "pills", "segmented_control", "download_button", "link_button"),
    *("text_input", "text_area", "number_input", "slider", "select_slider", "file_uploader"),
    *("form_submit_button", "date_input", "camera_input"),
}
"""Elements of Streamlit whose first text is read as Markdown."""

ALL_IS_READ = {
    *("markdown", "caption", "write", "title", "header", "subheader", "error", "warning", "info"),
    *("success", "toast", "badge", "progress", "metric"),
}
"""Elements whose texts are all read as Markdown."""

OPTIONS_ARE_READ = {"radio", "pills", "segmented_control"}
"""Elements whose options are read as Markdown; those of lists that open are written as they are."""

NAMED = {"label", "body", "text", "delta"}
"""Arguments of these elements that are read as Markdown; `help` and `caption` are of any."""

PASSED_ON = {
    *("join", "str", "capitalize", "lower", "upper", "strip", "replace", "removeprefix"),
    *("list", "tuple", "filter", "map", "zip", "sorted", "fromkeys", "enumerate"),
}
"""Functions that give back the words they are given."""

NUMBERS = {"float", "int", "Interval", "datetime", "bool", "float | None", "int | None"}
"""Annotations of values that hold no text: a function that takes only these writes numbers."""

OURS = {
    "counted": "a number with its noun",
    "whole": "a number, in a format",
    "percent_ends": "numbers, in a format",
    "interval_ends": "numbers, in a format",
    "robustness_summary": "titles of corruptions, and numbers",
    "drop_sentence": "the title of a corruption, and numbers",
    "confidence_sentence": "the title of a corruption, and numbers",
    "quality_sentence": "the title of a measure of quality, and numbers",
    "detection_sentence": "the title of a corruption, and numbers",
    "duplicates_effect": "numbers",
    "not_sure_sentence": "numbers",
    "measured_sentence": "numbers",
    "pretrained": "how big a download is",
    "good_for": "what a format of ours is for",
    "kind_words": "kinds of problems",
    "reason_word": "reasons why a face is unusable",
    "baseline_text": "numbers",
    "percentile_text": "numbers",
    "parts_text": "parts of a calibration",
    "seconds_text": "numbers",
    "skipped_text": "parts of a calibration",
    "unreadable_text": "numbers",
    "word_of": "what the labels of a view are called",
    "read_by_words": "names of the places where faces are read",
    "in_words": "fields of recipes",
    "unlinked": "it escapes what the document did not",
    "card.title": "of the home page",
    "card.text": "of the home page",
    "card.icon": "of the home page",
    "page.title": "of a page",
    "page.path": "of a page",
    "page.purpose": "of a page",
    "form.title": "of a format of sessions",
    "offered.title": "of a file format of reports",
    "offered.about": "of a file format of reports",
    "field.title": "of a field of recipes",
    "field.why": "of a field of recipes",
    "default_range.why": "of a range of sweeps",
    "one.title": "of a format of models",
    "one.good_for": "of a format of models",
    "recipe.title": "recipes are ours",
    "recipe.name": "recipes are ours",
    "recipe.good_for": "recipes are ours",
    "recipe.comes_from": "recipes are ours",
    "recipe.reported": "recipes are ours",
    "requested.name": "of a resolution",
    "resolution_named(name).use_case": "of a resolution",
    "view.note": "of a view of scores",
    "views[one].title": "of a view of scores",
    "corrections.key": "digits",
    "report.made_at": "a time",
    "policy.notice": "of the consent",
    "one.claim.system": "of a claim that is written in this program",
    "found.remedies": "sentences of ours, with numbers",
    "card.answers": "logits or probabilities",
    "face_colour": "a colour",
    "line_of": "it escapes what it writes",
    "sparkline": "it escapes what it writes",
    "summary.wanted": "a number",
    "MovementView().note": "of a view of scores",
}
"""Texts of core that hold nothing from outside -> what they hold."""


@cache
def fields_of_text() -> frozenset[str]:
    """Names of the fields and properties of core's classes that give text."""
    return frozenset(_fields())


def _fields() -> Iterator[str]:
    for path in CORE:
        for node in nodes_of(path):
            for part in node.body if isinstance(node, ast.ClassDef) else ():
                match part:
                    case ast.AnnAssign(target=ast.Name(id=name), annotation=kind) if _is_text(kind):
                        yield name
                    case ast.FunctionDef(returns=kind) if _is_text(kind) and part.decorator_list:
                        yield part.name


@cache
def functions_of_text() -> frozenset[str]:
    """Names of the functions of core and of pages that return text."""
    nodes = (node for path in (*CORE, *PAGES) for node in nodes_of(path))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef))
    return frozenset(
        node.name for node in functions if _is_text(node.returns) and not _takes_numbers(node)
    )


def _takes_numbers(function: ast.FunctionDef) -> bool:
    given = [*function.args.args, *function.args.kwonlyargs]
    kinds = [ast.unparse(one.annotation) for one in given if one.annotation is not None]
    return bool(given) and len(kinds) == len(given) and set(kinds) <= NUMBERS


def _is_text(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation) in TEXT


def _called(node: ast.expr) -> str:
    function = node.func if isinstance(node, ast.Call) else node
    return getattr(function, "id", getattr(function, "attr", ""))


class _Function:
    """A function of a page: what its names stand for, and what it draws."""

    def __init__(self, node: ast.FunctionDef, module: ast.Module) -> None:
        self._node = node
        self._module = module
        self._known = {one.name: one for one in module.body if isinstance(one, ast.FunctionDef)}
        given = [*node.args.args, *node.args.kwonlyargs]
        kinds = {one.arg: ast.unparse(one.annotation) for one in given if one.annotation}
        self._many = {name for name, kind in kinds.items() if kind in MANY}
        self._values: dict[str, list[ast.expr]] = {}
        for one in ast.walk(node):
            match one:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._values.setdefault(name, []).append(value)
                case ast.NamedExpr(target=ast.Name(id=name), value=value):
                    self._values.setdefault(name, []).append(value)
                case (
                    ast.comprehension(target=ast.Name(id=name), iter=value)
                    | ast.For(target=ast.Name(id=name), iter=value)
                ):
                    self._values.setdefault(name, []).append(value)

    def unescaped(self) -> Iterator[str]:
        for call in ast.walk(self._node):
            if isinstance(call, ast.Call):
                for given in _read_as_markdown(call):
                    yield from (f"line {call.lineno}: {one}" for one in self._found(given, 0))

    def _found(self, node: ast.AST, depth: int) -> Iterator[str]:
        """Texts of core in what an expression gives, but for what `plain` is given."""
        for part in self._parts(node) if depth < 12 else ():
            yield from self._found(part, depth + 1)
        match node:
            case ast.Attribute(attr=name) if name in fields_of_text():
                whole = ast.unparse(node)
                if whole not in OURS and not whole[: whole.find(".")].split("[")[0].isupper():
                    yield whole
            case ast.Call(func=ast.Name(id=name)) if name in self._known:
                yield from self._returned(self._known[name], depth)
            case ast.Call() if self._is_text_of_others(node):
                yield ast.unparse(node)
            case ast.Name(id=name) if name in self._many:
                yield name

    def _is_text_of_others(self, node: ast.Call) -> bool:
        name = _called(node)
        is_stored = name == "get" and ast.unparse(node.func).split(".")[0] in {"plan", "result"}
        known = {"plain", *OURS, *PASSED_ON, *self._known}
        return is_stored or (name in functions_of_text() and name not in known)

    def _parts(self, node: ast.AST) -> Iterator[ast.AST]:
        """What an expression is made of."""
        match node:
            case ast.Name(id=name):
                yield from self._values.get(name, ())
            case ast.Call(args=[ast.Name(id="plain"), *_]) if _called(node) == "map":
                return
            case ast.Call() if _called(node) in PASSED_ON:
                yield from node.args
                if isinstance(node.func, ast.Attribute):
                    yield node.func.value
            case _:
                yield from _inside(node)

    def _returned(self, function: ast.FunctionDef, depth: int) -> Iterator[str]:
        """Texts of core in what another function of the page gives."""
        if function is self._node or not _is_text(function.returns):
            return
        other = _Function(function, self._module)
        for one in ast.walk(function):
            if isinstance(one, ast.Return) and one.value is not None:
                yield from other._found(one.value, depth + 1)


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.GeneratorExp(elt=part) | ast.ListComp(elt=part) | ast.Lambda(body=part):
            yield part
        case ast.FormattedValue(format_spec=None, value=part) | ast.Starred(value=part):
            yield part
        case ast.Subscript(value=part):
            yield part
        case ast.IfExp(body=body, orelse=other):
            yield from (body, other)
        case ast.JoinedStr() | ast.BinOp() | ast.BoolOp() | ast.List() | ast.Tuple():
            yield from ast.iter_child_nodes(node)


def _read_as_markdown(call: ast.Call) -> Iterator[ast.expr]:
    """What of a call Streamlit reads as Markdown."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    options = next((one.value for one in call.keywords if one.arg == "format_func"), None)
    if name in ALL_IS_READ:
        yield from call.args
    elif name in FIRST_IS_READ:
        yield from call.args[:1]
    if name in OPTIONS_ARE_READ:
        yield from call.args[1:2] if options is None else [options]
    is_element = name in ALL_IS_READ | FIRST_IS_READ
    read = {"help", "caption", *(NAMED if is_element else ())}
    yield from (one.value for one in call.keywords if one.arg in read)


def _unescaped(source: str) -> list[str]:
    module = ast.parse(source)
    functions = [one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)]
    return sorted({found for one in functions for found in _Function(one, module).unescaped()})


def test_no_text_of_core_is_read_as_markup() -> None:
    assert found_in(PAGES, lambda path: _unescaped(text_of(path))) == {}


@pytest.mark.parametrize(
    "drawn",
    [
        "st.caption(f'Installed: {card.name}')",
        "st.markdown(groups_words(report))",
        "st.badge(summary(lines, ours))",
        "st.markdown(f'{plan.get(\"recipe\")}')",
        "st.caption(' '.join([words, *report.notes]))",
        "st.markdown('\\n'.join(f'- {one}' for one in report.findings))",
        "for one in report.findings:\n        st.markdown(f'- {one}')",
        "st.markdown(_first([]))\ndef _first(labels: list[str]) -> str:\n    return labels[0]",
        "st.pills('Tags', tags, format_func=lambda one: found[one].title)",
        "st.selectbox('A', [], help=one.refusal)",
        "names = [card.name for card in cards]\n    st.caption(f'{names[0]}')",
        "st.markdown(_about())\ndef _about() -> str:\n    return card.origin",
    ],
)
def test_a_text_of_core_that_is_drawn_as_it_came_is_found(drawn: str) -> None:
    assert _unescaped(f"def draw():\n    {drawn}")


@pytest.mark.parametrize(
    "drawn",
    [
        "st.caption(f'Installed: {plain(card.name)}')",
        "st.selectbox('A', names, format_func=lambda one: found[one].title)",
        "st.caption(f'{percent(report.share)} of {CORRUPTIONS[name].title}')",
        "st.markdown(_about())\ndef _about() -> str:\n    return plain(card.origin)",
        "st.caption(' '.join(map(plain, report.notes)))",
    ],
)
def test_what_is_escaped_or_ours_is_let_pass(drawn: str) -> None:
    assert _unescaped(f"def draw():\n    {drawn}") == []
