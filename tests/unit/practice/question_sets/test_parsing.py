"""Questions from typed lines and files: read as they were meant, or refused in one sentence."""

# ruff: noqa: RUF001 - letters of other alphabets are what this is about
from __future__ import annotations

import codecs
import csv
import io

import pytest

from core.domain.errors import QuestionSetError
from core.domain.question_set import MAX_QUESTION_LENGTH, Question, QuestionSet
from core.practice import parse_questions, questions_csv

LETTERS = {
    "de": "Was hören Sie über größere Städte? Übermäßig viel, möchte ich sagen.",
    "fr": "Où êtes-vous né ? Très près d'ici, ça ira. Présentez-vous : «\xa0voilà\xa0».",
    "es": "¿Cómo llegó aquí? ¿Qué opinión tiene? Mañana será otro día, señor.",
    "ru": "Почему вы хотите у нас работать? Расскажите о себе, пожалуйста, подробнее.",
    "uk": "Чому ви хочете тут працювати? Розкажіть про себе, будь ласка.",
}


def parse(content, *, name="Mine", language="en"):
    return parse_questions(content, name=name, language=language)


def pairs(content, **options):
    return [(one.text, one.good_answer) for one in parse(content, **options).questions]


def refused(content, **options):
    with pytest.raises(QuestionSetError) as error:
        parse(content, **options)
    assert error.value.advice
    return error.value.message


def test_each_typed_line_is_a_question_with_its_commas_and_semicolons():
    typed = 'Tell me, why?\n\n  Here; or there?  \r\nWhy "so"?\rγιατί;\n'
    texts = ["Tell me, why?", "Here; or there?", 'Why "so"?', "γιατί;"]
    assert pairs(typed) == [(one, "") for one in texts]
    assert pairs(typed.encode()) == [(one, "") for one in texts]


def test_what_a_good_answer_shows_follows_a_bar_or_a_tab():
    typed = "Why? | A reason, and an example.\nHow?\tStep by step | slowly\nA|B?"
    wanted = [
        ("Why?", "A reason, and an example."),
        ("How?", "Step by step | slowly"),
        ("A|B?", ""),
    ]
    assert pairs(typed) == wanted


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("header", ["question{0}good_answer\r\n", "Question{0} Good Answer \n", ""])
def test_a_csv_file_is_read_whatever_separates_its_columns(delimiter, header):
    written = io.StringIO()
    cells = [["Why, and; how\t?", 'So, "this"; that'], ["Two\nlines?", ""]]
    csv.writer(written, delimiter=delimiter).writerows(cells)
    content = (header.format(delimiter) + written.getvalue()).encode()
    assert pairs(content) == [tuple(one) for one in cells]


def test_pasted_csv_is_read_by_its_header():
    assert pairs("question;good_answer\nWhy;Because") == [("Why", "Because")]


def test_columns_may_be_swapped_and_answers_missing():
    assert pairs(b"good_answer,question\nBecause,Why?\n") == [("Why?", "Because")]
    assert pairs(b"question\nWhy, now?\n") == [("Why, now?", "")]
    assert pairs(b"question,good_answer\nWhy?\n,\nHow?,So\n") == [("Why?", ""), ("How?", "So")]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'Why?,Because\nHow?,"So, then"\n', id="two-columns"),
        pytest.param(b'Why?,Because\n\nHow?,"So, then"', id="blank-line"),
    ],
)
def test_a_file_without_header_has_columns_where_every_row_does(content):
    assert pairs(content) == [("Why?", "Because"), ("How?", "So, then")]


def test_a_file_of_sentences_with_commas_is_one_of_lines():
    content = b"Well, why?\nNow, how?\nOh, when, exactly?"
    assert pairs(content) == [(one, "") for one in content.decode().split("\n")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("language", LETTERS)
def test_every_unicode_encoding_is_read(language, encoding):
    text = LETTERS[language]
    assert pairs(text.encode(encoding), language=language) == [(text, "")]


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("de", "cp1252"), ("fr", "cp1252"), ("es", "cp1252"), ("ru", "cp1251"), ("uk", "cp1251")],
)
def test_an_older_encoding_is_read_where_it_is_sure(language, encoding):
    text = LETTERS[language]
    assert pairs(text.encode(encoding), language=language) == [(text, "")]


def test_cyrillic_letters_are_known_whatever_the_language_says():
    assert pairs(LETTERS["ru"].encode("cp1251"), language="en") == [(LETTERS["ru"], "")]


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [
        pytest.param(LETTERS["ru"], "koi8-r", "ru", id="koi8-r"),
        pytest.param("Proč chcete tuto práci? Řekněte něco o sobě.", "cp1250", "cs", id="cp1250"),
        pytest.param("Γιατί θέλετε αυτή τη θέση;", "cp1253", "el", id="greek"),
        pytest.param("なぜこの仕事をしたいのですか", "shift-jis", "ja", id="shift-jis"),
        pytest.param("なぜこの仕事をしたいのですか", "shift-jis", "en", id="shift-jis-as-english"),
        pytest.param("你为什么想要这份工作", "gbk", "zh", id="gbk"),
    ],
)
def test_an_encoding_that_is_not_sure_is_refused_with_the_one_to_save_as(text, encoding, language):
    with pytest.raises(QuestionSetError, match="cannot be told") as error:
        parse(text.encode(encoding), language=language)
    assert "UTF-8" in error.value.advice


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param("", id="nothing-typed"),
        pytest.param(" \n\t\n", id="blank"),
        pytest.param(codecs.BOM_UTF8, id="mark-alone"),
        pytest.param(b"question,good_answer\n", id="header-alone"),
        pytest.param(b"question,good_answer\n , \n", id="blank-row"),
    ],
)
def test_without_a_question_there_is_no_set(content):
    assert refused(content) == "There is no question in it."


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), id="picture"),
        pytest.param(b"PK\x03\x04\x14\0\x06\0\x08\0[Content_Types].xml", id="spreadsheet"),
        pytest.param(bytes(1000), id="zeros"),
        pytest.param(b"Why\x07?", id="bell"),
        pytest.param(bytes(range(256)) * 10, id="every-byte"),
    ],
)
def test_a_binary_file_is_refused_as_one(content):
    assert "binary file" in refused(content)


