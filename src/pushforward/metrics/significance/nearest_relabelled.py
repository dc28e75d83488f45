"""The weight that training rows receive from the samples next to them, and its law when rows are relabelled."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.metrics.numerics.neighbours.pooled_nearest import NearestRows

DRAWN = 2**22
"""Counts of relabelled rows held at a time."""


@dataclass(frozen=True, eq=False)
class Votes:
    """The weights that samples give to their nearest rows, those equally near sharing them.

    Args:
        weight: received by one row, for each column of weights, of the rows that received any; equal rows receive the
            same.
        count: how many pooled rows each of these stands for.
        count_train: how many of those are training rows.
        rows: pooled rows in all.
        rows_train: training rows in all.
    """

    weight: Float[np.ndarray, "voted columns"]
    count: np.ndarray
    count_train: np.ndarray
    rows: int
    rows_train: int

    @classmethod
    def of(cls, near: NearestRows, weights: Float[Tensor, "m columns"]) -> "Votes":
        """Add up what each row receives of the samples' weights, a column for each tail of the samples."""
        tied = torch.zeros(len(weights), dtype=torch.float64)
        tied.index_add_(0, near.sample, near.count[near.row].double())
        received = torch.zeros(len(near.count), weights.shape[1], dtype=torch.float64)
        received.index_add_(0, near.row, weights[near.sample].double() / tied[near.sample, None])
        voted = near.row.unique()
        counts = (near.count[voted].numpy(), near.count_train[voted].numpy())
        return cls(received[voted].numpy(), *counts, int(near.count.sum()), int(near.count_train.sum()))

    @property
    def observed(self) -> Float[np.ndarray, " columns"]:
        """The weight that training rows received, for each column."""
        return self.count_train @ self.weight

    def standardised(self, relabellings: int, rng: np.random.Generator) -> Float[np.ndarray, "labellings columns"]:
        """Return (T − E T)/σ(T) of the truth, in the first row, and of random relabellings; 0 where T does not vary.

        T = Σ over training rows of the weight received, of which l among N rows are drawn without replacement:
        E T = lΣw/N and σ² = l(N − l)(NΣw² − (Σw)²)/N²(N − 1).
        """
        n, train = self.rows, self.rows_train
        total, square = self.count @ self.weight, self.count @ self.weight**2
        spread = n * square - total**2
        variance = train * (n - train) / (n**2 * (n - 1)) * np.where(spread > 1e-12 * n * square, spread, 0)
        statistics = np.concatenate([self.observed[None], *self._relabelled(relabellings, rng)])
        deviation = np.where(variance > 0, statistics - train * total / n, 0.0)
        return deviation / np.sqrt(np.where(variance > 0, variance, 1.0))

    def share(self) -> tuple[float, float]:
        """Return the share of the first column's weights that training rows received, and its error.

        A row with the samples nearest to it is one observation.
        """
        w, total = self.weight[:, 0], float(self.count @ self.weight[:, 0])
        s = float(self.observed[0]) / total
        unseen = self.count - self.count_train
        square = (w**2 * (self.count_train * (1 - s) ** 2 + unseen * s**2)).sum()
        return s, float(square) ** 0.5 / total

    def _relabelled(self, relabellings: int, rng: np.random.Generator) -> Iterator[Float[np.ndarray, "some columns"]]:
        """Yield T of random relabellings: equal rows are drawn together, those without weight as one more kind."""
        kinds = np.append(self.count, self.rows - self.count.sum())
        size = max(1, DRAWN // len(kinds))
        for first in range(0, relabellings, size):
            some = min(size, relabellings - first)
            training_counts = rng.multivariate_hypergeometric(kinds, self.rows_train, size=some, method="marginals")
            yield training_counts[:, :-1] @ self.weight
