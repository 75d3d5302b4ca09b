"""Moments of an answer as cards, for the person to confirm, reject or explain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import streamlit as st

from core.domain.counted import counted, interval_ends
from core.domain.practice import MAX_REPORT_LENGTH, MomentAnswer, MomentKind, Verdict
from core.practice import MeasuredAnswer, answer_moment
from core.practice.answers import Moment, MomentAgreement, agreement_with_moments
from pages.parts.practice.jump import jump_to
from pages.parts.sessions.cached import store
from pages.parts.shell.theme import clock_time

MOMENT_TEXT: Mapping[MomentKind, str] = {
    MomentKind.LOOK_AWAY: "looked away",
    MomentKind.TENSION: "tension above your own calm face",
    MomentKind.SMILE: "a smile",
    MomentKind.NODS: "nods",
    MomentKind.SILENCE: "silence",
}
"""What a moment may be, as words of a card."""

_COUNTED: Mapping[MomentKind, tuple[str, str]] = {
    MomentKind.LOOK_AWAY: ("look away", "looks away"),
    MomentKind.TENSION: ("tension peak", "tension peaks"),
    MomentKind.SMILE: ("smile", "smiles"),
    MomentKind.NODS: ("nod series", "nod series"),
    MomentKind.SILENCE: ("silence", "silences"),
}
_VERDICTS: Mapping[Verdict, str] = {
    Verdict.CONFIRMED: ":material/check: Confirm",
    Verdict.REJECTED: ":material/close: Reject",
}
_CARD_PX = 330


def draw_moments(answer: MeasuredAnswer) -> None:
    """A card for each moment, and how often the person agreed."""
    st.markdown(
        "**Moments**",
        help="Candidates that the measures found. Only you know whether they are right.",
    )
    if not answer.moments:
        st.caption("No moment of this answer stood out in the measures.")
        return
    given = {(one.kind, one.begins_s): one for one in answer.answers}
    with st.container(horizontal=True, gap="small"):
        for moment in answer.moments:
            with st.container(border=True, width=_CARD_PX):
                _draw_card(answer, moment, given.get((moment.kind, moment.begins_s)))
    draw_agreement([answer], "In this answer")


def draw_agreement(answers: Sequence[MeasuredAnswer], where: str) -> None:
    """How often the person confirmed moments of each kind.

    Args:
        where: begins the sentence, such as "In this answer".
    """
    moments = [moment for one in answers for moment in one.moments]
    said = [one for answer in answers for one in answer.answers]
    found = [
        agreement_text(one)
        for one in agreement_with_moments(moments, said)
        if one.share is not None
    ]
    if found:
        st.caption(f"{where} you confirmed {'; '.join(found)}.")


def agreement_text(found: MomentAgreement) -> str:
    """As words after "you confirmed": "4 of 6 looks away (95 % CI [30, 90] %)"."""
    of = found.confirmed + found.rejected
    words = f"{found.confirmed} of {counted(of, *_COUNTED[found.kind])}"
    if found.share is None:
        return words
    ends = interval_ends(found.share.low * 100, found.share.high * 100, ".0f")
    return f"{words} (95 % CI {ends} %)"


def moment_text(moment: Moment) -> str:
    """A moment in words: "At 0:42 for 5 s: looked away"."""
    lasts_s = max(1, round(moment.ends_s - moment.begins_s))
    return f"At {clock_time(moment.begins_s)} for {lasts_s} s: {MOMENT_TEXT[moment.kind]}"


def _draw_card(answer: MeasuredAnswer, moment: Moment, given: MomentAnswer | None) -> None:
    attempt_id = answer.attempt.id
    key = f"{attempt_id}-{moment.kind}-{moment.begins_s:.3f}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(moment_text(moment), width="stretch")
        if st.button("Show", icon=":material/search:", key=f"moment-show-{key}"):
            jump_to(attempt_id, moment.begins_s, moment.ends_s)
    words = st.text_input(
        "Explain in one line (optional)",
        value=given.words if given else "",
        max_chars=MAX_REPORT_LENGTH,
        key=f"moment-words-{key}",
    )
    verdict = st.segmented_control(
        "Was it that?",
        list(Verdict),
        default=given.verdict if given else None,
        format_func=lambda one: _VERDICTS[one],
        key=f"moment-verdict-{key}",
        label_visibility="collapsed",
        required=given is not None,
        wrap=True,
    )
    if verdict is None and words.strip():
        st.caption("Press Confirm or Reject: your words are kept with it.")
    said = (verdict, words.strip())
    if verdict is not None and said != ((given.verdict, given.words) if given else (None, "")):
        answer_moment(
            store(),
            attempt_id,
            MomentAnswer(
                kind=moment.kind,
                begins_s=moment.begins_s,
                ends_s=moment.ends_s,
                verdict=verdict,
                words=words.strip(),
                answered_at=datetime.now(UTC),
            ),
        )
        st.rerun()