def test_a_file_that_breaks_its_own_mark_is_refused():
    assert "UTF-16" in refused(codecs.BOM_UTF16_LE + b"a\0b")


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    assert "2.0 MB" in refused(b"why?\n" * 400_000)


def test_an_empty_question_is_named_with_its_line():
    assert "Line 3 has no question" in refused(b"question,good_answer\nWhy?,a\n,b\n")
    assert "Line 2 has no question" in refused("Why?\n | b\nHow?")


@pytest.mark.parametrize("content", ["{0}", "Why?\n{0}\n", 'question,good_answer\n"a\nb?",c\n{0},'])
def test_a_question_of_2000_characters_is_named_with_its_line_and_the_limit(content):
    line = content[: content.index("{0}")].count("\n") + 1
    message = refused(content.format("w" * 2000))
    assert message == f"Line {line} has 2,000 characters; a question has at most 500."


def test_an_answer_that_is_too_long_is_named_with_its_line():
    assert "what a good answer shows has at most 500" in refused(f"Why? | {'b' * 501}")


def test_ten_thousand_lines_are_counted():
    message = refused("Why?\n" * 10_000)
    assert message == "There are 10,000 questions; a set has at most 200."
    assert len(parse("Why?\n" * 200).questions) == 200


def test_a_row_with_a_comma_too_many_is_named_with_its_line():
    message = refused(b"question,good_answer\nWhy?,So\nWell, why?,Because\n")
    assert message == "Line 3 has 3 columns, the first line has 2."


@pytest.mark.parametrize("row", ['"Why?,a\nHow?,b\n', '"Why"?,a\n'])
def test_a_quotation_mark_that_is_not_closed_is_named_with_its_line(row):
    assert "Line 2 has a quotation mark" in refused(f"question,good_answer\n{row}")


def test_a_name_is_one_line_of_text_as_given():
    assert parse("Why?", name=" My <b>\n & viva ").name == "My <b> & viva"


@pytest.mark.parametrize(("name", "length"), [("", "0"), (" \n ", "0"), ("n" * 81, "81")])
def test_a_name_that_is_empty_or_too_long_is_refused(name, length):
    assert f"this one has {length}" in refused("Why?", name=name)


@pytest.mark.parametrize("language", ["", "german", "e", "en_GB", "<b>", "de-" + "x" * 40])
def test_a_word_that_is_no_language_tag_is_refused(language):
    assert "language" in refused("Why?", language=language)


def test_what_leaves_as_a_file_runs_in_no_spreadsheet_and_comes_back():
    texts = ["=1+1", "+a", "@b", "'Tis so?", "'=x", "''y", "-1?", "\uff1d2"]
    ours = QuestionSet("Mine", "en", tuple(Question(one, one) for one in texts))
    content = questions_csv(ours)
    assert content.startswith(codecs.BOM_UTF8 + b"question,good_answer\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
    assert all(cell.startswith("'") for row in rows for cell in row)
    assert parse(content) == ours


def test_an_apostrophe_of_ones_own_stays():
    assert pairs(b"question,good_answer\n'Tis so?,'cause\n") == [("'Tis so?", "'cause")]


@pytest.mark.parametrize("quoted", ["", '"'])
@pytest.mark.parametrize("header", ["", "question,good_answer\n"])
def test_a_line_longer_than_any_csv_reader_takes_is_refused_with_the_limit(header, quoted):
    content = f"{header}{quoted}{'x' * 200_000}{quoted}"
    for given in (content, content.encode()):
        with pytest.raises(QuestionSetError, match="characters") as refused:
            parse_questions(given, name="Mine", language="en")
        assert f"at most {MAX_QUESTION_LENGTH}" in str(refused.value)


@pytest.mark.parametrize("control", ["\0", "\x0b", "\x1b", "\x7f"], ids=ascii)
def test_control_characters_of_pasted_text_are_spaces_and_the_set_can_be_shared(control):
    made = parse_questions(f"Why{control}here?", name="Mine", language="en")
    assert made.questions == (Question("Why here?"),)
    shared = parse_questions(questions_csv(made), name="Mine", language="en")
    assert shared.questions == made.questions


@pytest.mark.parametrize("unseen", ["\u200b", "\u2060\u200b", "\u202e", "\ufeff \ufeff"], ids=ascii)
def test_a_question_of_which_nothing_can_be_seen_is_empty(unseen):
    made = parse_questions(f"Why here?\n{unseen}\n", name="Mine", language="en")
    assert made.questions == (Question("Why here?"),)
    with pytest.raises(QuestionSetError, match="Line 1 has no question"):
        parse_questions(f"{unseen} | A reason.", name="Mine", language="en")
