"""The estimators of MMD² that average independent parts: by blocks, and in linear time."""

from abc import abstractmethod
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.estimators import Estimate, Estimator, need_two_rows
from pushforward.discrepancies.gram import Gram
from pushforward.discrepancies.quadratic import Unbiased
from pushforward.errors import Refused
from pushforward.kernels import Kernel


class Averaged(Estimator):
    """The mean of independent estimates, whose spread gives an error bar for nothing. Rows must be in random order."""

    paired = True

    @abstractmethod
    def parts(self, gram: Gram) -> Float[Tensor, " parts"]:
        """Return the independent estimates, one a part."""

    def __call__(self, gram: Gram) -> Float[Tensor, ""]:
        return self.parts(gram).mean()

    def variance(self, gram: Gram) -> Float[Tensor, ""]:
        return _variance_of_mean(self.parts(gram).double(), self)

    @torch.no_grad()
    def estimate(self, k: Kernel, x: Tensor, y: Tensor, block: int | None = None) -> Estimate:
        parts = self.parts(Gram(k, x, y)).double()
        return Estimate(parts.mean().item(), _variance_of_mean(parts, self).item())


@dataclass(frozen=True)
class Block(Averaged):
    """The mean of `Unbiased` over disjoint blocks of `size` rows of x and of y; rows left over are not used.

    Costs 4·n·size kernel values instead of 4·n².

    Args:
        size: rows a block, at least 2.
    Source: Zaremba, Gretton, Blaschko (2013), arXiv 1307.1954.
    """

    size: int = 100

    def __post_init__(self) -> None:
        if self.size < 2:
            raise Refused(f"size of Block must be at least 2, got {self.size}; the square root of n is usual.")

    def parts(self, gram: Gram) -> Float[Tensor, " parts"]:
        count = min(gram.n, gram.m) // self.size
        if not count:
            raise Refused(f"size of Block must be at most the rows, {gram.n} and {gram.m}, got {self.size}; shrink it.")
        rows = zip(gram.x.split(self.size)[:count], gram.y.split(self.size)[:count], strict=True)
        return torch.stack([Unbiased()(Gram(gram.k, x, y)) for x, y in rows])


@dataclass(frozen=True)
class LinearTime(Averaged):
    """The mean of h = k(x₁,x₂) + k(y₁,y₂) − k(x₁,y₂) − k(x₂,y₁) over disjoint pairs of consecutive rows.

    Costs 2·n kernel values and varies most; for streams. Rows left over are not used.

    Source: Gretton et al. (2012), lemma 14, JMLR 13.
    """

    def parts(self, gram: Gram) -> Float[Tensor, " parts"]:
        need_two_rows(gram.n, gram.m, "LinearTime")
        last = min(gram.n, gram.m) // 2 * 2
        x, x_, y, y_ = gram.x[0:last:2], gram.x[1:last:2], gram.y[0:last:2], gram.y[1:last:2]
        k = gram.k.paired
        return k(x, x_) + k(y, y_) - k(x, y_) - k(x_, y)


def _variance_of_mean(parts: Tensor, owner: Estimator) -> Tensor:
    """Var(mean of the parts), by their own variance over their number."""
    if len(parts) < 2:
        raise Refused(f"the variance of {owner} needs at least 2 parts, got {len(parts)}; give it more rows.")
    return parts.var() / len(parts)
