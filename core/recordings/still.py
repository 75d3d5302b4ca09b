"""One picture in, the faces in it out; kept only where somebody asks for their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from core.domain import (
    AnalysedFrame,
    Frame,
    ModelCard,
    Observation,
    Session,
    SourceKind,
    new_session_id,
)
from core.domain.errors import MediaError
from core.measures import with_shown_labels
from core.policy import UsePolicy
from core.sessions import SessionStore
from core.vision import Analyser, picture_frame


@dataclass(frozen=True, eq=False)
class SeenPicture:
    """A picture, and everybody in it.

    Attributes:
        name: of its file.
        frame: the picture; in memory only.
        faces: ordered by number.
    """

    name: str
    frame: Frame
    faces: tuple[Observation, ...]


def look_at_picture(content: bytes, name: str, analyser: Analyser) -> SeenPicture:
    """Everybody in a picture.

    Args:
        content: of the picture's file.
        analyser: looks at each picture afresh (`open_still_analyser`).
    Raises:
        MediaError: it cannot be read.
    """
    frame = picture_frame(content, name)
    return SeenPicture(name, frame, analyser.analyse(frame))


def store_picture(
    store: SessionStore,
    seen: SeenPicture,
    card: ModelCard,
    *,
    policy: UsePolicy,
    now: datetime,
) -> str:
    """Store the numbers of a picture's faces as a session of one moment; the answer is its id.

    Args:
        card: of the model that judged.
        policy: what is allowed here.
        now: when everybody shown had agreed; aware, UTC.
    Raises:
        MediaError: it shows nobody.
        StoreError: the database refuses.
    """
    if not seen.faces:
        raise MediaError(f"{seen.name} shows no face.", advice="There is nothing to store.")
    session = Session(
        id=new_session_id(now, np.random.default_rng()),
        source=SourceKind.PICTURE,
        title=seen.name,
        card_name=card.name,
        scheme_name=card.scheme.name,
        labels=card.scheme.labels,
        not_sure_below=card.not_sure_below,
        began_at=now,
        purpose=policy.purpose.value,
        consent_at=now,
    )
    store.begin(session)
    moment = with_shown_labels(
        AnalysedFrame(0.0, 0, seen.faces), seen.faces, not_sure_below=card.not_sure_below
    )
    store.append(session.id, [moment], now=now)
    store.end(session.id, ended_at=now)
    return session.id
