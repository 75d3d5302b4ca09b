"""What references in docstrings, comments and documents lead to.

A reference is read as a person would read it: `worker.py` is a file, `worker.JOBS` a module and a
name in it, `SessionStore.append` a class and a member of it, `reference.path` a value at hand and
what it has, `SIZE_PX` a name of the code, `card.json` a file that code writes or reads. Shapes,
formulas, examples and commands are no references.
"""

from __future__ import annotations

import ast
import importlib
import io
import keyword
import re
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from core.settings import PROJECT_DIR
from tests.contracts.sources import nodes_of, text_of, tree_of

QUOTED = re.compile(r"``([^`]+)``|`([^`]+)`")
BARE = re.compile(r"(?<![\w./@<>-])[A-Za-z_]\w+(?:\.[A-Za-z_]\w+)+(?![\w/])")
CALLED = re.compile(r"(\w+(?:\.\w+)*)(?:\(.*\)|\[.*\])?")
FOLDER = re.compile(r"(?:benchmarks|core|docs|eye|pages|scripts|tests)(?:/\w+)+/?")
SOURCE_FILE = re.compile(r"(?:[\w.]+/)*[\w.]+\.(?:py|js|css|jinja|toml|md)")
DATA_FILE = re.compile(r"\w[\w.]*\.(?:bin|csv|html|jsonl?|log|np[yz]|onnx|png|proto|task|txt)")
DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Reference:
    """A piece of text that names something, and where it stands."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(PROJECT_DIR)}:{self.line} {self.text}"


def references_of_source(path: Path) -> Iterator[Reference]:
    """What docstrings and comments of a file of Python name: in back-ticks, or with dots."""
    docstrings = [
        (node.lineno, node.value.value)
        for node in nodes_of(path)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    for line, block in [*docstrings, *_comments(path)]:
        prose = re.sub(r"^ *Example:\n.*?(\n\n|\Z)", _blank, block, flags=re.M | re.S)
        for found in [*QUOTED.finditer(block), *BARE.finditer(QUOTED.sub(_blank, prose))]:
            text = " ".join(found[0].strip("`").split())
            yield Reference(path, line + block.count("\n", 0, found.start()), text)


def _blank(found: re.Match[str]) -> str:
    """As many characters and lines as were found, and no words."""
    return re.sub(r"[^\n]", " ", found[0])


def _comments(path: Path) -> list[tuple[int, str]]:
    """Comments with their first lines; lines that follow each other are one."""
    joined: dict[int, str] = {}
    first = last = -1
    for token in tokenize.generate_tokens(io.StringIO(text_of(path)).readline):
        if token.type == tokenize.COMMENT:
            first = first if token.start[0] == last + 1 else token.start[0]
            last = token.start[0]
            joined[first] = f"{joined.get(first, '')}\n{token.string[1:]}".removeprefix("\n")
    return list(joined.items())


def references_of_document(path: Path) -> Iterator[Reference]:
    """What a document names: in back-ticks what looks like code, in blocks of code our files."""
    is_code = False
    for number, line in enumerate(text_of(path).splitlines(), start=1):
        is_code ^= line.startswith("```")
        for found in (SOURCE_FILE if is_code else QUOTED).finditer(line):
            text = found[0].strip("`")
            if "/" in text if is_code else re.search(r"[._/A-Z]", text):
                yield Reference(path, number, text)


class Module:
    """What a file of Python holds: its names, every word of its code, classes and libraries."""

    def __init__(self, path: Path) -> None:
        nodes = nodes_of(path)
        self.names = {name for node in tree_of(path).body for name in _bound(node)}
        self.words = {word for node in nodes for word in _words(node)}
        self.classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
        self.libraries = {word for node in nodes for word in _from_libraries(node)}


def _bound(node: ast.stmt) -> Iterator[str]:
    """What a statement at the top of a module, or of a class, gives names to."""
    if isinstance(node, DEFINED):
        yield node.name
        return
    for one in ast.walk(node):
        if isinstance(one, ast.Import | ast.ImportFrom):
            yield from (name.asname or name.name.partition(".")[0] for name in one.names)
        elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id
        elif isinstance(one, DEFINED):
            yield one.name


def _from_libraries(node: ast.AST) -> Iterator[str]:
    ours = ("core", "pages", "tests", "benchmarks", "scripts")
    if isinstance(node, ast.ImportFrom) and not str(node.module).startswith(ours):
        yield from (one.asname or one.name for one in node.names)
    elif isinstance(node, ast.Import):
        yield from (one.asname or one.name.partition(".")[0] for one in node.names)


def _words(node: ast.AST) -> Iterator[str]:
    """Names that a node of code is or gives, and texts that may be keys or names themselves."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.arg | ast.keyword):
        yield node.arg or ""
    elif isinstance(node, ast.alias):
        yield from (node.asname or node.name).split(".")
    elif isinstance(node, DEFINED):
        yield node.name
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 80:
        yield node.value


