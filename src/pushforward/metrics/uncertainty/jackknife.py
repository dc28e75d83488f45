"""The delete-block jackknife: an error for any score, from the score itself with parts of the rows left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from scipy.stats import t
from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.base import Better, Metric, Reads, Score, Title
from pushforward.metrics.numerics.checked_arrays import generator
from pushforward.progress import watched
from pushforward.spaces import Space


@dataclass(frozen=True)
class Jackknifed(Metric):
    """σ² = (B − 1)/B·Σ_b (s_b − s̄)², s_b the score without block b of the shuffled data and block b of the samples.

    Works for any score that varies smoothly with the rows, at B times its cost. For a mean it is the usual standard
    error, from B block means; its interval has Student's t of B − 1 degrees. Near equal laws, where a distance has no
    first-order term, it errs to the large side. Of a score that is biased at any n it remains a spread, without an
    interval.

    Args:
        metric: whose error is wanted.
        blocks: B, at least 2; their sizes differ by one row at most.
        seed: of the shuffle, without which blocks of sorted rows would be no random parts.
    Source: Künsch (1989), Annals of Statistics 17; Busing, Meijer, van der Leeden (1999), Statistics and Computing 9.
    Example:
        >>> from pushforward.metrics import EnergyDistance
        >>> x, y = torch.randn(2, 200, 2, generator=torch.Generator().manual_seed(0))
        >>> Jackknifed(EnergyDistance())(x, y + 1)[0].uncertainty
        'jackknife'
    """

    metric: Metric
    blocks: int = 20
    seed: int = 0

    @property
    def name(self) -> str:  # type: ignore[override]
        """The name of the metric whose error is wanted."""
        return self.metric.name

    @property
    def better(self) -> Better:  # type: ignore[override]
        """The direction in which the metric's scores are better."""
        return self.metric.better

    @property
    def reads(self) -> Reads:  # type: ignore[override]
        """The kind of rows that the metric reads, features or probabilities."""
        return self.metric.reads

    @property
    def titles(self) -> Mapping[str, Title]:  # type: ignore[override]
        """The titles of the metric's scores."""
        return self.metric.titles

    @property
    def scores(self) -> tuple[str, ...]:
        """The names of the metric's scores."""
        return self.metric.scores

    def on(self, space: Space) -> "Jackknifed":
        return replace(self, metric=self.metric.on(space))

    @property
    def plain(self) -> Metric:
        """The metric itself, without an error that takes longer than the value."""
        return self.metric.plain

    @property
    def protocol(self) -> dict[str, Any]:
        return self.metric.protocol | {"jackknife blocks": self.blocks, "jackknife seed": self.seed}

    @property
    def least_samples(self) -> int:
        """The fewest rows a side of which no block is empty, and any one of which the metric can do without."""
        others = max(self.blocks - 1, 1)
        return max(self.blocks, -(-(self.metric.least_samples + 1) * self.blocks // others))

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        if self.blocks < 2:
            raise Refused(f"blocks of Jackknifed must be at least 2, got {self.blocks}; the usual number is 20.")
        whole = self.metric.measure(x, y)
        parts = watched(self._parts(x, y), f"{self.name} without one block", self.blocks)
        without = [self.metric.plain.measure(*part) for part in parts]
        return tuple(self._score(s, [part[i].value for part in without]) for i, s in enumerate(whole))

    def _parts(self, x: Tensor, y: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield both sides without one block after the other, in the order in which the rows came."""
        draw = generator(self.seed)
        of_x, of_y = (torch.randperm(len(z), generator=draw) * self.blocks // len(z) for z in (x, y))
        yield from ((x[of_x != b], y[of_y != b]) for b in range(self.blocks))

    def _score(self, score: Score, without: list[float]) -> Score:
        """Return the score with this error in place of its own."""
        values = torch.tensor(without, dtype=torch.float64)
        error = float(values.std()) * (self.blocks - 1) / self.blocks**0.5
        if score.stderr is None:
            return replace(score, spread=error, uncertainty="jackknife")
        reach = float(t.isf(0.025, self.blocks - 1)) * error
        interval = (score.value - reach, score.value + reach)
        return replace(score, stderr=error, interval=interval, uncertainty="jackknife")


@dataclass(frozen=True)
class Jackknife:
    """A choice of the jackknife's error, in place of its own, for every score that is asked for; see `Jackknifed`.

    Args:
        blocks: B, at least 2.
        seed: of the shuffle.
    """

    blocks: int = 20
    seed: int = 0

    def __call__(self, metric: Metric) -> Jackknifed:
        """Return the metric with this error in place of its own.

        Args:
            metric: one that has an error of another kind, or none.
        """
        return Jackknifed(metric.plain, self.blocks, self.seed)
