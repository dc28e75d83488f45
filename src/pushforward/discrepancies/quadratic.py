"""Estimators of MMD² from all pairs: biased, unbiased, and the U-statistic."""

from abc import abstractmethod
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.estimators import Estimate, Estimator, several
from pushforward.discrepancies.gram import Gram
from pushforward.discrepancies.sums import Sums, blockwise, direct
from pushforward.discrepancies.variance import u_statistic_variance, unbiased_variance
from pushforward.errors import Refused
from pushforward.kernels import Kernel


class Quadratic(Estimator):
    """An estimator that reads sums of the kernel matrices and nothing else of them. Costs (n + m)² kernel values."""

    @abstractmethod
    def __call__(self, gram: Gram | Sums) -> Float[Tensor, ""]:
        """The estimate; differentiable from a Gram."""

    @abstractmethod
    def spread(self, sums: Sums) -> Float[Tensor, ""]:
        """The variance from the sums."""

    def variance(self, gram: Gram) -> Float[Tensor, ""]:
        return self.spread(direct(gram))

    def estimate(self, k: Kernel, x: Tensor, y: Tensor, block: int | None = None) -> Estimate:
        sums = blockwise(k, x, y, block)
        return Estimate(self(sums).item(), self.spread(sums).item())


@dataclass(frozen=True)
class Biased(Quadratic):
    """mean K_xx + mean K_yy − 2·mean K_xy, the V-statistic.

    Never negative; too large by about E[k(x,x) − k(x,x′)]/n + E[k(y,y) − k(y,y′)]/m. The loss of GMMN, Li et al., GRAM.

    Source: Gretton et al. (2012), equation 5, JMLR 13.
    """

    def __call__(self, gram: Gram | Sums) -> Float[Tensor, ""]:
        n, m = gram.n, gram.m
        return gram.xx_total / n**2 + gram.yy_total / m**2 - 2 * gram.xy_total / (n * m)

    def spread(self, sums: Sums) -> Float[Tensor, ""]:
        raise Refused("Biased has no error bar here, since its bias is as large as one; take Unbiased().")


@dataclass(frozen=True)
class Unbiased(Quadratic):
    """The means of K_xx and K_yy without their diagonals, minus twice the mean of K_xy.

    Unbiased for any n and m, so it is negative about half the time when P = Q. The loss of MMD GANs, and KID.

    Source: Gretton et al. (2012), equation 3 (lemma 6), JMLR 13.
    """

    def __call__(self, gram: Gram | Sums) -> Float[Tensor, ""]:
        n, m = gram.n, gram.m
        several(n, m, "Unbiased")
        within = gram.xx_apart / (n * (n - 1)) + gram.yy_apart / (m * (m - 1))
        return within - 2 * gram.xy_total / (n * m)

    def spread(self, sums: Sums) -> Float[Tensor, ""]:
        return unbiased_variance(sums)


@dataclass(frozen=True)
class UStatistic(Quadratic):
    """As `Unbiased`, n = m, and the cross term leaves out the pairs (x_i, y_i) too.

    Unbiased; varies slightly more, and is the one that the theory of the variance is about.

    Source: Gretton et al. (2012), equation 4, JMLR 13.
    """

    paired = True

    def __call__(self, gram: Gram | Sums) -> Float[Tensor, ""]:
        n = self._rows(gram)
        total = gram.xx_apart + gram.yy_apart - 2 * (gram.xy_total - gram.xy_trace)
        return total / (n * (n - 1))

    def spread(self, sums: Sums) -> Float[Tensor, ""]:
        self._rows(sums)
        return u_statistic_variance(sums)

    def _rows(self, gram: Gram | Sums) -> int:
        if gram.n != gram.m:
            raise Refused(f"UStatistic needs as many rows of x as of y, got {gram.n} and {gram.m}; take Unbiased().")
        several(gram.n, gram.m, "UStatistic")
        return gram.n
