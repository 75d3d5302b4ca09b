"""A session that begins with a model."""

from __future__ import annotations

from datetime import datetime

from core.domain import ModelCard, Session, SourceKind


def new_session(
    card: ModelCard, source: SourceKind, *, session_id: str, title: str, began_at: datetime
) -> Session:
    """A session whose scores are a model's: with its classes and its threshold.

    Args:
        card: of the model; see `Session` for the rest.
    """
    return Session(
        id=session_id,
        source=source,
        title=title,
        card_name=card.name,
        scheme_name=card.scheme.name,
        labels=card.scheme.labels,
        not_sure_below=card.not_sure_below,
        began_at=began_at,
    )
