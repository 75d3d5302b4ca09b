"""Responsible use: region and purpose, consent, what is stored, and the limits of reading faces."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.classroom import StoredAmounts, delete_everything, stored_amounts
from core.domain import ModelCard
from core.domain.counted import counted
from core.measures import MEASURES
from core.policy import UsePolicy, class_rules, retention_days
from pages.parts.classroom.cached import forget_boards
from pages.parts.policy import consent_gate, heads_switch, orphaned_files, policy_form
from pages.parts.practice.cached import forget_measured
from pages.parts.sessions import cached as sessions_cached
from pages.parts.sessions import kept_calibrations
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, session_state
from pages.parts.shell.navigation import RESPONSIBLE_USE, open_page
from pages.parts.shell.theme import at_what_time, plain

LIMITS_OF_FACES = """
- **An expression shown is not a feeling.** People scowl when they concentrate and smile
  when they are nervous. One feeling shows in many ways, and one expression goes with many feelings,
  as a review of the evidence found
  ([Barrett and others, 2019](https://doi.org/10.1177/1529100619832930)).
- **Context is missing.** Mien sees a face, not the situation, the culture or the person.
- **The labels are opinions.** The model learned from web pictures that people labelled at a glance;
  people themselves agree on about two of three.
- **Accuracy differs between faces.** Age, skin, glasses, beards, light and camera matter.
"""

NEVER_FOR = """
- Hiring, grading, promoting, policing, or any decision about a person
- Health, lie detection, or claims about personality
- People who were not informed, or could not refuse
"""

THE_LAW = """
- **AI Act, Article 5(1)(f):** inferring emotions of people at work or in education is prohibited,
  except for medical or safety reasons. It applies since 2 February 2025.
- **AI Act, Article 50(3):** whoever uses emotion recognition elsewhere informs the people exposed.
- **GDPR:** numbers that can be tied to a person are personal data. Here they rest on that person's
  consent (Article 6(1)(a)), which is withdrawn as easily as it is given (Article 7(3)). Sessions
  and Practice show, export and delete them (Articles 15, 20 and 17); no picture is kept, and
  deletion is offered in time (Article 5(1)(c) and (e)).
- This page is not legal advice.
"""

NOTHING = StoredAmounts(0, 0, 0, 0)


def _draw_choice() -> UsePolicy | None:
    policy = consent_gate.current_policy()
    st.subheader("Region and purpose", anchor=False)
    if policy is None:
        st.write("Region and purpose are not chosen yet. The camera stays off until they are.")
        policy_form.draw_form(None)
        return None
    region, purpose = (
        policy_form.REGION_WORDS[policy.region],
        policy_form.PURPOSE_WORDS[policy.purpose],
    )
    st.markdown(f"**{region}** · {purpose}")
    st.markdown("\n".join(f"- {sentence}" for sentence in _consequences(policy)))
    with st.popover("Change", icon=":material/edit:"):
        policy_form.draw_form(policy)
    with error_box.on_error():
        heads_switch.draw_switch(policy)
    return policy


def _consequences(policy: UsePolicy) -> list[str]:
    shown = (
        "Expressions are shown."
        if policy.emotion_shown
        else "No expression is shown, and Live camera stays off."
    )
    return [
        shown,
        _in_classes(policy),
        "Each person at the camera is asked for consent first, once per browser tab; in a class on "
        "the own screen, before joining.",
        f"After {retention_days(policy.purpose)} days a session, a practice or a class is offered "
        "for deletion.",
    ]


def _in_classes(policy: UsePolicy) -> str:
    rules = class_rules(policy)
    if rules.refusal:
        return "No class can be opened: that needs the purpose Classroom, or Research with consent."
    if not rules.switchable:
        return (
            "Classes may share presence, facing, engagement and expressions, each as the teacher "
            "chooses and the learner agrees."
        )
    heads = ", and how many heads point towards the screen" if policy.heads_counted else ""
    return (
        f"Classes show who is present, and what learners say themselves{heads}. Figures are of at "
        f"least {rules.smallest_group} learners."
    )


def _draw_consent(policy: UsePolicy | None) -> None:
    st.subheader("Your consent", anchor=False)
    consent = None if policy is None else consent_gate.consent_of_tab(policy)
    if consent is not None and not consent.is_known:
        consent_gate.draw_waiting()
        return
    given = None if consent is None else consent.given
    if given is None:
        st.write("You have not agreed to anything in this tab. Live camera asks before it starts.")
        return
    st.write(f"You agreed in this tab at {at_what_time(given.given_at)}.")
    if st.button("Withdraw", icon=":material/undo:", key="consent-withdraw"):
        consent_gate.withdraw_consent()
        st.rerun()


def _draw_sent() -> None:
    st.subheader("What is sent to the server", anchor=False)
    st.markdown(
        '- **With "Read on this device":** numbers only, about once a second. The browser finds '
        "the face, measures it and runs the model; the picture stays there.\n"
        "- **Without it, and for recordings:** the picture, or the file. It is analysed in memory; "
        "an uploaded file is deleted once its session is stored.\n"
        "- **With a microphone, on Practice:** how loud it was, ten numbers a second. Sound stays "
        "in the browser, and is kept nowhere.\n"
        "- **In a class:** numbers only, about once a second, and only what that class shares; the "
        "learner's screen shows them. Without a browser that can read, and only where the learner "
        "chooses it, the picture, which is analysed in memory.\n"
        "- **A room camera:** pictures of the group, analysed in memory; heads are counted, nobody "
        "is told from anybody."
    )


def _draw_storage() -> None:
    st.subheader("What is stored", anchor=False)
    st.markdown(
        "- **No pictures.** Each frame is processed in memory and discarded.\n"
        "- **Numbers only:** when, where in the frame, how clearly a face was seen, where its head "
        "points, how open its eyes are, how brows, eyes and mouth move, and scores.\n"
        "- **Calibrations** (own facing, face at rest and eyes): with their session, and longer "
        "only where a person kept one under a name.\n"
        "- **Practices:** their questions, own reports, and answers about moments. Of a microphone "
        "only how loud it was, ten times a second; no sound and no words.\n"
        "- **Own sets of questions:** until somebody deletes them.\n"
        "- **Classes:** title and marks; learners with the name they chose, when they agreed, and "
        "what they said by buttons; a row a second with what the class shares. Of links only what "
        'checks them. "Delete what I shared" deletes all of a learner.\n'
        "- **Only here:** in this installation's database. Nothing is sent anywhere else."
    )


def _draw_measures() -> None:
    st.subheader("Measures and their limits", anchor=False)
    st.write(
        "Measures are figures of what a face does, such as where the head points. "
        "docs/measures.md, a file of this installation, has each definition with its sources; "
        "so has the codebook beside each download on Sessions."
    )
    with st.expander("What each measure cannot tell"):
        st.markdown(
            "\n".join(f"- **{plain(one.title)}.** {plain(one.limits)}" for one in MEASURES.values())
        )


def _draw_model_limits() -> None:
    cards = shell_cached.cards()
    if not cards:
        st.subheader("Limits of the model", anchor=False)
        st.write("No model is installed. Each model's card lists its limits.")
        return
    card = cards[0]
    if len(cards) > 1:
        card = st.selectbox("Model", cards, format_func=_card_name, key="limits-model", width=320)
    limits, not_for = st.columns(2, gap="large")
    limits.subheader(f"Limits of {plain(card.name)}", anchor=False)
    limits.markdown(
        "\n".join(f"- {plain(one)}" for one in card.all_limits) or "Its card lists none."
    )
    not_for.subheader("What it is not for", anchor=False)
    not_for.markdown("\n".join(f"- {plain(one)}" for one in card.not_for) or "Its card lists none.")


def _card_name(card: ModelCard) -> str:
    return card.name


def _draw_delete_all() -> None:
    st.subheader("Delete everything", anchor=False)
    amounts = stored_amounts(sessions_cached.store())
    if amounts == NOTHING:
        st.write("No session, no practice, no class and no own set of questions is stored.")
        return
    st.write(
        f"Stored are {counted(amounts.sessions, 'session')}, "
        f"{counted(amounts.practices, 'practice')}, "
        f"{counted(amounts.classes, 'class', 'classes')} and "
        f"{counted(amounts.own_sets, 'own set', 'own sets')} of questions. "
        "What is running is not deleted."
    )
    with st.popover("Delete everything", icon=":material/delete_forever:"):
        st.write(
            "All sessions of this installation with their levels of sound, all practices with own "
            "reports and answers, all classes with what learners shared and said, and all own sets "
            "of questions are deleted. This cannot be undone."
        )
        sure = st.checkbox("Yes, delete all of it.", key="delete-all-sure")
        if st.button("Delete for good", type="primary", disabled=not sure, key="delete-all"):
            delete_everything(sessions_cached.store(), now=datetime.now(UTC))
            forget_measured()
            forget_boards()
            session_state.chosen_session.set(None)
            st.rerun()


open_page(RESPONSIBLE_USE.path)
st.title(RESPONSIBLE_USE.title, anchor=False)
st.write("Mien recognises what a face shows, not what the person feels.")

choice, agreement = st.columns(2, gap="large")
with choice:
    chosen = _draw_choice()
    with error_box.on_error():
        _draw_delete_all()
        kept_calibrations.draw_kept()
    with error_box.on_error():
        orphaned_files.draw()
with agreement:
    _draw_consent(chosen)
    _draw_sent()
    _draw_storage()
st.divider()
st.subheader("Limits of expression recognition", anchor=False)
st.markdown(LIMITS_OF_FACES)
never, law = st.columns(2, gap="large")
never.subheader("Never use it for", anchor=False)
never.markdown(NEVER_FOR)
law.subheader("The law in the EU", anchor=False)
law.markdown(THE_LAW)
if consent_gate.may_show_expressions():
    _draw_measures()
with error_box.on_error():
    _draw_model_limits()
