"""Laws of question sets: what leaves as a file comes back, and no content breaks the reader."""

from __future__ import annotations

import contextlib

from hypothesis import example, given
from hypothesis import strategies as st

from core.domain.errors import QuestionSetError
from core.domain.question_set import Question, QuestionSet
from core.practice import parse_questions, questions_csv, questions_text

# Everything that text may hold but control characters: a file with those is a binary one.
letters = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t,;\"'|=+-@ \r")
texts = st.text(letters, max_size=40).map(str.strip)
questions = st.builds(Question, texts.filter(bool), texts)
sets = st.builds(
    QuestionSet,
    st.text(letters, max_size=20).map(lambda one: " ".join(one.split())).filter(bool),
    st.sampled_from(["en", "de", "pt-BR", "ru", "zh-Hant-TW"]),
    st.lists(questions, min_size=1, max_size=8).map(tuple),
)


@given(sets)
@example(QuestionSet("a", "en", (Question("question", "good_answer"),)))
@example(QuestionSet("a", "en", (Question("'=a\r\nb", "''"),)))
@example(QuestionSet("a", "en", (Question("\ufeffa", ""),)))
def test_a_set_that_leaves_as_a_file_comes_back_the_same(ours):
    content = questions_csv(ours)
    assert parse_questions(content, name=ours.name, language=ours.language) == ours


@given(sets)
@example(QuestionSet("a", "en", (Question("question"),)))
@example(QuestionSet("a", "en", (Question("a | b"), Question("'=c", "d\ne"))))
@example(QuestionSet("a", "en", (Question("|", "| |"),)))
@example(QuestionSet("a", "en", (Question("\ufeffa"), Question("b"))))
@example(QuestionSet("a", "en", (Question("question"), Question('a"b,c'), Question('"d'))))
@example(QuestionSet("a", "en", (Question("a |", "b"),)))
def test_a_set_that_is_shown_as_text_to_be_changed_is_saved_the_same(ours):
    text = questions_text(ours)
    assert parse_questions(text, name=ours.name, language=ours.language) == ours


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-16")))
@example(b'question,good_answer\n"')
@example(b"\xff\xfe\x00")
@example(b"\xff\xfe\x00\xd8\x00\xd8")
def test_any_content_is_a_set_or_refused_in_a_sentence_with_advice(content):
    for given_content in (content, content.decode("latin-1")):
        with contextlib.suppress(QuestionSetError):
            found = parse_questions(given_content, name="x", language="en")
            assert found.questions


@given(st.lists(texts.filter(lambda one: one and not set(one) & set("\n\r\t|")), min_size=1))
def test_every_typed_line_is_one_question(lines):
    wanted = [one.removeprefix("\ufeff") if at == 0 else one for at, one in enumerate(lines)]
    try:
        found = parse_questions("\n".join(lines), name="x", language="en")
    except QuestionSetError:
        assert not "".join(wanted).strip()
        return
    if wanted[0].strip().casefold() not in {"question", "question,good_answer"}:
        assert [one.text for one in found.questions] == [
            one.strip() for one in wanted if one.strip()
        ]
