"""Curves of runs, as figures."""

from __future__ import annotations

from types import SimpleNamespace

from core.domain import EpochEnded, LossPoint, ResourcePoint
from pages.parts.train.run.charts import (
    cores_curve,
    has_points,
    memory_curve,
    rate_curve,
    run_accuracy,
    run_loss,
)


def readings(*times_s: float) -> list[ResourcePoint]:
    return [ResourcePoint(time_s, 1.0, 2000.0) for time_s in times_s]


def learning(*metrics: dict[str, float]) -> SimpleNamespace:
    epochs = tuple(EpochEnded(at, len(metrics), one) for at, one in enumerate(metrics, start=1))
    return SimpleNamespace(epochs=epochs, batch_losses=(LossPoint(0.5, 1.9),))


def by_heart(epoch: int) -> dict[str, float]:
    """Training goes on getting better while validation gets worse."""
    training = {"train_accuracy": 0.3 * epoch, "train_loss": 1 / epoch}
    validation = {"val_accuracy": 0.4 / epoch, "val_loss": 1.0 * epoch}
    return {"loss": 1.5, **training, **validation}


def test_training_and_validation_are_drawn_together_so_that_learning_by_heart_shows():
    run = learning(*map(by_heart, (1, 2, 3)))
    accuracy = {line.name: list(line.y) for line in run_accuracy(run).data}
    assert accuracy == {"Training": [30, 60, 90], "Validation": [40, 20, 13.333333]}
    loss = {line.name: list(line.y) for line in run_loss(run).data}
    assert loss["Training"] == [1, 0.5, 0.333333]
    assert loss["Validation"] == [1, 2, 3]
    assert list(loss) == ["Batches (augmented)", "Training", "Validation"]
    training, validation = run_accuracy(run).data
    assert training.line.color != validation.line.color
    assert training.line.dash != validation.line.dash


def test_a_run_of_an_earlier_version_shows_what_it_told():
    run = learning({"loss": 2.0, "val_accuracy": 0.1}, {"loss": 1.0, "val_accuracy": 0.2})
    assert [line.name for line in run_accuracy(run).data] == ["Validation"]
    loss = {line.name: list(line.y) for line in run_loss(run).data}
    assert loss["Training (augmented)"] == [2, 1]


def test_epochs_are_counted_in_whole_steps():
    for epochs, step in ((1, 1), (2, 1), (25, 5)):
        run = learning(*[{**by_heart(at), "learning_rate": 0.1} for at in range(1, epochs + 1)])
        for figure in (run_accuracy(run), run_loss(run), rate_curve(run.epochs)):
            assert figure.layout.xaxis.dtick == step


def test_before_the_first_epoch_only_batches_have_anything_to_show():
    run = learning()
    assert has_points(run_loss(run))
    assert not has_points(run_accuracy(run))
    assert not has_points(rate_curve(run.epochs))


def test_no_line_is_drawn_across_a_pause_of_the_run():
    figure = cores_curve(readings(*range(0, 60, 5), *range(3600, 3660, 5)))
    (line,) = figure.data
    assert list(line.y).count(None) == 1
    at = list(line.y).index(None)
    assert line.x[at - 1] == 0.92
    assert line.x[at + 1] == 60.0


def test_a_run_without_a_pause_is_one_line():
    for few in (readings(), readings(5.0), readings(*range(0, 600, 5))):
        figure = memory_curve(few)
        assert None not in figure.data[0].y
        assert len(figure.data[0].x) == len(few)
