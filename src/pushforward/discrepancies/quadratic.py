"""The estimators of MMD² from all pairs: biased, unbiased, and the U-statistic."""

from abc import abstractmethod
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.estimators import Estimate, Estimator, need_two_rows
from pushforward.discrepancies.gram import Gram
from pushforward.discrepancies.sums import Sums, blockwise, sums_of_gram
from pushforward.discrepancies.variance import u_statistic_variance, unbiased_variance
from pushforward.errors import Refused
from pushforward.kernels import Kernel


class Quadratic(Estimator):
    """An estimator that reads nothing but sums of the kernel matrices; it costs (n + m)² kernel values."""

    @abstractmethod
    def __call__(self, gram: Gram | Sums) -> Float[Tensor, ""]:
        """Return the estimate, differentiable if it comes from a Gram."""

    @abstractmethod
    def variance_of_sums(self, sums: Sums) -> Float[Tensor, ""]:
        """Return the variance of the estimate from the same sums."""

    def variance(self, gram: Gram) -> Float[Tensor, ""]:
        return self.variance_of_sums(sums_of_gram(gram))

    def estimate(self, k: Kernel, x: Tensor, y: Tensor, block: int | None = None) -> Estimate:
        sums = blockwise(k, x, y, block)
        return Estimate(self(sums).item(), self.variance_of_sums(sums).item())


@dataclass(frozen=True)
class Biased(Quadratic):
    """mean K_xx + mean K_yy − 2·mean K_xy, the V-statistic.

    Never negative; too large by about E[k(x,x) − k(x,x′)]/n + E[k(y,y) − k(y,y′)]/m. The loss of GMMN, Li et al., GRAM.

    Source: Gretton et al. (2012), equation 5, JMLR 13.
    """

    def __call__(self, gram: Gram | Sums) -> Float[Tensor, ""]:
        n, m = gram.n, gram.m
        return gram.xx_total / n**2 + gram.yy_total / m**2 - 2 * gram.xy_total / (n * m)

    def variance_of_sums(self, sums: Sums) -> Float[Tensor, ""]:
        raise Refused("Biased has no error bar here, since its bias is as large as one; take Unbiased().")


@dataclass(frozen=True)
class Unbiased(Quadratic):
    """The means of K_xx and K_yy without their diagonals, minus twice the mean of K_xy.

    Unbiased for any n and m, so it is negative about half the time when P = Q. The loss of MMD GANs, and KID.

    Source: Gretton et al. (2012), equation 3 (lemma 6), JMLR 13.
    """

    def __call__(self, gram: Gram | Sums) -> Float[Tensor, ""]:
        n, m = gram.n, gram.m
        need_two_rows(n, m, "Unbiased")
        within = gram.xx_apart / (n * (n - 1)) + gram.yy_apart / (m * (m - 1))
        return within - 2 * gram.xy_total / (n * m)

    def variance_of_sums(self, sums: Sums) -> Float[Tensor, ""]:
        return unbiased_variance(sums)


@dataclass(frozen=True)
class UStatistic(Quadratic):
    """The estimator `Unbiased` for n = m, whose cross term leaves out the pairs (x_i, y_i) too.

    Unbiased; varies slightly more, and is the one that the theory of the variance is about.

    Source: Gretton et al. (2012), equation 4, JMLR 13.
    """

    paired = True

    def __call__(self, gram: Gram | Sums) -> Float[Tensor, ""]:
        n = self._rows(gram)
        total = gram.xx_apart + gram.yy_apart - 2 * (gram.xy_total - gram.xy_trace)
        return total / (n * (n - 1))

    def variance_of_sums(self, sums: Sums) -> Float[Tensor, ""]:
        self._rows(sums)
        return u_statistic_variance(sums)

    def _rows(self, gram: Gram | Sums) -> int:
        if gram.n != gram.m:
            raise Refused(f"UStatistic needs as many rows of x as of y, got {gram.n} and {gram.m}; take Unbiased().")
        need_two_rows(gram.n, gram.m, "UStatistic")
        return gram.n
