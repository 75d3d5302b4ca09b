"""Analyses a picture; its numbers are stored only on request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from core.domain import (
    AnalysedFrame,
    Frame,
    ModelCard,
    Observation,
    SourceKind,
    new_session_id,
)
from core.domain.errors import MediaError
from core.measures import with_shown_labels
from core.policy import UsePolicy
from core.sessions import SessionStore, new_session
from core.vision import Analyser, picture_frame


@dataclass(frozen=True, eq=False)
class AnalysedPicture:
    """A picture and its faces.

    Attributes:
        name: of its file.
        frame: the picture; in memory only.
        faces: ordered by number.
    """

    name: str
    frame: Frame
    faces: tuple[Observation, ...]


def analyse_picture(content: bytes, name: str, analyser: Analyser) -> AnalysedPicture:
    """Analyse a picture.

    Args:
        content: of the picture's file.
        analyser: from `open_still_analyser`.
    Raises:
        MediaError: it cannot be read.
    """
    frame = picture_frame(content, name)
    return AnalysedPicture(name, frame, analyser.analyse(frame))


def store_picture(
    store: SessionStore,
    picture: AnalysedPicture,
    card: ModelCard,
    *,
    policy: UsePolicy,
    now: datetime,
) -> str:
    """Store the numbers of a picture's faces as a session of one moment; returns its id.

    Args:
        card: of the model used.
        policy: region and purpose.
        now: time of consent; aware, UTC.
    Raises:
        MediaError: it shows no face.
        StoreError: the database refuses.
    """
    if not picture.faces:
        raise MediaError(f"{picture.name} shows no face.", advice="There is nothing to store.")
    session = new_session(
        card,
        SourceKind.PICTURE,
        session_id=new_session_id(now, np.random.default_rng()),
        title=picture.name,
        began_at=now,
    ).recorded_for(policy.purpose.value, consent_at=now)
    store.begin(session)
    moment = with_shown_labels(
        AnalysedFrame(0.0, 0, picture.faces), picture.faces, not_sure_below=card.not_sure_below
    )
    store.append(session.id, [moment], now=now)
    store.end(session.id, ended_at=now)
    return session.id
