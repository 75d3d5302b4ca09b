"""Every page with hostile words in what came from outside: each is drawn letter by letter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Node

from core.settings import Settings
from pages.parts.evaluate.sections import SECTIONS
from pages.parts.shell.navigation import (
    EVALUATE_MODEL,
    EXPLORE_DATA,
    PAGES,
    PRACTICE,
    PUBLISH_MODEL,
    RESPONSIBLE_USE,
    SESSIONS,
    TRAIN_MODEL,
    WATCH_DRIFT,
    PageInfo,
)
from pages.parts.shell.theme import plain
from tests.hostile import LABEL, NAME, WORDS, put_everything, put_practices
from tests.pages.test_live_camera import (
    analyser,  # noqa: F401 - fixtures of the live page
    camera,  # noqa: F401
    guest,  # noqa: F401
    model,  # noqa: F401
)
from tests.pages.visits import open_at

ROOMS = [room for rooms in PAGES.values() for room in rooms]
OWN_WORDS = {
    EVALUATE_MODEL,
    EXPLORE_DATA,
    PUBLISH_MODEL,
    RESPONSIBLE_USE,
    SESSIONS,
    TRAIN_MODEL,
    WATCH_DRIFT,
}
"""Pages that show what of it there is as soon as they are opened."""

READ = re.compile(
    r"(?<!\\)!\[[xy]|(?<!\\)\]\(www|www\\?\.h|(?<!\\)<b>|a@h|(?<!\\)\*b|:smile\\?:|(?<!\\)\$x"
    r"|:material/home\\?:|(?<!\\):red\\?\[r|//(?:h\.example|192)"
)
"""What Streamlit reads as an image, a link, a tag, an icon, a formula, a colour or bold."""

TAG = re.compile(r"<(?!br>|/?extra>)")
"""What Plotly reads as a tag, but for those of our own templates."""

MARKDOWN = {
    *("body", "label", "help", "content", "text", "options", "caption", "captions", "title"),
    *("delta", "delta_description"),
}
LETTERS = {("Selectbox", "options"), ("MultiSelect", "options"), ("Text", "body"), ("Html", "body")}
"""What of the elements is Markdown, and what of it is written as it comes, or is judged below."""


def _messages(node: Node) -> Iterator[Message]:
    if isinstance(proto := getattr(node, "proto", None), Message):
        yield proto
    if isinstance(node, Block):
        for child in node.children.values():
            yield from _messages(child)


def _texts(message: Message) -> Iterator[tuple[str, str, str]]:
    """Kind of element, name of field and text, of a message and all in it."""
    kind = type(message).__name__
    for field, value in message.ListFields():
        alone = isinstance(value, str | bytes | bool | int | float | Message)
        for one in [value] if alone else value:
            if isinstance(one, Message):
                yield from _texts(one)
            elif isinstance(one, str):
                yield kind, field.name, one


class _Tags(HTMLParser):
    """Tags of a page part, with what they ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        asked = [value for name, value in attrs if name in {"src", "href", "srcset"}]
        foreign = [one for one in asked if not (one or "").startswith("data:")]
        if tag in {"b", "a", "script", "iframe"} or foreign:
            self.found.append(f"<{tag}> {foreign}")


def _tags_in(html: str) -> list[str]:
    tags = _Tags()
    tags.feed(html)
    return tags.found


def _chart_texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _chart_texts(one)


def read_as_markup(visitor: AppTest) -> list[str]:
    """What of a page would be read as more than letters: empty where all is well."""
    found = []
    for message in _messages(visitor._tree):
        kind = type(message).__name__
        if kind == "PlotlyChart":
            texts = _chart_texts(json.loads(message.spec))
            found += [
                f"chart: {one}" for one in texts if re.search(r"<(?!br>|extra>|/extra>)", one)
            ]
        if kind == "Html":
            found += [f"html: {one}" for one in _tags_in(message.body)]
        found += [
            f"{element}.{field}: {text}"
            for element, field, text in _texts(message)
            if field in MARKDOWN and (element, field) not in LETTERS and READ.search(text)
        ]
    return found


def shows(visitor: AppTest) -> bool:
    """Whether any of the hostile words came to the page at all."""
    headings = [text for one in _messages(visitor._tree) for _, _, text in _texts(one)]
    said = f"{visitor._tree} {headings}"
    return "h.example" in said.replace("\\u2060", "").replace("\u2060", "").replace("\\", "")


@pytest.fixture
def hostile(installation: Settings, tmp_path: Path) -> Settings:
    """An installation whose sessions, datasets, models, runs and files all have such names."""
    put_everything(installation, tmp_path)
    return installation


@pytest.mark.parametrize(
    "room", [one for rooms in PAGES.values() for one in rooms], ids=lambda room: room.path
)
def test_no_page_reads_hostile_words_as_markup(
    visitor: AppTest, hostile: Settings, room: PageInfo
) -> None:
    open_at(visitor, room)
    assert not visitor.exception
    assert shows(visitor) or room not in OWN_WORDS
    assert read_as_markup(visitor) == []


@pytest.mark.parametrize(
    "section", ["Pictures", "Problems", "Differences", "Corrections", "Report"]
)
def test_no_part_of_a_dataset_reads_them(visitor: AppTest, hostile: Settings, section: str) -> None:
    open_at(visitor, EXPLORE_DATA)
    visitor.button_group(key="data-section").select(section).run()
    assert not visitor.exception
    assert read_as_markup(visitor) == []


@pytest.mark.parametrize("section", ["This run", "All runs"])
def test_no_part_of_a_training_reads_them(
    visitor: AppTest, hostile: Settings, section: str
) -> None:
    for folder in sorted(hostile.runs_dir.glob("2*")):
        open_at(visitor, TRAIN_MODEL)
        visitor.session_state["slot:followed_run"] = folder.name
        visitor.button_group[0].select(section).run()
        assert not visitor.exception
        assert read_as_markup(visitor) == []


@pytest.mark.parametrize("section", SECTIONS)
def test_no_part_of_an_evaluation_reads_them(
    visitor: AppTest, hostile: Settings, section: str
) -> None:
    open_at(visitor, EVALUATE_MODEL)
    visitor.button_group(key="evaluate-section").select(section).run()
    assert not visitor.exception
    assert read_as_markup(visitor) == []


def test_no_practice_reads_them(guest: AppTest, installation: Settings) -> None:  # noqa: F811
    put_practices(installation)
    open_at(guest, PRACTICE)
    assert not guest.exception
    assert shows(guest)
    assert read_as_markup(guest) == []


@pytest.mark.parametrize("step", ["start", "ask", "answer", "finish"])
def test_no_step_of_a_practice_reads_them(
    guest: AppTest,  # noqa: F811
    installation: Settings,
    step: str,
) -> None:
    put_practices(installation)
    open_at(guest, PRACTICE)
    guest.button(key="practice-go-on-going-on").click().run()
    for one in ("ask", "answer", "finish"):
        if step != "start":
            guest.button(key=f"practice-{one}").click().run()
        if one == step:
            break
    assert not guest.exception
    assert shows(guest) or step == "start"
    assert read_as_markup(guest) == []


def test_what_is_searched_for_is_found() -> None:
    assert all(READ.search(one) for one in (WORDS, LABEL, NAME))
    assert not READ.search(plain(WORDS))
    assert _tags_in("<p><b>x</b><img src='http://h.example'></p>")
