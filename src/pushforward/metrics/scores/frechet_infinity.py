"""The Fréchet distance extrapolated to infinitely many samples."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Bool
from torch import Tensor

from pushforward.metrics.base import Better, Metric, Score, Title
from pushforward.metrics.numerics.checked_arrays import generator
from pushforward.metrics.numerics.running_moments import moments_of_parts
from pushforward.metrics.scores.frechet import frechet, frechet_alone, frechet_of_rows
from pushforward.metrics.scores.frechet_of_streams import frechet_of_streams
from pushforward.rows import Rows


@dataclass(frozen=True)
class FrechetInfinity(Metric):
    """2·F(n) − mean F(n/2) over disjoint halves: the bias c/n of the Fréchet distance F is gone, that of c′/n² is not.

    Needs several times as many rows as coordinates to be near the limit, and varies more than FID. Both sides are
    halved, so it is the distance of the laws themselves.

    Args:
        repeats: random halvings of both sides.
        seed: of the halvings.
    Source: Chong and Forsyth (2020), arXiv 1911.07023.
    Differs: the line through 1/n and 2/n on random halves of both sides, not one through 15 sizes of one side.
    """

    name: ClassVar[str] = "fid-infinity"
    titles: ClassVar[Mapping[str, Title]] = {"fid-infinity": Title("FID∞", "FID extrapolated to infinitely many rows")}
    better: ClassVar[Better] = "lower"
    single: ClassVar[bool] = True
    repeats: int = 2
    seed: int = 0

    @property
    def least_samples(self) -> int:
        return 8

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        whole, variance = frechet_of_rows(x, y)
        halves = [self._halves(x, y, *marks) for marks in self._marks(len(x), len(y))]
        return (self._score(whole, variance, halves, (len(x), len(y), x.shape[1])),)

    def streams(self, n: int, m: int, d: int) -> bool:
        return True

    def streamed(self, x: Rows, y: Rows) -> tuple[Score, ...]:
        whole, variance = frechet_of_streams(x, y)
        marks_x, marks_y = zip(*self._marks(len(x), len(y)), strict=True)
        (_, *of_x), (_, *of_y) = moments_of_parts(x, marks_x), moments_of_parts(y, marks_y)
        halves = [(frechet(p[0], q[0]) + frechet(p[1], q[1])) / 2 for p, q in zip(of_x, of_y, strict=True)]
        return (self._score(whole, variance, halves, (len(x), len(y), x.width)),)

    def _marks(self, n: int, m: int) -> list[tuple[Tensor, Tensor]]:
        """Return `repeats` random halves of both sides, true for the rows of the first half."""
        draw = generator(self.seed)
        return [(_half(n, draw), _half(m, draw)) for _ in range(self.repeats)]

    @staticmethod
    def _halves(x: Tensor, y: Tensor, of_x: Tensor, of_y: Tensor) -> float:
        """Return the mean distance of corresponding halves."""
        return (frechet_alone(x[of_x], y[of_y]) + frechet_alone(x[~of_x], y[~of_y])) / 2

    def _score(self, whole: float, variance: float, halves: list[float], sizes: tuple[int, int, int]) -> Score:
        n, m, d = sizes
        few = f"; {min(n, m)} rows are few for {d} coordinates, and much of the bias may be left"
        note = "extrapolated from halves, nearly unbiased; negative values are chance"
        note += few if min(n, m) < 5 * d else ""
        value = 2 * whole - sum(halves) / len(halves)
        return Score(self.name, value, None, None, "lower", "influence function", note, spread=variance**0.5)


def _half(n: int, draw: torch.Generator) -> Bool[Tensor, " n"]:
    """Return true for a random half of n rows, one more of them where n is odd."""
    mark = torch.zeros(n, dtype=torch.bool)
    mark[torch.randperm(n, generator=draw)[: n - n // 2]] = True
    return mark
