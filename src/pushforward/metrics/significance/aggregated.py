"""The largest MMD² of many kernels, each in units of its own critical value, as one statistic."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.kernels import Kernel, Radial
from pushforward.kernels.far import even
from pushforward.kernels.pairwise import squared_distance
from pushforward.metrics.significance.bandwidths import gaussians
from pushforward.metrics.significance.detectable import Threshold
from pushforward.metrics.significance.relabelling import Relabelling

ROUNDING = 1e-12
"""MMD² that varies by less than this does not vary."""

SMALL = 2**28
"""Multiplications up to which float64 costs nothing worth saving."""

CHECKED = 64
"""Rows whose kernel values are computed in float64 too, to know the errors of those in float32."""


@dataclass(frozen=True, eq=False)
class Aggregated:
    """The MMD² of every kernel under every labelling of the pooled rows, the true one first.

    Args:
        kernels: the kernels that were tried.
        mmd: the values.
        quantiles: of each kernel's MMD² over the labellings, at 1 − level; 0 where nothing varies.
        witnesses: of the true labels, each row's own term left out.
    """

    kernels: tuple[Kernel, ...]
    mmd: Float[Tensor, "kernels relabellings"]
    quantiles: Float[Tensor, " kernels"]
    witnesses: Float[Tensor, "kernels rows"]

    @property
    def ratios(self) -> Float[Tensor, "kernels relabellings"]:
        """The MMD² of each kernel over that kernel's own quantile; 0 where nothing varies."""
        varies = self.quantiles > 0
        return torch.where(varies[:, None], self.mmd / self.quantiles.where(varies, 1.0)[:, None], 0.0)

    @property
    def statistics(self) -> Float[Tensor, " relabellings"]:
        """The largest ratio: a function of the pooled rows and one labelling, so relabelling it is exact."""
        return self.ratios.max(0).values

    def thresholds(self, level: float) -> list[Threshold]:
        """Return for each kernel the MMD² above which it alone makes the statistic reject at that level."""
        critical = self.statistics.quantile(1 - level)
        each = zip(self.kernels, self.quantiles, self.mmd, strict=True)
        return [Threshold(k, float(critical * q), float(v.std())) for k, q, v in each if q > 0]


def aggregated(
    x: Float[Tensor, "n d"],
    y: Float[Tensor, "m d"],
    kernels: Sequence[Kernel] | None,
    permutations: int,
    level: float,
    draw: torch.Generator,
) -> Aggregated:
    """Compute the MMD² of every kernel under the truth and random relabellings, the same ones for all kernels.

    In float32 where there is much to multiply, all kernels are of the distance and no row lies far out; those
    relabellings of which rounding might decide whether they are as large as the truth are taken again in float64, so
    that the p-value is float64's.

    Args:
        x: data.
        y: samples.
        kernels: Gaussians of several bandwidths for None; those that wait for data are fitted to the pooled rows.
        permutations: number of relabellings.
        level: at which each kernel's own critical value is taken.
        draw: draws relabellings, and rows for bandwidths.
    """
    pooled = torch.cat([x, y])
    fitted = _fitted(pooled, kernels, draw)
    labels = Relabelling.random(len(x), len(y), permutations, draw)
    radial = tuple(k for k in fitted if isinstance(k, Radial))
    large = len(pooled) ** 2 * (permutations + pooled.shape[1]) > SMALL
    if large and radial == fitted and even(x, y):
        single = (pooled - pooled.mean(0)).float()
        mmd, witnesses = labels.mmd(fitted, single)
        slack = labels.slack(*_mean_squares(radial, pooled, single, labels.order[:CHECKED]))
        unsure = unsure_columns(_with_quantiles(fitted, mmd, witnesses, level), slack)
        if len(unsure) > 1:
            mmd[:, unsure] = labels.subset(unsure).mmd(fitted, pooled)[0]
        return _with_quantiles(fitted, mmd, witnesses, level)
    return _with_quantiles(fitted, *labels.mmd(fitted, pooled), level)


def unsure_columns(result: Aggregated, slack: Float[Tensor, " kernels"]) -> Int[Tensor, " some"]:
    """Return the columns of the truth and of the relabellings whose order to the truth such errors may change.

    Args:
        result: the values, with errors of rounding.
        slack: largest error of each kernel's MMD².
    """
    varies, s = result.quantiles > 0, result.statistics
    # A ratio errs by its numerator's and by its quantile's error; without a quantile nothing is known.
    relative = torch.where(varies, slack / result.quantiles.where(varies, 1.0), torch.inf).max()
    decided = (s - s[0]).abs() > relative * (2 + s.abs() + s[0].abs())
    return (~decided).nonzero()[:, 0]


def _mean_squares(
    kernels: Sequence[Radial], exact: Tensor, single: Tensor, rows: Tensor
) -> tuple[Float[Tensor, " kernels"], Float[Tensor, " kernels"]]:
    """Return mean squares of kernel values, and of their errors in float32, over the pairs of some rows with all."""
    true, rounded = (squared_distance(z[rows], z) for z in (exact, single))
    values = [k.kappa(true) for k in kernels]
    errors = [k.kappa(rounded) - v for k, v in zip(kernels, values, strict=True)]
    return torch.stack([v.square().mean() for v in values]), torch.stack([e.square().mean() for e in errors])


def _with_quantiles(
    kernels: tuple[Kernel, ...],
    mmd: Float[Tensor, "kernels relabellings"],
    witnesses: Float[Tensor, "kernels rows"],
    level: float,
) -> Aggregated:
    """Add each kernel's own quantile at 1 − level to the values."""
    quantiles = mmd.quantile(1 - level, dim=1)
    return Aggregated(kernels, mmd, quantiles.where(quantiles > ROUNDING, 0.0), witnesses)


def _fitted(
    pooled: Float[Tensor, "rows d"], kernels: Sequence[Kernel] | None, draw: torch.Generator
) -> tuple[Kernel, ...]:
    """Return the kernels, fitted to the pooled rows in an order that does not know the labels; Gaussians for None."""
    if kernels is None:
        return gaussians(pooled, draw)
    shuffled = pooled[torch.randperm(len(pooled), generator=draw)]
    return tuple(k.fitted(shuffled) for k in kernels)
