from __future__ import annotations

import pytest

from core.conversion.importing.label_file import (
    MAX_BYTES,
    ORDERS,
    checked,
    output_labels,
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
def test_labels_are_read_in_every_supported_form(content):
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
        b"x" * (MAX_BYTES + 1),
        "\n".join(map(str, range(101))).encode(),
    ],
)
def test_other_content_is_refused_with_an_example(content):
    with pytest.raises(PlanError) as refused:
        read_labels(content)
    assert "label" in refused.value.advice


def test_labels_in_fer2013_s_order_need_no_mapping():
    classes = output_labels(FER7.labels)
    assert classes.scheme == FER7
    assert classes.outputs == ()


def test_alphabetical_labels_are_mapped_to_the_scheme_s_order():
    classes = output_labels(ALPHABET)
    assert classes.scheme == FER7
    assert [ALPHABET[index] for index in classes.outputs] == list(FER7.labels)
    assert "another order" in classes.sentence


def test_the_orders_that_are_offered_hold_fer7():
    assert all(sorted(labels) == sorted(FER7.labels) for labels in ORDERS.values())


def test_synonyms_of_expressions_are_recognised():
    words = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
    assert output_labels(words).scheme == FER7
    assert output_labels(words).outputs == ()


def test_two_labels_of_a_known_scheme_are_that_scheme():
    classes = output_labels(("stressed", "confident"))
    assert classes.scheme == CONFIDENT2
    assert classes.outputs == (1, 0)


def test_custom_labels_make_a_scheme_shared_by_equal_models():
    eight = (*FER7.labels[:-1], "contempt", "neutral")
    one, other = output_labels(eight), output_labels([label.upper() for label in eight])
    assert one.scheme == other.scheme
    assert one.scheme.labels[6] == "contempt"
    assert len(one.scheme.name) <= 32  # what the session store takes
    assert output_labels(("open", "closed")).scheme != one.scheme


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
    classes = output_labels(ferplus, leave_out=("contempt",))
    assert classes.scheme == FER7
    assert classes.outputs == (4, 5, 6, 1, 3, 2, 0)


def test_excluding_a_custom_label_keeps_the_outputs_of_the_others():
    classes = output_labels(("a", "b", "c"), leave_out=("b",))
    assert classes.scheme.labels == ("a", "c")
    assert classes.outputs == (0, 2)


@pytest.mark.parametrize("leave_out", [("sulky",), ("angry", "happy")])
def test_an_unknown_label_cannot_be_excluded(leave_out):
    with pytest.raises(PlanError):
        output_labels(THREE, leave_out=leave_out)


def test_a_models_labels_have_one_spelling_whatever_characters_they_were_typed_with():
    one, two = "gl\u00fccklich", "glu\u0308cklich"
    assert checked([two, "traurig"]) == (one, "traurig")
    with pytest.raises(PlanError, match="repeated"):
        checked([one, two])
    assert output_labels([two, "traurig", "weg"], ["weg"]).scheme.labels == (one, "traurig")
    assert len(output_labels([one, "traurig", "weg"], [two]).scheme) == 2
