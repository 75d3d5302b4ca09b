"""What tests of training share: a fake job context, and faces that are easy to classify."""

from __future__ import annotations

import numpy as np

from core.domain import FER7, Dataset, PictureSet, SplitProtocol


class FakeContext:
    """A JobContext that keeps its events and requests a stop after `stops_after` checks."""

    def __init__(self, folder, stops_after=None):
        self.folder, self.settings, self.clock = folder, None, None
        self.journal, self.events = self, []
        self._stop_checks, self._stops_after = 0, stops_after

    def append(self, event):
        self.events.append(event)

    def stop_requested(self):
        self._stop_checks += 1
        return self._stops_after is not None and self._stop_checks > self._stops_after

    def events_of(self, kind):
        """Its events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


def striped_faces(*, training=160, test=42, seed=2):
    """A dataset in which each label is a bright stripe at its own height, on noise."""
    rng = np.random.default_rng(seed)

    def pictures(count):
        labels = rng.integers(0, 7, count)
        pixels = rng.integers(0, 90, (count, 24, 24))
        for row, label in enumerate(labels):
            pixels[row, 3 * label : 3 * label + 3] += 150
        return PictureSet(pixels.astype(np.uint8), labels)

    splits = {"Training": pictures(training)}
    splits |= {"PublicTest": pictures(test), "PrivateTest": pictures(test)}
    return Dataset.from_splits("made", FER7, splits, SplitProtocol(*splits), content_hash="x")
