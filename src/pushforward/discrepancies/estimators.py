"""Estimators of MMD² from kernel values: biased, unbiased, U-statistic, by blocks, in linear time."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.gram import Gram
from pushforward.errors import Refused


class Estimator(ABC):
    """A reduction of a Gram to an estimate of MMD²."""

    @abstractmethod
    def __call__(self, gram: Gram) -> Float[Tensor, ""]:
        """The estimate, differentiable."""


@dataclass(frozen=True)
class Biased(Estimator):
    """mean K_xx + mean K_yy − 2·mean K_xy, the V-statistic.

    Never negative; too large by about E[k(x,x) − k(x,x′)]/n + E[k(y,y) − k(y,y′)]/m. The loss of GMMN, Li et al., GRAM.

    Source: Gretton et al. (2012), equation 5, JMLR 13.
    """

    def __call__(self, gram: Gram) -> Float[Tensor, ""]:
        n, m = gram.n, gram.m
        return gram.xx_total / n**2 + gram.yy_total / m**2 - 2 * gram.xy_total / (n * m)


@dataclass(frozen=True)
class Unbiased(Estimator):
    """The means of K_xx and K_yy without their diagonals, minus twice the mean of K_xy.

    Unbiased for any n and m, so it is negative about half the time when P = Q. The loss of MMD GANs, and KID.

    Source: Gretton et al. (2012), equation 3 (lemma 6), JMLR 13.
    """

    def __call__(self, gram: Gram) -> Float[Tensor, ""]:
        n, m = several(gram, "Unbiased")
        within = (gram.xx_total - gram.xx_trace) / (n * (n - 1)) + (gram.yy_total - gram.yy_trace) / (m * (m - 1))
        return within - 2 * gram.xy_total / (n * m)


@dataclass(frozen=True)
class UStatistic(Estimator):
    """As `Unbiased`, n = m, and the cross term leaves out the pairs (x_i, y_i) too.

    Unbiased; varies slightly more, and is the one that the theory of the variance is about.

    Source: Gretton et al. (2012), equation 4, JMLR 13.
    """

    def __call__(self, gram: Gram) -> Float[Tensor, ""]:
        n, _ = paired(gram, "UStatistic")
        total = gram.xx_total - gram.xx_trace + gram.yy_total - gram.yy_trace - 2 * (gram.xy_total - gram.xy_trace)
        return total / (n * (n - 1))


@dataclass(frozen=True)
class Block(Estimator):
    """The mean of `Unbiased` over disjoint blocks of `size` rows of x and of y; rows left over are not used.

    Costs n·size kernel values instead of n²; its blocks are independent, which gives an error bar for nothing. Rows
    must be in random order.

    Args:
        size: rows a block, at least 2.
    Source: Zaremba, Gretton, Blaschko (2013), arXiv 1307.1954.
    """

    size: int = 100

    def __post_init__(self) -> None:
        if self.size < 2:
            raise Refused(f"size of Block must be at least 2, got {self.size}; the square root of n is usual.")

    def __call__(self, gram: Gram) -> Float[Tensor, ""]:
        return self.parts(gram).mean()

    def parts(self, gram: Gram) -> Float[Tensor, " blocks"]:
        """The estimate of each block."""
        count = min(gram.n, gram.m) // self.size
        if not count:
            raise Refused(
                f"Block({self.size}) needs {self.size} rows of x and of y, got {gram.n} and {gram.m}; shrink it."
            )
        rows = zip(gram.x.split(self.size)[:count], gram.y.split(self.size)[:count], strict=True)
        return torch.stack([Unbiased()(Gram(gram.k, x, y)) for x, y in rows])


@dataclass(frozen=True)
class LinearTime(Estimator):
    """The mean of h = k(x₁,x₂) + k(y₁,y₂) − k(x₁,y₂) − k(x₂,y₁) over disjoint pairs of consecutive rows.

    Costs 2n kernel values and varies most; for streams. Rows must be in random order; rows left over are not used.

    Source: Gretton et al. (2012), lemma 14, JMLR 13.
    """

    def __call__(self, gram: Gram) -> Float[Tensor, ""]:
        return self.parts(gram).mean()

    def parts(self, gram: Gram) -> Float[Tensor, " pairs"]:
        """The h of each pair."""
        n, m = several(gram, "LinearTime")
        last = min(n, m) // 2 * 2
        x, x_, y, y_ = gram.x[0:last:2], gram.x[1:last:2], gram.y[0:last:2], gram.y[1:last:2]
        k = gram.k.paired
        return k(x, x_) + k(y, y_) - k(x, y_) - k(x_, y)


def several(gram: Gram, owner: str) -> tuple[int, int]:
    """(n, m).

    Raises:
        Refused: if either is below 2.
    """
    if min(gram.n, gram.m) < 2:
        raise Refused(
            f"{owner} compares pairs within x and within y and needs at least 2 rows of each, got {gram.n} and "
            f"{gram.m}; give it more, or take Biased()."
        )
    return gram.n, gram.m


def paired(gram: Gram, owner: str) -> tuple[int, int]:
    """(n, m), equal.

    Raises:
        Refused: if they differ, or are below 2.
    """
    if gram.n != gram.m:
        raise Refused(f"{owner} needs as many rows of x as of y, got {gram.n} and {gram.m}; take Unbiased().")
    return several(gram, owner)
