"""No file of a class holds more than region, purpose and the operator's switch allow."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from itertools import product

import openpyxl
import pytest

from core.classroom import flags_of, learners_of, seconds_of_learner
from core.classroom.exporters import class_files, class_report, learner_csv
from core.domain import FER7
from core.domain.classroom import SECOND_BY_SECOND, Shared
from core.policy import Purpose, Region, UsePolicy, class_rules
from core.sessions import SessionStore
from tests.class_lessons import MARKS, taught, viewed
from tests.classes import EVERYTHING, IN_EUROPE

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LABELS = "|".join(FER7.labels)
FORBIDDEN = re.compile(
    rf"expression|emotion|attenti|engage|interest|\bindex|_index|concentrat|confus|mood|{LABELS}"
    r"|eyes.?open|mean_|score|\bshown_(?!s\b)",
    re.IGNORECASE,
)
HEADS = re.compile(r"\bfacing|heads|towards the screen", re.IGNORECASE)
POLICIES = [
    UsePolicy(region, purpose, heads_counted=heads)
    for region, purpose, heads in product(
        Region, (Purpose.CLASSROOM, Purpose.RESEARCH), (False, True)
    )
]
CLASSES = {
    "present": (Shared.PRESENT,),
    "heads": (Shared.PRESENT, Shared.FACING),
    "engagement": (Shared.PRESENT, Shared.ENGAGEMENT),
    "everything": SECOND_BY_SECOND,
}


def of_class(shared):
    with_labels = Shared.EXPRESSIONS in shared
    labels = {"labels": FER7.labels, "card_name": "a"} if with_labels else {}
    return replace(EVERYTHING, **({"labels": (), "card_name": ""} | labels), shared=shared)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with SessionStore.open(f"sqlite:///{tmp_path_factory.mktemp('m') / 'm.db'}") as opened:
        yield opened


@pytest.fixture(scope="module")
def rooms(store):
    return {
        name: taught(store, of_class(shared), seconds=480, learners=6, marks=MARKS[:1], seed=at)
        for at, (name, shared) in enumerate(CLASSES.items())
    }


def words_of(name, content):
    """Everything that a person reads in a file, and names of columns."""
    if name.endswith(".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = (one.value for sheet in book for row in sheet.iter_rows() for one in row)
        return "\n".join([*book.sheetnames, *(str(one) for one in cells if one is not None)])
    text = content.decode("utf-8-sig")
    if not name.endswith(".html"):
        return text
    without_style = re.sub(r"(?s)<style>.*?</style>", " ", text)
    said = re.findall(r'aria-label="([^"]*)"', without_style)
    return unescape("\n".join([re.sub(r"(?s)<[^>]*>", " ", without_style), *said]))


@pytest.mark.parametrize(
    "policy",
    POLICIES,
    ids=lambda one: f"{one.region}-{one.purpose}-{'heads' if one.heads_counted else 'present'}",
)
@pytest.mark.parametrize("shared", CLASSES)
def test_files_hold_what_is_allowed_and_no_word_more(store, rooms, policy, shared):
    room, rules = rooms[shared], class_rules(policy)
    view = viewed(store, room, rules, seconds=480)
    allowed = {*CLASSES[shared]} & {*rules.allowed}
    files = class_files(class_report(room, view, made_at=NOW))
    assert len(files) == 5
    for one in files:
        words = words_of(one.name, one.content)
        more = FORBIDDEN.findall(words)
        if allowed <= {Shared.PRESENT, Shared.FACING}:
            assert more == [], one.name
        elif one.name != "slides.csv":
            assert more, f"the words are not looked for in {one.name}"
        if Shared.FACING not in rules.allowed:  # of the room camera, neither
            assert HEADS.findall(words) == [], one.name
    minutes = files[2].content.decode("utf-8-sig")
    (head, *_) = csv.reader(io.StringIO(minutes))
    assert ("facing" in head) == (Shared.FACING in allowed)
    assert ("index" in head) == ("mean_eyes_open" in head) == (Shared.ENGAGEMENT in allowed)
    assert ("shown_happy" in head) == (Shared.EXPRESSIONS in allowed)


@pytest.mark.parametrize(
    ("shared", "has_heads"),
    [((Shared.PRESENT,), False), ((Shared.PRESENT, Shared.FACING), True)],
    ids=["present", "heads"],
)
def test_a_learners_own_file_of_a_class_in_europe_holds_no_word_more(store, shared, has_heads):
    new = replace(IN_EUROPE, shared=shared)
    room = taught(store, new, seconds=30, learners=6, seed=40 + has_heads)
    for ana in learners_of(store, room.id):
        own = learner_csv(
            room, ana, seconds_of_learner(store, ana.id), flags_of(store, room.id)
        ).decode()
        assert FORBIDDEN.findall(own) == []
        assert bool(HEADS.findall(own)) == has_heads
