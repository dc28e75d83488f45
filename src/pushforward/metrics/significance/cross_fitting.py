"""The cross-fitted values of Fisher's discriminant on random Fourier features, under many labellings at once."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.kernels.pairwise import distance
from pushforward.metrics.numerics.checked_arrays import subset

ROUNDING = 1e-8
"""Absolute values of the discriminant, and differences of accuracies, that are nothing but rounding."""

RIDGE = 1e-3
"""Penalty on the squared weights, as a share of the features' summed squares; less overfits some hundred rows."""

FEATURES = 256
"""Random Fourier features of each of the bandwidths."""

FACTORS = (0.25, 1.0)
"""Bandwidths in median distances of the pooled rows."""


def cross_fitted(
    x: Float[Tensor, "n d"], y: Float[Tensor, "m d"], folds: int, permutations: int, draw: torch.Generator
) -> tuple[Float[Tensor, " labellings"], Float[Tensor, " labellings"]]:
    """Return accuracy and mean difference of held-out discriminant values, of the truth and each relabelling.

    The accuracy is balanced: the mean of the shares of data and of samples that are classified rightly.

    Args:
        x: data.
        y: samples.
        folds: number of parts, each with its share of both.
        permutations: relabellings within the folds, the truth standing before them.
        draw: of folds, random features and relabellings.
    """
    pooled = torch.cat([x, y])
    features, fold = FourierFeatures.of(pooled, draw)(pooled), fold_numbers(len(x), len(y), folds, draw)
    marks = _within_folds(fold, len(x), permutations, draw)
    correct, values = torch.zeros_like(marks), torch.zeros_like(marks)
    for f in range(folds):
        held = fold == f
        values[held] = discriminant_values(features[held], features[~held], marks[~held])
        correct[held] = torch.where(values[held].abs() < ROUNDING, 0.5, (values[held] > 0).eq(marks[held] > 0).double())
    mean = lambda z, weight: (weight * z).sum(0) / weight.sum(0)
    accuracy = (mean(correct, marks) + mean(correct, 1 - marks)) / 2
    return accuracy, mean(values, marks) - mean(values, 1 - marks)


def _within_folds(
    fold: Int[Tensor, " rows"], n: int, permutations: int, draw: torch.Generator
) -> Float[Tensor, "rows labellings"]:
    """Return 1 where a labelling calls a row data: the first n rows, then as many others in every fold."""
    marks = torch.zeros(len(fold), permutations + 1, dtype=torch.float64)
    marks[:n] = 1
    for f in fold.unique():
        inside = (fold == f).nonzero()[:, 0]
        order = torch.rand(permutations, len(inside), generator=draw).argsort(1).T
        marks[inside, 1:] = marks[inside, 0][order]
    return marks


def fold_numbers(n: int, m: int, folds: int, draw: torch.Generator) -> Int[Tensor, " rows"]:
    """Return the fold of each of n and m rows, as many of each kind in every fold as there can be."""
    return torch.cat([torch.randperm(size, generator=draw) % folds for size in (n, m)])


@dataclass(frozen=True, eq=False)
class FourierFeatures:
    """A feature map of the constant 1, the standardised coordinates and cosines of random projections.

    No feature looks at the labels. Where there are far fewer pooled rows than features, all features are turned into
    the span of those rows: that changes no product with one of them, and leaves as many features as rows.

    Args:
        center: of the pooled rows.
        scale: of each coordinate, 1 where it does not vary.
        frequency: of the cosines.
        phase: of the cosines.
        turn: the matrix that turns all features into the span of the pooled rows; None leaves them.
    """

    center: Float[Tensor, " d"]
    scale: Float[Tensor, " d"]
    frequency: Float[Tensor, "d w"]
    phase: Float[Tensor, " w"]
    turn: Float[Tensor, "p r"] | None = None

    @classmethod
    def of(cls, z: Float[Tensor, "n d"], draw: torch.Generator) -> "FourierFeatures":
        """Draw the features, with bandwidths from the distances between some of the pooled rows."""
        scale = z.std(0)
        center, scale = z.mean(0), scale.where(scale > 0, 1.0)
        distances = distance(*[subset((z - center) / scale, 500, draw)] * 2)
        median = float(distances[distances > 0].median()) if bool((distances > 0).any()) else 1.0
        frequency = torch.randn(z.shape[1], FEATURES * len(FACTORS), generator=draw, dtype=torch.float64) / median
        frequency /= torch.tensor(FACTORS, dtype=torch.float64).repeat_interleave(FEATURES)
        phase = torch.rand(FEATURES * len(FACTORS), generator=draw, dtype=torch.float64) * 2 * torch.pi
        unturned = cls(center, scale, frequency, phase)
        features = unturned(z)
        return unturned if 2 * len(z) > features.shape[1] else replace(unturned, turn=torch.linalg.qr(features.T).Q)

    def __call__(self, z: Float[Tensor, "n d"]) -> Float[Tensor, "n p"]:
        """Return the features of some rows."""
        w = (z - self.center) / self.scale
        features = torch.cat([w.new_ones(len(w), 1), w, (w @ self.frequency + self.phase).cos()], 1)
        return features if self.turn is None else features @ self.turn


def discriminant_values(
    held: Float[Tensor, "l p"], train: Float[Tensor, "n p"], marks: Float[Tensor, "n labellings"]
) -> Float[Tensor, "l labellings"]:
    """w·(φ − ½(μ_x + μ_y)) of held-out rows φ, w = (Σφφᵀ/n + ridge)⁻¹(μ_x − μ_y): above 0 for data."""
    of_x = train.T @ marks / marks.sum(0)
    of_y = (train.sum(0)[:, None] - train.T @ marks) / (len(marks) - marks.sum(0))
    normal = train.T @ train / len(train)
    normal.diagonal().add_(RIDGE * normal.diagonal().sum())
    w = torch.cholesky_solve(of_x - of_y, torch.linalg.cholesky(normal))
    return held @ w - (w * (of_x + of_y)).sum(0) / 2
