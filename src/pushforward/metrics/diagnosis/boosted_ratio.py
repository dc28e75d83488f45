"""The ratio of the densities of data and samples by boosted trees, and what other rows say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from jaxtyping import Float

from pushforward.metrics.numerics.cells import Column, for_trees
from pushforward.metrics.uncertainty.interval import NORMAL
from pushforward.progress import step


@dataclass(frozen=True, eq=False)
class BoostedRatio:
    """log p(x)/q(x), p the law of data and q that of samples, as the log-odds of trees that tell one from the other.

    Args:
        trees: fitted to as many rows of either.
    Source: Sugiyama, Suzuki, Kanamori (2012), Density Ratio Estimation in Machine Learning, section 4, by classifiers.
    """

    trees: Any

    @classmethod
    def fitted(cls, x: Sequence[Column], y: Sequence[Column], seed: int = 0) -> "BoostedRatio":
        """Return the ratio that trees find; they end when a tenth of the rows says so.

        Args:
            x: columns of data.
            y: columns of as many samples.
            seed: of the rows that say so.
        """
        return _fitted(x, y, seed)

    def log_ratio(self, z: Sequence[Column]) -> Float[np.ndarray, " n"]:
        """Return log p(x)/q(x) at rows.

        Args:
            z: columns of these.
        """
        return np.asarray(self.trees.decision_function(for_trees(z)[0]))


@step("fitting trees that tell samples from data")
def _fitted(x: Sequence[Column], y: Sequence[Column], seed: int) -> BoostedRatio:
    from sklearn.ensemble import HistGradientBoostingClassifier

    (real, levels), (fake, _) = for_trees(x), for_trees(y)
    trees = HistGradientBoostingClassifier(
        max_iter=400,
        max_leaf_nodes=8,
        early_stopping=True,
        categorical_features=levels,
        random_state=seed,
    )
    told = np.arange(len(real) + len(fake)) < len(real)
    return BoostedRatio(trees.fit(np.concatenate([real, fake]), told))


@dataclass(frozen=True)
class HeldOutGain:
    """The nats by which w·q/E_q w makes data likelier than q does, for weights w of samples from q.

    By Donsker and Varadhan it is at most KL(p‖q), which it reaches where w is the ratio of the densities.

    Args:
        value: mean of log w over data, less log of the mean of w over samples.
        error: its standard error, over both.
    """

    value: float
    error: float

    @classmethod
    def of(cls, data: Float[np.ndarray, " n"], samples: Float[np.ndarray, " m"]) -> "HeldOutGain":
        """Return the gain of log-weights.

        Args:
            data: log w at rows of data that no weight was fitted to.
            samples: log w at samples that none was fitted to.
        Source: Donsker and Varadhan (1975), Communications on Pure and Applied Mathematics 28.
        """
        top = samples.max()
        w = np.exp(samples - top)
        value = float(data.mean() - np.log(w.mean()) - top)
        return cls(value, sqrt(data.var(ddof=1) / len(data) + (w / w.mean()).var(ddof=1) / len(w)))

    def __str__(self) -> str:
        return f"{self.value:.2g} ± {self.error:.1g} nats"

    @property
    def is_gain(self) -> bool:
        """Whether it is positive by more than chance."""
        return self.value - NORMAL * self.error > 0


def effective_share(log_weights: Float[np.ndarray, " n"]) -> float:
    """(Σ w)²/(n Σ w²), the share of n weighted draws that as good unweighted ones would be.

    Args:
        log_weights: log w of each.
    Example:
        >>> effective_share(np.log(np.array([1.0, 1.0, 0.5, 0.5])))
        0.9
    """
    w = np.exp(log_weights - log_weights.max())
    return float(w.sum() ** 2 / (len(w) * (w**2).sum()))
