"""The Parzen-window log-likelihood as the first papers on adversarial networks reported it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log10
from typing import ClassVar

import torch
from torch import Tensor

from pushforward.metrics.base import Better, Metric, Score, Title
from pushforward.metrics.scores.gan_kde import estimate_of
from pushforward.metrics.scores.log_likelihood import mean_nats
from pushforward.spaces import Batch

WIDTHS = 10
"""Widths that are tried, evenly spaced in their logarithms."""

VALIDATION = 1000
"""Rows of data that choose among them, at most half of all."""

WARNING = (
    "depends on the scale of pixels, on the widths tried and on how many samples there are, and differs by a hundred "
    "nats between samples that look alike: for comparison with old tables, not for a choice"
)


@dataclass(frozen=True)
class Parzen(Metric):
    """E_x log Σ_j N(x; y_j, σ²I)/m, σ of ten between 0.1 and 1 the best for the first 1,000 rows of data, x the others.

    The protocol is for pixels between 0 and 1 (`--features pixels`) and 10,000 samples. It is no judge of samples:
    centres of clusters get more nats than new data of the same law (Theis et al. 2016, arXiv 1511.01844, section 5.3).

    Args:
        narrowest: the least σ that is tried.
        widest: the largest.
    Source: Goodfellow et al. (2014), arXiv 1406.2661, section 5, and the code released with it; Breuleux et al. (2011).
    Differs: validation rows are the first of those that are judged, where the code takes the last of the training part.
    """

    name: ClassVar[str] = "parzen"
    titles: ClassVar[Mapping[str, Title]] = {
        "parzen": Title("Parzen log-likelihood", "nats under a window about each sample; for old tables alone")
    }
    better: ClassVar[Better] = "higher"
    narrowest: float = 0.1
    widest: float = 1.0

    @property
    def least_samples(self) -> int:
        return 4

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        x, y = x.double(), y.double()
        cut = min(VALIDATION, len(x) // 2)
        widths = torch.logspace(log10(self.narrowest), log10(self.widest), WIDTHS, dtype=torch.float64).tolist()
        best = max(widths, key=lambda sigma: float(estimate_of(y, sigma).log_prob(Batch(x[:cut])).mean()))
        value, stderr, interval = mean_nats(estimate_of(y, best).log_prob(Batch(x[cut:])))
        pixels = 0 <= float(x.min()) <= float(x.max()) <= 1
        apart = "" if pixels else "; rows are no pixels from 0 to 1, for which it is meant (--features pixels)"
        note = f"σ = {best:.2g} by {cut:,} rows of data, {len(y):,} samples{apart}; {WARNING}"
        return (Score(self.name, value, stderr, interval, self.better, "analytic", note),)
