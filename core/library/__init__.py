"""Saved models and their cards: save, list, load, verify."""

from core.library.card_text import card_as_markdown
from core.library.out_of_fold import (
    OUT_OF_FOLD_FILE,
    OutOfFold,
    attach_out_of_fold,
    out_of_fold,
    read_out_of_fold,
    read_table,
    write_out_of_fold,
)
from core.library.shelf import (
    CARD_FILE,
    CARD_TEXT_FILE,
    KERAS_FILE,
    ShelfStamp,
    add_reports,
    attach,
    digest,
    expect_free,
    list_cards,
    load_card,
    save,
    shelf_stamp,
    verified_file,
    verify,
)
from core.vocabulary import LITERT_FILE, ONNX_FILE

__all__ = [
    "CARD_FILE",
    "CARD_TEXT_FILE",
    "KERAS_FILE",
    "LITERT_FILE",
    "ONNX_FILE",
    "OUT_OF_FOLD_FILE",
    "OutOfFold",
    "ShelfStamp",
    "add_reports",
    "attach",
    "attach_out_of_fold",
    "card_as_markdown",
    "digest",
    "expect_free",
    "list_cards",
    "load_card",
    "out_of_fold",
    "read_out_of_fold",
    "read_table",
    "save",
    "shelf_stamp",
    "verified_file",
    "verify",
    "write_out_of_fold",
]
