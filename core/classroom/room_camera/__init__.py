"""One camera that faces a group: how many heads, and which share of groups points to the front."""

from core.classroom.room_camera.counting import Head, HeadCounter, directions_of
from core.classroom.room_camera.head_finder import HeadFinder
from core.classroom.room_camera.room_watch import WINDOW_S, RoomView, RoomWatch
from core.classroom.room_camera.seats import MAX_SIDE, SeatGrid

__all__ = [
    "MAX_SIDE",
    "WINDOW_S",
    "Head",
    "HeadCounter",
    "HeadFinder",
    "RoomView",
    "RoomWatch",
    "SeatGrid",
    "directions_of",
]
