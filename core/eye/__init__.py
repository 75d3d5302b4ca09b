"""What a visitor's browser measured: rows of faces and levels of the microphone are checked,
ordered, and recorded; rows as those of the server's own frames."""

from core.eye.ingest import RowIngest
from core.eye.level_ingest import LevelIngest
from core.eye.message import ReaderState
from core.eye.rate_limit import RateLimit
from core.eye.row_stream import StreamStatus
from core.eye.secret import server_secret
from core.eye.token import LEVELS, TokenSigner

__all__ = [
    "LEVELS",
    "LevelIngest",
    "RateLimit",
    "ReaderState",
    "RowIngest",
    "StreamStatus",
    "TokenSigner",
    "server_secret",
]
