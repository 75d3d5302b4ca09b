"""Consent that is given once more: to other words, or to another place where faces are read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from core.classroom.store.classroom_rows import unknown_learner
from core.domain.classroom import LearnerSite
from core.sessions import SessionStore
from core.storage.classroom_tables import learners
from core.storage.readable_rows import text_of_time


def agree_again(
    store: SessionStore, learner_id: str, *, site: LearnerSite, notice_version: str, now: datetime
) -> None:
    """Store that a learner agreed once more.

    Args:
        site: where faces are read from now on.
        notice_version: of the notice that was on screen.
        now: aware, UTC.
    Raises:
        UnknownLearner: there is none of that id, or no more.
        StoreError: the database refuses.
    """
    agreed = {"site": site.value, "notice_version": notice_version, "consent_at": text_of_time(now)}
    with store.transaction("written") as connection:
        own = update(learners).where(learners.c.id == learner_id).values(**agreed)
        if connection.execute(own).rowcount == 0:
            raise unknown_learner()
