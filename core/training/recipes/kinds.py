"""Kinds that a recipe chooses from: optimiser, schedule, balancing, loss, teachers."""

from __future__ import annotations

from enum import StrEnum


class Optimiser(StrEnum):
    """Update rule of the weights."""

    ADAMW = "adamw"
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019)."""
    ADAM = "adam"
    """Kingma & Ba 2015; without weight decay."""
    SGD = "sgd"
    """With Nesterov momentum 0.9."""


class Schedule(StrEnum):
    """Learning-rate schedule over a run."""

    COSINE = "cosine"
    """Warm-up, then half a cosine to zero (Loshchilov & Hutter 2017)."""
    ONE_CYCLE = "one-cycle"
    """Rises for 30 % of the run, then falls to zero (Smith & Topin 2018)."""
    PLATEAU = "plateau"
    """Constant, and reduced to a fifth when accuracy has not improved for some epochs."""
    CONSTANT = "constant"
    """Constant after the warm-up."""


class Balance(StrEnum):
    """Treatment of imbalanced classes."""

    NONE = "none"
    """None."""
    WEIGHTS = "class-weights"
    """The loss of a class is weighted by n / (k * n_c)."""
    SAMPLING = "sampling"
    """Every class is sampled equally often; pictures of small ones repeat."""


class Loss(StrEnum):
    """Loss function."""

    CROSS_ENTROPY = "cross-entropy"
    """Categorical cross-entropy."""
    FOCAL = "focal"
    """Cross-entropy times (1 - p)^2: confident predictions count less (Lin et al. 2017)."""


class TeachersSee(StrEnum):
    """Which pictures the teachers score."""

    ORIGINALS = "originals"
    """Each picture and its mirror image, once, before training: nearly free."""
    CHANGED = "changed"
    """Each picture as augmented in this epoch (consistent teaching, Beyer et al. 2022): the scores
    fit the student's input, and cost the teachers' inference on every picture."""
