"""A side of a comparison: the rows of data, or of samples, in every form that a metric reads."""

from dataclasses import dataclass

from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.base import Metric
from pushforward.rows import Rows


@dataclass(frozen=True, eq=False)
class Side:
    """The points of one kind, as features and, where there is a classifier, as probabilities.

    Args:
        features: one row a point.
        probabilities: of classes, or None.
        everything: streams of all features and all probabilities, where the rows above are a subsample of them.
    """

    features: Tensor
    probabilities: Tensor | None = None
    everything: tuple[Rows, Rows | None] | None = None

    def stream(self, metric: Metric) -> Rows | None:
        """Return all rows that the metric reads; None where the rows at hand are all, or nobody has them."""
        return None if self.everything is None else self.everything[metric.reads == "probabilities"]

    def read(self, metric: Metric) -> Tensor:
        """Return the rows at hand that the metric reads, features or probabilities.

        Raises:
            Refused: if it reads probabilities and there are none.
        """
        if metric.reads == "features":
            return self.features
        if self.probabilities is None:
            raise Refused(f"{metric.name} needs probabilities of classes; take features with a classifier (lenet).")
        return self.probabilities
