"""Fisher's discriminant on random Fourier features, cross-fitted under many labellings at once."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.kernels.pairwise import distance
from pushforward.metrics.numerics.rows import subset

ROUNDING = 1e-8
"""Values of a classifier of ±1, and differences of accuracies, below which nothing is told."""

RIDGE = 1e-3
"""Penalty on the squared weights, as a share of the features' summed squares; less overfits some hundred rows."""

WAVES = 256
"""Random Fourier features of each of the bandwidths."""

FACTORS = (0.25, 1.0)
"""Bandwidths in median distances of the pooled rows."""


def cross_fitted(
    x: Float[Tensor, "n d"], y: Float[Tensor, "m d"], folds: int, permutations: int, draw: torch.Generator
) -> tuple[Float[Tensor, " labellings"], Float[Tensor, " labellings"]]:
    """Balanced accuracy and mean difference of the values of held-out rows, under the truth and each relabelling.

    Args:
        x: data.
        y: samples.
        folds: number of parts, each with its share of both.
        permutations: relabellings within the folds, the truth standing before them.
        draw: of folds, waves and relabellings.
    """
    pooled = torch.cat([x, y])
    seen, fold = Waves.of(pooled, draw)(pooled), folded(len(x), len(y), folds, draw)
    marks = _within_folds(fold, len(x), permutations, draw)
    right, value = torch.zeros_like(marks), torch.zeros_like(marks)
    for f in range(folds):
        held = fold == f
        value[held] = judged(seen[held], seen[~held], marks[~held])
        right[held] = torch.where(value[held].abs() < ROUNDING, 0.5, (value[held] > 0).eq(marks[held] > 0).double())
    mean = lambda z, weight: (weight * z).sum(0) / weight.sum(0)
    accuracy = (mean(right, marks) + mean(right, 1 - marks)) / 2
    return accuracy, mean(value, marks) - mean(value, 1 - marks)


def _within_folds(
    fold: Int[Tensor, " rows"], n: int, permutations: int, draw: torch.Generator
) -> Float[Tensor, "rows labellings"]:
    """1 where a labelling calls a row data: the first n rows, then as many others in every fold."""
    marks = torch.zeros(len(fold), permutations + 1, dtype=torch.float64)
    marks[:n] = 1
    for f in fold.unique():
        inside = (fold == f).nonzero()[:, 0]
        order = torch.rand(permutations, len(inside), generator=draw).argsort(1).T
        marks[inside, 1:] = marks[inside, 0][order]
    return marks


def folded(n: int, m: int, folds: int, draw: torch.Generator) -> Int[Tensor, " rows"]:
    """The fold of each of n and m rows, as many of each kind in every fold as there can be."""
    return torch.cat([torch.randperm(size, generator=draw) % folds for size in (n, m)])


@dataclass(frozen=True, eq=False)
class Waves:
    """One, the standardised coordinates, and cosines of random projections, turned into the span of the pooled rows.

    None looks at the labels, and turning changes no product with a row. Where there are far fewer rows than features,
    it leaves as many features as rows.

    Args:
        center: of the pooled rows.
        scale: of each coordinate, 1 where it does not vary.
        frequency: of the cosines.
        phase: of the cosines.
        turn: applied to all features; None leaves them.
    """

    center: Float[Tensor, " d"]
    scale: Float[Tensor, " d"]
    frequency: Float[Tensor, "d w"]
    phase: Float[Tensor, " w"]
    turn: Float[Tensor, "p r"] | None = None

    @classmethod
    def of(cls, z: Float[Tensor, "n d"], draw: torch.Generator) -> "Waves":
        """Bandwidths from the distances between some of the pooled rows."""
        scale = z.std(0)
        center, scale = z.mean(0), scale.where(scale > 0, 1.0)
        apart = distance(*[subset((z - center) / scale, 500, draw)] * 2)
        median = float(apart[apart > 0].median()) if bool((apart > 0).any()) else 1.0
        frequency = torch.randn(z.shape[1], WAVES * len(FACTORS), generator=draw, dtype=torch.float64) / median
        frequency /= torch.tensor(FACTORS, dtype=torch.float64).repeat_interleave(WAVES)
        phase = torch.rand(WAVES * len(FACTORS), generator=draw, dtype=torch.float64) * 2 * torch.pi
        plain = cls(center, scale, frequency, phase)
        seen = plain(z)
        return plain if 2 * len(z) > seen.shape[1] else replace(plain, turn=torch.linalg.qr(seen.T).Q)

    def __call__(self, z: Float[Tensor, "n d"]) -> Float[Tensor, "n p"]:
        """The features of some rows."""
        w = (z - self.center) / self.scale
        seen = torch.cat([w.new_ones(len(w), 1), w, (w @ self.frequency + self.phase).cos()], 1)
        return seen if self.turn is None else seen @ self.turn


def judged(
    held: Float[Tensor, "l p"], seen: Float[Tensor, "n p"], marks: Float[Tensor, "n labellings"]
) -> Float[Tensor, "l labellings"]:
    """w·(φ − ½(μ_x + μ_y)) of held-out rows φ, w = (Σφφᵀ/n + ridge)⁻¹(μ_x − μ_y): above 0 for data."""
    of_x = seen.T @ marks / marks.sum(0)
    of_y = (seen.sum(0)[:, None] - seen.T @ marks) / (len(marks) - marks.sum(0))
    normal = seen.T @ seen / len(seen)
    normal.diagonal().add_(RIDGE * normal.diagonal().sum())
    w = torch.cholesky_solve(of_x - of_y, torch.linalg.cholesky(normal))
    return held @ w - (w * (of_x + of_y)).sum(0) / 2
