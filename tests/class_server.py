"""One of several servers of a class: takes the messages of some learners, and stores their seconds.

`python -m tests.class_server`; what to do comes as JSON, and its tokens go to the output.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from time import sleep
from typing import Any

from core.classroom import classroom as stored_classroom
from core.classroom import learners_of
from core.classroom.ingest import ClassDesk, ClassIngest, ClassSources, SecondsWriter
from core.domain.row_answer import AnswerKind
from core.eye import LEARNERS, TokenSigner
from core.live import Clocks
from core.sessions import SessionStore
from tests.eye_messages import body
from tests.make import make_card

WRITES_EVERY_S = 5
_WAITS_S, _TRIES = 0.05, 200


def serve(database_url: str, classroom_id: str, begin: int, end: int, **who: Any) -> list[str]:
    """Take a message a second of each learner, by a clock that a test has moved.

    Args:
        database_url, classroom_id: of the class.
        begin, end: seconds of the class.
        who: `numbers` of learners who open their page here, or `tokens` of those who did elsewhere.
    Returns:
        Their tokens.
    """
    store = SessionStore.open(database_url)
    room, at = stored_classroom(store, classroom_id), begin
    clocks = Clocks(lambda: 1000.0 + at, lambda: room.opened_at + timedelta(seconds=at))
    sources = ClassSources(store, lambda _: "", lambda _: make_card())
    writer = SecondsWriter(store, now=clocks.now)
    signer = TokenSigner(b"of all servers", purpose=LEARNERS)
    ingest = ClassIngest(signer, clocks=clocks, desk=ClassDesk(sources, clocks), writer=writer)
    here = {one.number: one for one in learners_of(store, classroom_id)}
    tokens = who.get("tokens") or [ingest.open(room, here[one]) for one in who["numbers"]]
    numbered = dict.fromkeys(tokens, 0)
    for at in range(begin + 1, end + 1):
        for token in tokens:
            for _ in range(_TRIES):
                answer = ingest.accept(token, _message(numbered[token], at))
                if answer.kind is AnswerKind.STORED:
                    break
                numbered[token] = answer.next_number or 0
                sleep(_WAITS_S)  # it looks the class up
            numbered[token] += 1
        if at % WRITES_EVERY_S == 0:
            writer.close(wait_s=30.0)
    ingest.close(wait_s=30.0)
    return tokens


def _message(sequence: int, at: int) -> bytes:
    """The second before this one, of a browser whose clock began with the class."""
    whole = json.loads(body(at - 1))
    return json.dumps(whole | {"sequence": sequence}).encode()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(serve(**json.loads(sys.stdin.read()))))
