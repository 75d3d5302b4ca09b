from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.domain import CONFIDENT2, SourceKind
from core.sessions import new_session
from tests.make import make_card

BEGAN_AT = datetime(2026, 1, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("consent_at", [None, BEGAN_AT])
def test_a_new_session_has_the_classes_and_the_threshold_of_its_model(consent_at):
    card = replace(make_card("calm"), scheme=CONFIDENT2, not_sure_below=0.6, reports=())
    begun = new_session(card, SourceKind.CAMERA, session_id="one", title="One", began_at=BEGAN_AT)
    session = begun.recorded_for("research", consent_at=consent_at)
    assert (session.card_name, session.scheme_name) == ("calm", CONFIDENT2.name)
    assert (session.labels, session.not_sure_below) == (CONFIDENT2.labels, 0.6)
    assert (session.purpose, session.consent_at) == ("research", consent_at)
    assert (session.id, session.title, session.began_at) == ("one", "One", BEGAN_AT)
