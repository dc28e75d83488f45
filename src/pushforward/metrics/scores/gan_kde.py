"""The log-likelihood of data under a window about each sample, whatever the samples come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.base import Better, Metric, Score, Title
from pushforward.metrics.scores.log_likelihood import mean_nats
from pushforward.samplers import GaussianWindow, KernelDensity, Rule, bandwidth_by
from pushforward.spaces import Batch


@dataclass(frozen=True)
class GANKDE(Metric):
    """E_x log q(x), q(x) = Σ_j N(x; y_j, h²I)/m: how likely data are under a kernel density estimate of samples.

    It lends a density to samplers that have none. One bandwidth serves all coordinates; by the likelihood of left-out
    samples it says what the samples are like, and nothing of the data enters it. The error is that of the data's rows,
    for these samples. Nats belong to the units that are compared, and to this number of samples.

    Args:
        bandwidth: likelihood, of left-out samples; silverman or scott, for which samples are taken as normal; or h.
    Source: Duin (1976) for the likelihood; Silverman (1986); Parzen (1962).
    """

    name: ClassVar[str] = "gan-kde"
    titles: ClassVar[Mapping[str, Title]] = {
        "gan-kde": Title("GAN-KDE", "log density of the data, in nats a row, under a window about each sample")
    }
    better: ClassVar[Better] = "higher"
    bandwidth: Rule | float = "likelihood"

    def __post_init__(self) -> None:
        if not isinstance(self.bandwidth, str) and not self.bandwidth > 0:
            raise Refused(f"bandwidth of GANKDE must be a rule or a positive number, got {self.bandwidth}.")

    @property
    def least_samples(self) -> int:
        return 3

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        q = estimate_of(y.double(), self.bandwidth)
        value, stderr, interval = mean_nats(q.log_prob(Batch(x.double())))
        rule = "given" if not isinstance(self.bandwidth, str) else f"by {self.bandwidth}"
        width = f"a Gaussian of width {float(q.bandwidth[0]):.3g} ({rule})"
        note = f"in nats a row, under {width} about each of {len(y):,} samples"
        return (Score(self.name, value, stderr, interval, self.better, "analytic", note),)


def estimate_of(y: Tensor, bandwidth: Rule | float) -> KernelDensity:
    """Return the estimate from samples, with one bandwidth for all coordinates.

    Args:
        y: samples, one a row, in float64.
        bandwidth: the rule, or h.
    """
    window = GaussianWindow()
    q = KernelDensity(y.shape[1:], window).to(y.device)
    q.put(y, bandwidth_by(bandwidth, y, window, alike=True))
    return q
