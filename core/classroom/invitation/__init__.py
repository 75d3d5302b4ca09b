"""How learners come to a class: addresses, QR codes, and signs to print."""

from core.classroom.invitation.addresses import (
    CLASS_QUERY,
    PROJECTOR_QUERY,
    TEACHER_QUERY,
    join_address,
    learner_address,
    projector_address,
    teacher_address,
)
from core.classroom.invitation.qr_code import qr_picture
from core.classroom.invitation.signs import camera_sign, door_sign

__all__ = [
    "CLASS_QUERY",
    "PROJECTOR_QUERY",
    "TEACHER_QUERY",
    "camera_sign",
    "door_sign",
    "join_address",
    "learner_address",
    "projector_address",
    "qr_picture",
    "teacher_address",
]
