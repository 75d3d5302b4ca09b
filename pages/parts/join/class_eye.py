"""The learner's own browser as the eye of a class: it reads five times a second."""

from __future__ import annotations

from core.domain.classroom import Classroom, Shared
from core.live import resolution_named
from core.models import browser_format
from core.vision import OverlayStyle, are_current, browser_files
from core.web import model_url
from pages.parts.join.class_eye_words import is_expression_sent, number_words, status_words
from pages.parts.live.browser_eye import (
    EyeModel,
    EyeReport,
    EyeRequest,
    EyeState,
    RowsWanted,
    browser_eye,
)
from pages.parts.shell.cached import cards, settings

ROWS_URL = "/class/rows"
READS_PER_S = 5


def draw_class_eye(classroom: Classroom, learner_id: str, *, start: str, token: str) -> EyeReport:
    """Draw the own picture with the numbers that leave the device; returns how the start goes.

    Where the server was started again, what runs in the browser goes on under the new start.

    Args:
        classroom: says what is shared, and so what is sent.
        learner_id: begins the name of every start.
        start: from `start_of`, unique; empty to switch the camera off.
        token: lets the browser write.
    """
    files = browser_files(settings().assets_dir)
    if files is None or not are_current(files):
        return EyeReport(EyeState.UNABLE, server_may=True, obstacle="component")
    rows = RowsWanted(
        url=ROWS_URL,
        per_s=READS_PER_S,
        with_expression=is_expression_sent(classroom),
        status=status_words(classroom),
        numbers=number_words(classroom),
    )
    return browser_eye(
        EyeRequest(
            start=start,
            continues=(start_of(learner_id, ""), -1.0) if start else None,
            paused=False,
            token=token,
            resolution=resolution_named(""),
            files=files.names,
            model=_model(classroom),
            style=OverlayStyle.NONE,
            rows=rows,
        )
    )


def start_of(learner_id: str, word: str) -> str:
    """The name of a start of a learner's eye.

    Args:
        word: makes it unique.
    """
    return f"{learner_id} {word}"


def _model(classroom: Classroom) -> EyeModel | None:
    """The model as this browser loads it; None where no expressions are shared."""
    if Shared.EXPRESSIONS not in classroom.shared:
        return None
    card = next((one for one in cards() if one.name == classroom.card_name), None)
    row = None if card is None else browser_format(settings().models_dir, card)
    if card is None or row is None:
        return None
    return EyeModel(
        url=model_url(card.name, row.sha256),
        size_px=card.input.size_px,
        interpolation=card.input.interpolation.value,
        reading=None,
    )
