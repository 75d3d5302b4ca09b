"""Checks of everything a live session needs, for the home page and for operators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.domain import ModelCard
from core.domain.counted import counted, tenths
from core.domain.errors import MienError, UnknownModel
from core.domain.wording import percent_ends
from core.models import CARD_FILE, list_cards, load_card, verify
from core.sessions import SessionStore
from core.settings import Settings
from core.vision import DETECTOR, LANDMARKER, check_browser_files, path_of

_LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class CheckResult:
    """The result of one check.

    Attributes:
        name: of what was checked.
        ok: whether it passed.
        sentence: the finding.
        advice: what to do; empty where nothing is needed.
    """

    name: str
    ok: bool
    sentence: str
    advice: str = ""


def check_app(settings: Settings) -> list[CheckResult]:
    """Check everything a live session needs; checksums of files are verified."""
    return [
        _found("Expression model", lambda: _model(settings)),
        _found("Face landmarker", lambda: _face_models(settings)),
        _found("Session store", lambda: _store(settings)),
    ]


def check_browser_eye(settings: Settings) -> CheckResult:
    """The files for reading faces in browsers: built, of this version, whole; half a second.

    Args:
        settings: say where they are.
    """
    return _found("Reading on the visitor's device", lambda: _browser_eye(settings))


def camera_over(address: str) -> CheckResult:
    """Whether browsers allow the camera for a page at this address.

    Args:
        address: of the page, such as `http://192.168.1.5:8501/live_camera`; empty if unknown.
    """
    parts = urlsplit(address)
    if not address or parts.scheme == "https" or parts.hostname in _LOCAL_HOSTS:
        return CheckResult("Camera", True, "The browser will ask before it starts.")
    return CheckResult(
        "Camera",
        False,
        f"Browsers block the camera for a page over {parts.scheme} from {parts.hostname}.",
        "Serve Mien over HTTPS, or open it on the same machine at localhost.",
    )


def _found(name: str, run_check: Callable[[], str]) -> CheckResult:
    try:
        return CheckResult(name, True, run_check())
    except MienError as error:
        return CheckResult(name, False, error.message, error.advice)


def _model(settings: Settings) -> str:
    cards = [card for card in list_cards(settings.models_dir) if card.served_by in card.files]
    if not cards:
        _explain_absence(settings)
    verify(settings.models_dir, cards[0])
    return _accuracy_sentence(cards[0])


def _explain_absence(settings: Settings) -> None:
    """Raise why no model can be used: a card that cannot be read, or none at all."""
    for folder in sorted(found.parent for found in settings.models_dir.glob(f"*/{CARD_FILE}")):
        load_card(settings.models_dir, folder.name)
    raise UnknownModel(
        f"There is no usable model in {settings.models_dir.name}/.",
        advice="Restore the shipped one, or train one: python -m core train --help.",
    )


def _accuracy_sentence(card: ModelCard) -> str:
    report = card.report("PrivateTest")
    if report is None:
        return f"{card.name} is ready; it was not evaluated on PrivateTest."
    right = report.accuracy
    return (
        f"{card.name} is ready. Accuracy {_percent(right.value)} "
        f"(95\u00a0% CI {percent_ends(right)}) on {report.pictures:,} unseen test pictures."
    )


def _percent(fraction: float) -> str:
    return tenths(fraction).replace(" ", "\u00a0")  # a non-breaking space


def _browser_eye(settings: Settings) -> str:
    found = check_browser_files(settings.assets_dir)
    sent = sum(one.br for one in found.files.values())
    return (
        f"Built, and of this version: {counted(len(found.files), 'file')}, "
        f"{sent / 1e6:,.1f} MB compressed; their checksums fit."
    )


def _face_models(settings: Settings) -> str:
    for file in (LANDMARKER, DETECTOR):
        path_of(settings.assets_dir, file)
    return "It and the detector for small faces are installed; their checksums fit."


def _store(settings: Settings) -> str:
    with SessionStore.open(settings.database_url) as store:
        count = len(store.sessions())
    if not count:
        return "Ready; no sessions yet."
    return f"{counted(count, 'session is', 'sessions are')} stored."
