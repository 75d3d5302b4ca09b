"""The eye in the browser, on the server's side: rows that a visitor's browser sends are checked,
ordered, and recorded as those of the server's own frames."""

from core.eye.ingest import RowIngest
from core.eye.message import ReaderState
from core.eye.row_stream import StreamStatus
from core.eye.secret import server_secret
from core.eye.token import TokenSigner

__all__ = [
    "ReaderState",
    "RowIngest",
    "StreamStatus",
    "TokenSigner",
    "server_secret",
]