class Project:
    """Everything that a reference may lead to.

    Args:
        sources: files of Python whose names count.
        files: every file of the project.
    """

    def __init__(self, sources: Sequence[Path], files: Sequence[Path]) -> None:
        self._modules = {_dotted(path): Module(path) for path in sources}
        self._files = {path.relative_to(PROJECT_DIR).as_posix() for path in files}

    def has(self, reference: Reference) -> bool:
        """Whether a reference leads somewhere; what is no reference at all does too."""
        text = reference.text
        called = CALLED.fullmatch(text)
        if SOURCE_FILE.fullmatch(text):
            return self._has_file(text, reference.path)
        if DATA_FILE.fullmatch(text):
            return text in self._words
        if FOLDER.fullmatch(text):
            return text.removesuffix("/") in self._files
        if not called or called[1][0].isdigit():
            return True
        parts = called[1].split(".")
        if len(parts) == 1:
            return keyword.iskeyword(text) or parts[0] in self._words or parts[0] in self._tails
        return self._has_in_module(parts) or self._has_at_hand(parts, reference.path)

    def _has_file(self, name: str, mentioned_in: Path) -> bool:
        """Whether a file ends so; where several do, a source means one beside or below itself."""
        own = mentioned_in.relative_to(PROJECT_DIR)
        ends = [one for one in self._files if f"/{one}".endswith(f"/{name}")]
        ends = [one for one in ends if one != own.as_posix()]
        if len(ends) > 1 and name not in self._files and own.suffix == ".py":
            return any(Path(one).is_relative_to(own.parent) for one in ends)
        return bool(ends) or name in self._words

    def _has_in_module(self, parts: list[str]) -> bool:
        """A module by the end of its dotted name, a name in it, a member of that."""
        for at in range(len(parts), 0, -1):
            rest = parts[at:]
            for module in self._tails.get(".".join(parts[:at]), []):
                if not rest or rest[0] in self._modules[module].names:
                    return len(rest) < 2 or rest[1] in self._members.get(rest[0], set())
        return parts[0] in sys.stdlib_module_names and _in_library(parts)

    def _has_at_hand(self, parts: list[str], mentioned_in: Path) -> bool:
        """A class and its member, a library, or a value that the file knows and what it has."""
        first, second = parts[:2]
        if first in self._members:
            return second in self._members[first]
        here = self._modules.get(_dotted(mentioned_in))
        if here is None:
            return False
        known = first in here.words and any(second in members for members in self._members.values())
        return first in here.libraries or known

    @cached_property
    def _tails(self) -> dict[str, list[str]]:
        """Ends of dotted names -> modules: `sessions.store`, and `store` alone; packages too."""
        tails: dict[str, list[str]] = defaultdict(list)
        for module in self._modules:
            parts = module.split(".")
            for at in range(len(parts)):
                tails[".".join(parts[at:])].append(module)
        return tails

    @cached_property
    def _words(self) -> set[str]:
        return {word for module in self._modules.values() for word in module.words}

    @cached_property
    def _members(self) -> dict[str, set[str]]:
        """Class -> what it and those of its bases that are ours have."""
        own: dict[str, set[str]] = defaultdict(set)
        bases: dict[str, set[str]] = defaultdict(set)
        for node in (node for module in self._modules.values() for node in module.classes):
            own[node.name] |= {name for part in node.body for name in _bound(part)}
            own[node.name] |= {
                one.attr
                for one in ast.walk(node)
                if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store)
            }
            bases[node.name] |= {re.split(r"[.\[]", ast.unparse(one))[-1] for one in node.bases}
        for _ in range(4):  # no class of ours stands deeper
            for name, above in bases.items():
                own[name] |= {member for base in above for member in own.get(base, set())}
        return dict(own)


def _dotted(path: Path) -> str:
    name = path.relative_to(PROJECT_DIR).with_suffix("").as_posix().replace("/", ".")
    return name.removesuffix(".__init__")


def _in_library(parts: list[str]) -> bool:
    """Whether the standard library has it."""
    found: object = importlib.import_module(parts[0])
    for name in parts[1:]:
        if not hasattr(found, name):
            return False
        found = getattr(found, name)
    return True
