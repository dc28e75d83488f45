"""A metric that counts samples which leave the range of the data."""

from dataclasses import dataclass
from typing import ClassVar

from scipy.stats import binomtest
from torch import Tensor

from pushforward.metrics import Metric, Score


@dataclass(frozen=True)
class Outside(Metric):
    """P(some coordinate of y is below all of the data's, or above all of them).

    Samples of the data's own law leave the range of n rows too, in d coordinates with
    probability 2d/(n + 1) at most. The error is that of a share, the rows of data taken as
    given; the interval is Wilson's.

    Args:
        slack: by how much a sample may leave the range, in units of the data.
    """

    name: ClassVar[str] = "outside"
    better: ClassVar = "lower"
    slack: float = 0.0

    @property
    def least_samples(self) -> int:
        return 2

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        low, high = x.amin(0) - self.slack, x.amax(0) + self.slack
        count = int(((y < low) | (y > high)).any(1).sum())
        share = count / len(y)
        wilson = binomtest(count, len(y)).proportion_ci(0.95, method="wilson")
        # At 0 and 1 rounding may leave the share a little outside.
        interval = min(float(wilson.low), share), max(float(wilson.high), share)
        error = (share * (1 - share) / len(y)) ** 0.5
        note = f"samples of the same law: at most {2 * x.shape[1] / (len(x) + 1):.2g} without slack"
        return (Score(self.name, share, error, interval, self.better, "analytic", note),)
