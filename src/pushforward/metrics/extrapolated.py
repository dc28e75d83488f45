"""FID at infinitely many samples."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from pushforward.metrics.frechet import frechet_of_rows
from pushforward.metrics.rows import generator
from pushforward.metrics.score import Better, Metric, Score


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
    better: ClassVar[Better] = "lower"
    cost: ClassVar[str] = "(1 + repeats)·((n + m)·d² + 2·d³)"
    repeats: int = 2
    seed: int = 0

    @property
    def least_samples(self) -> int:
        return 8

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        whole, variance = frechet_of_rows(x, y)
        draw = generator(self.seed)
        halves = torch.tensor([self._halves(x, y, draw) for _ in range(self.repeats)], dtype=torch.float64)
        value = 2 * whole - float(halves.mean())
        few = f"; {min(len(x), len(y))} rows are few for {x.shape[1]} coordinates, and much of the bias may be left"
        note = "extrapolated from halves, nearly unbiased; negative values are chance"
        note += few if min(len(x), len(y)) < 5 * x.shape[1] else ""
        return (Score(self.name, value, None, None, "lower", "influence function", note, spread=variance**0.5),)

    @staticmethod
    def _halves(x: Tensor, y: Tensor, draw: torch.Generator) -> float:
        """Mean distance of corresponding halves."""
        parts = [z[torch.randperm(len(z), generator=draw)].tensor_split(2) for z in (x, y)]
        return sum(frechet_of_rows(a, b)[0] for a, b in zip(*parts, strict=True)) / 2
