"""Text columns that every database can store, and what all tables belong to."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Dialect, MetaData, String, Text, TypeDecorator

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class StoredText(TypeDecorator[str]):
    """Text as each database can store it, in queries as well: PostgreSQL refuses zero characters,
    both refuse the halves of characters that undecodable file names contain. They become "\ufffd".
    """

    impl: Any = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - its name
        """A value on its way to the database."""
        return _UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else value


class StoredString(StoredText):
    """The same with a greatest length."""

    impl: Any = String
    cache_ok = True


metadata = MetaData()
