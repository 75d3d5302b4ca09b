"""What this process knows of classes and their learners, from the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from core.classroom.ingest.every_second import EverySecond
from core.classroom.store.classrooms import classroom as stored_classroom
from core.classroom.store.learners import learners_of
from core.domain import ModelCard
from core.domain.classroom import Classroom, Learner, LearnerSite
from core.domain.errors import ModelError, NotAllowedHere, StoreError, UnknownClassroom
from core.live import Clocks
from core.sessions import SessionStore

WATCHED_S = 600.0
"""A class that nobody asked about for so long is not looked at any more."""

_ADMITTED = timedelta(minutes=1)  # longer than a look at the database takes

DELETED = "This class was deleted, with everything that was shared in it."
CLOSED = "This class is closed. What you shared until then is in it; nothing more is taken."
WITHDRAWN = "You left this class and deleted what you shared, so nothing more of you is taken."
OTHER_SITE = (
    "You chose another way to take part, here or on another device: nothing more is taken in this "
    "way. Reload the page."
)
NO_MODEL = (
    "The model that reads expressions in this class was deleted. Ask the teacher for another class."
)


@dataclass(frozen=True)
class KnownClass:
    """A class as it was found.

    Attributes:
        classroom: None where there is none (any more).
        learners: by id.
        card: of the model that gives its scores; None without one.
        refusal: why nothing may be taken in it; empty where it may.
        read_at: when reading it began; aware, UTC.
    """

    classroom: Classroom | None
    learners: Mapping[str, Learner]
    card: ModelCard | None
    refusal: str
    read_at: datetime


@dataclass(frozen=True)
class ClassSources:
    """Where a desk looks things up; called in its thread.

    Attributes:
        store: of classes.
        policy_refusal: why a class may take nothing here, in a sentence; empty where it may.
            Raises a NotAllowedHere where the policy cannot be read.
        card_of: the card of a model's name; raises a ModelError where there is none.
    """

    store: SessionStore
    policy_refusal: Callable[[Classroom], str]
    card_of: Callable[[str], ModelCard]


class ClassDesk:
    """Looks once a second whether the classes that this process serves are open, who takes part,
    and what is allowed; answers at once. Thread-safe.

    While the database cannot be read, what was known goes on.

    Args:
        sources: where it looks.
        clocks: time.
    """

    def __init__(self, sources: ClassSources, clocks: Clocks) -> None:
        self._sources = sources
        self._clocks = clocks
        self._lock = Lock()
        self._known: dict[str, KnownClass] = {}
        self._asked_s: dict[str, float] = {}  # id of a class -> when somebody asked about it
        self._admitted: dict[str, datetime] = {}  # id of a learner -> when
        self._thread = EverySecond(self.refresh, name="classes")

    def admit(self, classroom: Classroom, learner: Learner) -> KnownClass:
        """Know a learner at once, who was just read from the database; returns their class.

        Raises:
            NotAllowedHere: the class is closed, or may take nothing here.
        """
        now = self._clocks.now()
        with self._lock:
            before = self._known.get(classroom.id)
            self._admitted[learner.id] = now
        learners = {} if before is None else before.learners
        known = self._found(classroom, {**learners, learner.id: learner}, now)
        with self._lock:
            self._known[classroom.id] = known
        self._ask(classroom.id)
        if known.refusal:
            raise NotAllowedHere(known.refusal, advice="Ask the teacher.")
        return known

    def look(self, classroom_id: str) -> KnownClass | None:
        """What is known of a class; None where it has to be looked up first, which begins now."""
        self._ask(classroom_id)
        known = self._known.get(classroom_id)
        if known is None:
            self._thread.soon()
        return known

    def refusal(self, classroom_id: str, learner_id: str, site: LearnerSite) -> str:
        """Why a learner may share nothing more, in a sentence; empty where they may.

        Args:
            site: where the face is read; the learner may have chosen another, in any tab.
        """
        known = self.look(classroom_id)
        if known is None:
            return ""
        if known.refusal:
            return known.refusal
        learner = known.learners.get(learner_id)
        if learner is None:
            return WITHDRAWN
        return "" if learner.site is site else OTHER_SITE

    def refresh(self) -> bool:
        """Look everything up again; returns whether there is something to look at."""
        now_s = self._clocks.seconds()
        with self._lock:
            for name in [one for one, at in self._asked_s.items() if now_s - at > WATCHED_S]:
                del self._asked_s[name]
                self._known.pop(name, None)
            names = list(self._asked_s)
        for name in names:
            self._read(name)
        return bool(names)

    def _ask(self, classroom_id: str) -> None:
        with self._lock:
            self._asked_s[classroom_id] = self._clocks.seconds()
        self._thread.begin()

    def _read(self, classroom_id: str) -> None:
        began_at = self._clocks.now()
        try:
            room = stored_classroom(self._sources.store, classroom_id)
            learners = {one.id: one for one in learners_of(self._sources.store, classroom_id)}
        except UnknownClassroom:
            known = KnownClass(None, {}, None, DELETED, began_at)
        except StoreError:
            return
        else:
            known = self._found(room, learners, began_at)
        with self._lock:
            self._known[classroom_id] = self._with_admitted(known, self._known.get(classroom_id))

    def _with_admitted(self, known: KnownClass, before: KnownClass | None) -> KnownClass:
        """With those who joined while it was read; the lock is held."""
        self._admitted = {
            name: at for name, at in self._admitted.items() if known.read_at - at < _ADMITTED
        }
        if before is None or known.classroom is None:
            return known
        newer = {
            name: learner
            for name, learner in before.learners.items()
            if name in self._admitted and self._admitted[name] >= known.read_at
        }
        return replace(known, learners={**known.learners, **newer})

    def _found(
        self, classroom: Classroom, learners: Mapping[str, Learner], read_at: datetime
    ) -> KnownClass:
        card, refusal = None, "" if classroom.is_open else CLOSED
        try:
            refusal = self._sources.policy_refusal(classroom) or refusal
            if classroom.card_name:
                card = self._card(classroom)
        except NotAllowedHere as error:
            refusal = str(error)
        except ModelError:
            refusal = NO_MODEL
        return KnownClass(classroom, learners, card, refusal, read_at)

    def _card(self, classroom: Classroom) -> ModelCard:
        before = self._known.get(classroom.id)
        if before is not None and before.card is not None:
            return before.card
        return self._sources.card_of(classroom.card_name)
