"""The room camera: one camera that faces a group, counted on the server."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

import streamlit as st

from core.classroom import append_room_seconds
from core.classroom import classroom as stored_classroom
from core.classroom.room_camera import (
    MAX_SIDE,
    WINDOW_S,
    HeadCounter,
    HeadFinder,
    RoomView,
    RoomWatch,
    SeatGrid,
    directions_of,
)
from core.domain.classroom import Classroom, RoomSecond, Shared
from core.domain.counted import counted, interval_ends
from core.domain.errors import StoreError, UnknownClassroom
from core.domain.intervals import share_interval
from core.live import RESOLUTIONS, Resolution
from core.policy import class_refusal, class_rules
from core.vision import DETECTOR, LANDMARKER, path_of
from pages.parts.policy.consent_gate import current_policy
from pages.parts.sessions.cached import store
from pages.parts.shell import error_box, fragments
from pages.parts.shell.cached import settings
from pages.parts.shell.session_state import Slot
from pages.parts.shell.theme import percent

FPS = 2
REFRESH_S = 1.0
LATE_AFTER_S = 5.0

_PICTURES: Sequence[Resolution] = RESOLUTIONS[1:]
_LIMITS = (
    "Once a second the faces in one picture are counted, and the picture is dropped: no name, no "
    "number of a person, nobody followed. A face that is turned away, covered or smaller than "
    "about 20 pixels is not found, so heads found are not people present. Towards the front "
    "means that a head points at this camera, within 25°: put it where people should look. Of "
    "small faces only left and right are known, so a head bent over a desk may count as towards "
    "the front. It is not where eyes look."
)
_FRONT = "towards the front"

_start: Slot[str] = Slot("room_camera_start", "")
_watch: Slot[RoomWatch | None] = Slot("room_watch", None)
_counter: Slot[tuple[tuple[str, int | None], HeadCounter] | None] = Slot("room_counter", None)
_trouble: Slot[str] = Slot("room_camera_trouble", "")


def draw_room_camera(classroom: Classroom) -> None:
    """The room camera of an open class: its switch, its regions, and what it counts.

    Raises:
        AssetError: set-up is not complete.
    """
    st.subheader("Room camera", anchor=False, help=_LIMITS)
    if not _may_count(classroom):
        _switch_off()
        st.caption("A room camera counts nothing here: the class is closed, or not allowed.")
        return
    st.warning(
        "Everybody in view has to know before it starts: put up the sign for a room camera, and "
        "say that you switch it on. Who does not want to be counted sits out of its view.",
        icon=":material/visibility:",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        grid = _choose_grid()
        picture = _choose_picture()
        _draw_switch(classroom, grid)
    if trouble := _trouble.get():
        st.warning(trouble, icon=":material/videocam_off:")
    watch = _watch.get()
    if watch is None:
        return
    if watch.view().grid != grid:
        watch.divide(grid)
    beside, counts = st.columns([3, 2], gap="medium")
    with beside:
        fragments.fragment()(_draw_stream)(watch, grid, picture)
    with counts:
        fragments.fragment(run_every=REFRESH_S)(_draw_counts)(classroom, watch)


def _may_count(classroom: Classroom) -> bool:
    """Whether the class is open, and heads may be counted by the policy as it is now."""
    if class_refusal(current_policy(), classroom):
        return False
    try:
        return stored_classroom(store(), classroom.id).is_open
    except UnknownClassroom:
        return False


def _smallest_group(classroom: Classroom) -> int | None:
    """The least number of heads whose direction counts; None where none may be counted: a class
    that shares no directions was not allowed to, or its learners were not told of it.
    """
    policy = current_policy()
    if policy is None or class_refusal(policy, classroom) or Shared.FACING not in classroom.shared:
        return None
    return class_rules(policy).smallest_group


def _choose_grid() -> SeatGrid:
    numbers = range(1, MAX_SIDE + 1)
    rows = st.selectbox("Rows of seats", numbers, key="room-rows", width=120)
    columns = st.selectbox("Columns", numbers, key="room-columns", width=120)
    return SeatGrid(rows, columns)


def _choose_picture() -> Resolution:
    names = [one.name for one in _PICTURES]
    help_text = "A larger picture finds faces further away, and takes the server twice as long."
    name = st.selectbox("Picture", names, key="room-picture", help=help_text, width=160)
    return _PICTURES[names.index(name)]


def _draw_switch(classroom: Classroom, grid: SeatGrid) -> None:
    if _start.get():
        st.button(
            "Switch off", icon=":material/videocam_off:", key="room-off", on_click=_switch_off
        )
    else:
        st.button(
            "Switch on",
            icon=":material/videocam:",
            key="room-on",
            on_click=_switch_on,
            args=(classroom, grid),
        )


@error_box.on_error()
def _switch_on(classroom: Classroom, grid: SeatGrid) -> None:
    if _start.get():
        return  # one press may be called back twice
    _trouble.set("")
    _watch.set(_new_watch(classroom, grid))
    _start.set(secrets.token_hex(8))


def _new_watch(classroom: Classroom, grid: SeatGrid) -> RoomWatch:
    assets_dir = settings().assets_dir
    finder = HeadFinder(path_of(assets_dir, DETECTOR), path_of(assets_dir, LANDMARKER))
    key = classroom.id, _smallest_group(classroom)
    known = _counter.get()
    counter = known[1] if known and known[0] == key else HeadCounter(grid, smallest_group=key[1])
    counter.divide(grid)
    _counter.set((key, counter))  # switched on again, it goes on comparing
    now = lambda: classroom.second_at(datetime.now(UTC))  # noqa: E731
    return RoomWatch(finder.find, counter, second_now=now)


def _switch_off(trouble: str = "") -> None:
    if (watch := _watch.take()) is not None:
        watch.end()
        _trouble.set(trouble)
    _start.set("")


@error_box.on_error()
def _draw_stream(watch: RoomWatch, grid: SeatGrid, picture: Resolution) -> None:
    """The camera's own picture; reports of the browser rerun only this fragment."""
    # Imported late: WebRTC, which no class without a room camera needs.
    from pages.parts.live import camera
    from pages.parts.live.camera_permission import PERMISSION_TEXT

    report = camera.camera_stream(
        watch.process_frame,
        watch.end,
        request=camera.CameraRequest(
            start=_start.get(),
            resolution=picture,
            ice_servers=settings().ice_server_list(),
            comes_back=False,
            fps=FPS,
            regions=(grid.rows, grid.columns),
        ),
    )
    if trouble := PERMISSION_TEXT.get(report.answer, ""):
        _switch_off(trouble)
        st.rerun()


