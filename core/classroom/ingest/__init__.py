"""What learners' devices send becomes seconds in the database."""

from core.classroom.ingest.seconds_meter import SecondsMeter

__all__ = ["SecondsMeter"]
