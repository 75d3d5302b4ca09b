from __future__ import annotations

import pytest

from core.conversion.importing.label_file import (
    MOST_BYTES,
    ORDERS,
    checked,
    meaning_of,
    read_labels,
)
from core.domain import CONFIDENT2, FER7
from core.domain.errors import PlanError
from tests.foreign import ALPHABET

THREE = ("angry", "happy", "sad")


@pytest.mark.parametrize(
    "content",
    [
        "angry\nhappy\nsad\n",
        "\ufeffangry\r\nhappy\r\nsad\r\n",
        "0 angry\n1 happy\n2 sad",
        "2: sad\n0: angry\n1: happy",
        "angry,happy,sad",
        "id,name\n1,happy\n0,angry\n2,sad",
        "angry,0\nhappy,1\nsad,2",
        "1,angry\n2,happy\n3,sad",
        '["angry", "happy", "sad"]',
        '{"0": "angry", "1": "happy", "2": "sad"}',
        '{"sad": 2, "angry": 0, "happy": 1}',
        "- angry\n- happy\n- sad\n",
        "* angry\n* happy\n* sad",
        "labels:\n  - angry\n  - 'happy'\n  - \"sad\"\n",
        "1. angry\n2. happy\n3. sad",
        "['angry', 'happy', 'sad']",
        "{0: 'angry', 1: 'happy', 2: 'sad'}",
        "('angry', 'happy', 'sad')",
    ],
)
def test_labels_are_read_however_they_are_written(content):
    assert read_labels(content.encode()) == THREE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"angry",
        b"angry\nangry",
        b"angry\nAngry",
        b"0,angry\n2,happy",
        b'{"0": "angry", "2": "sad"}',
        b'["angry", 3]',
        b'{"a": {"b": 1}}',
        b"[" * 5000,
        b"{0: open('labels')}",
        b"- angry\nhappy: sad\n- surprise, fear",
        b"\xff\xfe\x00",
        b"a\x07b\nc",
        ("x" * 41 + "\ny").encode(),
        b"a,b,c\nd,e,f",
        b"x" * (MOST_BYTES + 1),
        "\n".join(map(str, range(101))).encode(),
    ],
)
def test_what_is_no_list_of_labels_is_refused_with_an_example(content):
    with pytest.raises(PlanError) as refused:
        read_labels(content)
    assert "label" in refused.value.advice


def test_fer2013s_own_order_needs_nothing():
    meaning = meaning_of(FER7.labels)
    assert meaning.scheme == FER7
    assert meaning.outputs == ()


def test_folders_by_the_alphabet_are_put_into_order():
    meaning = meaning_of(ALPHABET)
    assert meaning.scheme == FER7
    assert [ALPHABET[place] for place in meaning.outputs] == list(FER7.labels)
    assert "another order" in meaning.sentence


def test_the_orders_that_are_offered_hold_fer7():
    assert all(sorted(labels) == sorted(FER7.labels) for labels in ORDERS.values())


def test_other_words_for_the_same_expressions_are_known():
    words = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
    assert meaning_of(words).scheme == FER7
    assert meaning_of(words).outputs == ()


def test_two_labels_of_a_known_scheme_are_that_scheme():
    meaning = meaning_of(("stressed", "confident"))
    assert meaning.scheme == CONFIDENT2
    assert meaning.outputs == (1, 0)


def test_labels_of_their_own_make_a_scheme_that_equal_models_share():
    eight = (*FER7.labels[:-1], "contempt", "neutral")
    one, other = meaning_of(eight), meaning_of([label.upper() for label in eight])
    assert one.scheme == other.scheme
    assert one.scheme.labels[6] == "contempt"
    assert len(one.scheme.name) <= 32  # what the session store takes
    assert meaning_of(("open", "closed")).scheme != one.scheme


def test_ferplus_without_contempt_is_fer7():
    ferplus = [
        "neutral",
        "happiness",
        "surprise",
        "sadness",
        "anger",
        "disgust",
        "fear",
        "contempt",
    ]
    meaning = meaning_of(ferplus, leave_out=("contempt",))
    assert meaning.scheme == FER7
    assert meaning.outputs == (4, 5, 6, 1, 3, 2, 0)


def test_leaving_out_a_label_of_their_own_keeps_the_places_of_the_others():
    meaning = meaning_of(("a", "b", "c"), leave_out=("b",))
    assert meaning.scheme.labels == ("a", "c")
    assert meaning.outputs == (0, 2)


@pytest.mark.parametrize("leave_out", [("sulky",), ("angry", "happy")])
def test_what_cannot_be_left_out_is_said(leave_out):
    with pytest.raises(PlanError):
        meaning_of(THREE, leave_out=leave_out)


def test_a_models_labels_have_one_spelling_whatever_characters_they_were_typed_with():
    one, two = "gl\u00fccklich", "glu\u0308cklich"
    assert checked([two, "traurig"]) == (one, "traurig")
    with pytest.raises(PlanError, match="repeated"):
        checked([one, two])
    assert meaning_of([two, "traurig", "weg"], ["weg"]).scheme.labels == (one, "traurig")
    assert len(meaning_of([one, "traurig", "weg"], [two]).scheme) == 2