@error_box.on_error()
def _draw_counts(classroom: Classroom, watch: RoomWatch) -> None:
    """Store what was counted, and draw it. Nothing is stored behind a gate that was closed."""
    if not _may_count(classroom) or watch.is_over:
        _switch_off("The room camera is off: its stream ended, or the class was closed.")
        st.rerun()
    _save(classroom, watch)
    view = watch.view()
    if view.failed:
        st.warning("Pictures arrive that cannot be analysed; see the server's log.")
    elif view.age_s is None:
        st.caption("Waiting for the first picture.")
    elif view.age_s > LATE_AFTER_S:
        st.caption("No picture for some seconds: not measured.")
    if view.seconds:
        _draw_figures(view, has_directions=_smallest_group(classroom) is not None)


def _save(classroom: Classroom, watch: RoomWatch) -> None:
    if not (seconds := watch.take()):
        return
    try:
        append_room_seconds(store(), classroom.id, seconds)
    except StoreError:
        watch.give_back(seconds)
        raise


def _draw_figures(view: RoomView, *, has_directions: bool) -> None:
    heads = sum(one.heads for one in view.seconds) / len(view.seconds)
    with st.container(horizontal=True, gap="large"):
        st.metric(f"Heads found, mean of {WINDOW_S} s", f"{heads:.0f}")
        if has_directions:
            known, share = directions_of(view.seconds)
            st.metric("With a known direction", known or "too few")
            st.metric(f"Of these, {_FRONT}", _share_text(known, share) or "not shown")
    if has_directions:
        st.caption("Towards this camera, within 25°. Not where eyes look.")
    else:
        st.caption("Directions of heads are not counted in this class.")
    if len(view.grid) > 1:
        st.markdown(_table(view, has_directions=has_directions), unsafe_allow_html=True)


def _share_text(known: int, share: float) -> str:
    """A share with its interval, of the mean number of heads: one head is no new one each second.
    Empty where it is not shown.
    """
    if not known:
        return ""
    ends = share_interval(round(share * known), known)
    return f"{percent(share)} {interval_ends(ends.low * 100, ends.high * 100, '.0f')}"


def _table(view: RoomView, *, has_directions: bool) -> str:
    """Regions as they lie in the picture, as HTML."""
    columns = view.grid.columns
    shown = ""
    for row in range(view.grid.rows):
        shown += "<tr>"
        for region in range(row * columns, (row + 1) * columns):
            heads, share = _cell(view.seconds, region, has_directions)
            shown += f"<td>{escape(heads)}<br><small>{escape(share)}</small></td>"
        shown += "</tr>"
    return f"<table>{shown}</table>"


def _cell(seconds: Sequence[RoomSecond], region: int, has_directions: bool) -> tuple[str, str]:
    """Heads of a region, and of them the share towards the front; empty where not counted."""
    heads = round(sum(one.seats[region][0] for one in seconds) / len(seconds))
    known, share = directions_of(seconds, region) if has_directions else (0, 0.0)
    words = f"{percent(share)} {_FRONT}" if known else "no direction"
    return counted(heads, "head"), words if has_directions else ""
