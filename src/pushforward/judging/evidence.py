"""The evidence of a verdict: features of data and samples in one space, and whatever else is known of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from pushforward.judging.table_evidence import TableEvidence
from pushforward.metrics.base import Score
from pushforward.metrics.diagnosis.classes import Classes, class_histogram
from pushforward.metrics.diagnosis.modes import KnownModes
from pushforward.metrics.numerics.moments import Moments
from pushforward.metrics.side import Side
from pushforward.metrics.significance.constant_columns import Constants


@dataclass(frozen=True, eq=False)
class Sorting:
    """The classes that a classifier gives to samples, and to data that it was not trained on.

    Args:
        real: those data; both its features and its probabilities.
        fake: the samples.
        names: of the classes.
        protocol: of the classifier.
        labels: of the data, where they are known.
        more: probabilities of further samples, so that their classes are counted with a small error; None without any.
        apart: whether the classifier's features are another space than the one in which points are compared.
    """

    real: Side
    fake: Side
    names: tuple[str, ...]
    protocol: Mapping[str, Any]
    labels: Tensor | None = None
    more: Tensor | None = None
    apart: bool = False

    def classes(self) -> Classes:
        """The histogram of classes on both sides."""
        assert self.real.probabilities is not None  # a classifier has them
        assert self.fake.probabilities is not None
        all_fake = self.fake.probabilities if self.more is None else torch.cat([self.fake.probabilities, self.more])
        return class_histogram(self.real.probabilities, all_fake, labels=self.labels, names=self.names)


@dataclass(frozen=True, eq=False)
class Evidence:
    """The data and samples as features in one space, and whatever else is known of them.

    Args:
        real: the data; of a file of mean and covariance these alone.
        fake: the samples.
        train: what the sampler was fitted to.
        test: data of the same law that it never saw.
        modes: of the data, with the samples as points.
        sorting: by classes, where the data have them.
        names: of data and samples.
        notes: on how they were read.
        density: bits per dimension of pictures, log-likelihood of rows, where the samples' law has a density.
        divergence: KL of the data's law, where that is known, from the samples', where that has a density.
        constants: test of columns that are constant among the data, where columns of numbers are compared.
        more: features of further samples, for the training-copy test alone; None without any.
        thing: what one of the data is called.
        table: the columns of a table, where rows are compared as they are; else None.
    """

    real: Side | Moments
    fake: Side
    train: Side | None = None
    test: Side | None = None
    modes: tuple[KnownModes, Tensor] | None = None
    sorting: Sorting | None = None
    names: tuple[str, str] = ("real", "fake")
    notes: tuple[str, ...] = ()
    density: Score | None = None
    divergence: Score | None = None
    constants: Constants | None = None
    more: Tensor | None = None
    thing: str = "row"
    table: TableEvidence | None = None

    @property
    def n_real(self) -> int:
        """The number of rows of data at hand; of a file of mean and covariance, of the rows that these are of."""
        return self.real.n if isinstance(self.real, Moments) else len(self.real.features)
