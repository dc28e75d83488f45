"""One statistic from many kernels: the largest MMD², each in units of its own critical value."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.kernels import Kernel
from pushforward.metrics.detectable import Threshold
from pushforward.metrics.permutation import Relabelling
from pushforward.metrics.scales import gaussians

ROUNDING = 1e-12
"""MMD² that varies by less than this does not vary."""


@dataclass(frozen=True, eq=False)
class Aggregated:
    """MMD² of every kernel under every relabelling, the true one first.

    Args:
        kernels: that were tried.
        mmd: the values.
        quantiles: of each kernel over the relabellings, at 1 − level; 0 where nothing varies.
        witnesses: of the true labels, each row's own term left out.
    """

    kernels: tuple[Kernel, ...]
    mmd: Float[Tensor, "kernels relabellings"]
    quantiles: Float[Tensor, " kernels"]
    witnesses: Float[Tensor, "kernels rows"]

    @property
    def ratios(self) -> Float[Tensor, "kernels relabellings"]:
        """Each MMD² over its kernel's own quantile; 0 where nothing varies."""
        varies = self.quantiles > 0
        return torch.where(varies[:, None], self.mmd / self.quantiles.where(varies, 1.0)[:, None], 0.0)

    @property
    def statistics(self) -> Float[Tensor, " relabellings"]:
        """The largest ratio: a function of the pooled rows and one labelling, so relabelling it is exact."""
        return self.ratios.max(0).values

    def thresholds(self, level: float) -> list[Threshold]:
        """When each kernel alone makes the statistic reject at that level."""
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
    """Every kernel's MMD² under the truth and that many relabellings, the same for all kernels.

    Args:
        x: data.
        y: samples.
        kernels: Gaussians of several bandwidths for None; those that wait for data are fitted to the pooled rows.
        permutations: number of relabellings.
        level: at which each kernel's own critical value is taken.
        draw: draws relabellings, and rows for bandwidths.
    """
    pooled = torch.cat([x, y])
    chosen = tried(pooled, kernels, draw)
    labels = Relabelling.drawn(len(x), len(y), permutations, draw)
    values, witnesses = zip(*(labels.mmd(k(pooled, pooled)) for k in chosen), strict=True)
    return assembled(chosen, torch.stack(values), torch.stack(witnesses), level)


def assembled(
    kernels: tuple[Kernel, ...],
    mmd: Float[Tensor, "kernels relabellings"],
    witnesses: Float[Tensor, "kernels rows"],
    level: float,
) -> Aggregated:
    """The values with each kernel's own quantile at 1 − level."""
    quantiles = mmd.quantile(1 - level, dim=1)
    return Aggregated(kernels, mmd, quantiles.where(quantiles > ROUNDING, 0.0), witnesses)


def tried(
    pooled: Float[Tensor, "rows d"], kernels: Sequence[Kernel] | None, draw: torch.Generator
) -> tuple[Kernel, ...]:
    """The given kernels, fitted to the pooled rows; Gaussians of several bandwidths for None."""
    return gaussians(pooled, draw) if kernels is None else _fitted(kernels, pooled, draw)


def _fitted(kernels: Sequence[Kernel], pooled: Tensor, draw: torch.Generator) -> tuple[Kernel, ...]:
    """The kernels, their bandwidths taken from the pooled rows in an order that does not know the labels."""
    shuffled = pooled[torch.randperm(len(pooled), generator=draw)]
    return tuple(k.fitted(shuffled) for k in kernels)
