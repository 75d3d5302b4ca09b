"""What a visitor's browser measured: rows of faces and levels of the microphone are checked,
ordered, and recorded; rows as those of the server's own frames."""

from core.eye.ingest import RowIngest
from core.eye.level_ingest import LevelIngest
from core.eye.message import Message, ReaderState, RowEntry
from core.eye.message_delay import MessageDelay
from core.eye.ordered_messages import OrderedMessages
from core.eye.rate_limit import RateLimit
from core.eye.row_stream import ROWS, StreamStatus
from core.eye.secret import server_secret
from core.eye.stream_ingest import StreamIngest
from core.eye.token import LEARNERS, LEVELS, Ticket, TokenSigner

__all__ = [
    "LEARNERS",
    "LEVELS",
    "ROWS",
    "LevelIngest",
    "Message",
    "MessageDelay",
    "OrderedMessages",
    "RateLimit",
    "ReaderState",
    "RowEntry",
    "RowIngest",
    "StreamIngest",
    "StreamStatus",
    "Ticket",
    "TokenSigner",
    "server_secret",
]
