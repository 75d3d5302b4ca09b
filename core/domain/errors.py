"""Every error Mien raises on purpose, as a class hierarchy.

* MienError                      anything we can explain to a person
  - DatasetError                 a dataset cannot be used as requested
    . UnknownDataset             no dataset there, or in an unsupported format
    . UnreadableDataset          files are damaged, truncated or in the wrong shape
    . UnmappedLabels             labels that no scheme knows; `labels` lists them
    . UnclearColumns             a table whose columns are ambiguous; `columns` lists them
    . EmptySplit                 a split has no picture of some class
  - ModelError                   a saved model cannot be used as requested
    . UnknownModel               no model of that name
    . DamagedModel               a file is missing or its sha256 differs from the card
    . LabelSchemeMismatch        two label schemes that do not name the same expressions
    . UnwritableFormat           a network contains an operation that a format does not support
  - AssetError                   a file that set-up provides is missing or damaged
  - MediaError                   a picture or a video cannot be read
  - CalibrationError             a step of a person's calibration has too few usable rows
  - QuestionSetError             questions cannot be read, or saved as asked
    . SetNameTaken               another own set has that name; `set_id` is its
  - PlanError                    a plan contains something that does not exist or makes no sense
  - RunError                     a long job cannot be started, followed or resumed
    . UnknownRun                 no run of that name
    . RunAlreadyActive           a worker is at work on this run already
    . RunDiverged                the loss became infinite or not a number
  - SettingsError                an environment variable has an invalid value
  - StoreError                   the session database refused to read or write
    . UnknownSession             no session of that name
    . UnknownPractice            no practice, try or own set of that name
    . UnknownClassroom           no such class
    . UnknownLearner             no such learner of a class
  - ClassroomRefusal             a class is closed or full, or its code was guessed too often
  - NotAllowedHere               region, purpose or missing consent forbids it

`message` says what happened and with which values; `advice` says what to do next.
"""

from __future__ import annotations


class MienError(Exception):
    """Base class of all expected errors: what happened, and what to do about it.

    Args:
        message: one sentence, with the values that matter.
        advice: one sentence saying what the person can do.
    """

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        # The default would lose `advice` when an error is pickled into another process.
        return (_rebuild, (type(self), self.message, self.advice))


def _rebuild(kind: type[MienError], message: str, advice: str) -> MienError:
    return kind(message, advice=advice)


class DatasetError(MienError):
    """A dataset cannot be used as requested."""


class UnknownDataset(DatasetError):
    """No dataset there, or in an unsupported format."""


class UnreadableDataset(DatasetError):
    """Files are damaged, truncated or in the wrong shape."""


class UnmappedLabels(DatasetError):
    """Labels that no scheme knows.

    Attributes:
        labels: as written in the files.
    """

    def __init__(self, message: str, *, advice: str = "", labels: tuple[str, ...] = ()) -> None:
        super().__init__(message, advice=advice)
        self.labels = labels

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_unmapped, (self.message, self.advice, self.labels))


def _rebuild_unmapped(message: str, advice: str, labels: tuple[str, ...]) -> UnmappedLabels:
    return UnmappedLabels(message, advice=advice, labels=labels)


class UnclearColumns(DatasetError):
    """A table whose columns are ambiguous.

    Attributes:
        columns: their names, or numbers from 1 on.
        rows: cells of its first rows.
    """

    def __init__(
        self,
        message: str,
        *,
        advice: str = "",
        columns: tuple[str, ...] = (),
        rows: tuple[tuple[str, ...], ...] = (),
    ) -> None:
        super().__init__(message, advice=advice)
        self.columns, self.rows = columns, rows

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_unclear, (self.message, self.advice, self.columns, self.rows))


def _rebuild_unclear(
    message: str, advice: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
) -> UnclearColumns:
    return UnclearColumns(message, advice=advice, columns=columns, rows=rows)


class EmptySplit(DatasetError):
    """A split has no picture of some class."""


class ModelError(MienError):
    """A saved model cannot be used as requested."""


class UnknownModel(ModelError):
    """No model of that name."""


class DamagedModel(ModelError):
    """A file is missing, or its sha256 differs from the card's."""


class LabelSchemeMismatch(ModelError):
    """Two label schemes that do not name the same expressions."""


class UnwritableFormat(ModelError):
    """A network contains an operation that a format does not support."""


class AssetError(MienError):
    """A file that set-up provides is missing or damaged."""


class MediaError(MienError):
    """A picture or a video cannot be read."""


class CalibrationError(MienError):
    """A step of a person's calibration has too few usable rows, or does not show what was asked."""


class QuestionSetError(MienError):
    """Questions cannot be read, or a set of them cannot be saved as asked."""


class SetNameTaken(QuestionSetError):
    """Another own set has that name.

    Attributes:
        set_id: of that set, which may be replaced.
    """

    def __init__(self, message: str, *, advice: str = "", set_id: str = "") -> None:
        super().__init__(message, advice=advice)
        self.set_id = set_id

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_taken, (self.message, self.advice, self.set_id))


def _rebuild_taken(message: str, advice: str, set_id: str) -> SetNameTaken:
    return SetNameTaken(message, advice=advice, set_id=set_id)


class PlanError(MienError):
    """A plan contains something that does not exist or makes no sense."""


class RunError(MienError):
    """A long job cannot be started, followed or resumed."""


class UnknownRun(RunError):
    """No run of that name."""


class RunAlreadyActive(RunError):
    """A worker is at work on this run already."""


class RunDiverged(RunError):
    """The loss became infinite or not a number."""


class SettingsError(MienError):
    """An environment variable has an invalid value."""


class StoreError(MienError):
    """The session database refused to read or write."""


class UnknownSession(StoreError):
    """No session of that name."""


class UnknownPractice(StoreError):
    """No practice, no try or no own set of that name: it may have been deleted."""


class UnknownClassroom(StoreError):
    """No such class: it may have been deleted."""


class UnknownLearner(StoreError):
    """No such learner of a class: what was shared may have been deleted."""


class ClassroomRefusal(MienError):
    """A class is closed or full, or codes were tried too often."""


class NotAllowedHere(MienError):
    """Region, purpose or missing consent forbids it."""
