"""Classes, their learners and what these shared, in the database of sessions."""

from core.classroom.store.agreement import agree_again
from core.classroom.store.classroom_rows import one_line
from core.classroom.store.classrooms import (
    NewClassroom,
    OpenedClassroom,
    classroom,
    classroom_of_code,
    classroom_of_link,
    classroom_of_projector,
    classroom_of_teacher,
    classrooms,
    close_classroom,
    delete_classroom,
    open_classroom,
    reopen_classroom,
)
from core.classroom.store.everything import StoredAmounts, delete_everything, stored_amounts
from core.classroom.store.flags_and_marks import (
    add_flag,
    add_mark,
    delete_mark,
    flags_of,
    marks_of,
)
from core.classroom.store.learners import (
    Joined,
    JoinRequest,
    join,
    learner_of_secret,
    learners_of,
    set_states,
)
from core.classroom.store.overdue_classes import overdue_classrooms
from core.classroom.store.room_seconds import append_room_seconds, room_seconds_of
from core.classroom.store.seconds import (
    append_seconds,
    append_seconds_together,
    read_seconds,
    seconds_of_learner,
)
from core.classroom.store.withdrawals import withdraw

__all__ = [
    "JoinRequest",
    "Joined",
    "NewClassroom",
    "OpenedClassroom",
    "StoredAmounts",
    "add_flag",
    "add_mark",
    "agree_again",
    "append_room_seconds",
    "append_seconds",
    "append_seconds_together",
    "classroom",
    "classroom_of_code",
    "classroom_of_link",
    "classroom_of_projector",
    "classroom_of_teacher",
    "classrooms",
    "close_classroom",
    "delete_classroom",
    "delete_everything",
    "delete_mark",
    "flags_of",
    "join",
    "learner_of_secret",
    "learners_of",
    "marks_of",
    "one_line",
    "open_classroom",
    "overdue_classrooms",
    "read_seconds",
    "reopen_classroom",
    "room_seconds_of",
    "seconds_of_learner",
    "set_states",
    "stored_amounts",
    "withdraw",
]
