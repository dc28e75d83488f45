"""The maximum mean discrepancy, written once for the whole library."""

from dataclasses import dataclass, replace

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.estimators import Estimate, Estimator
from pushforward.discrepancies.gram import Gram
from pushforward.discrepancies.quadratic import Unbiased
from pushforward.kernels import Gaussian, Kernel


@dataclass(frozen=True)
class MMD(Discrepancy):
    """MMD²(P, Q) = E k(x,x′) + E k(y,y′) − 2·E k(x,y), the squared distance of the mean embeddings.

    Zero only for P = Q if the kernel is characteristic. `Root(MMD(k, Biased()))` is the distance itself.

    Args:
        kernel: k.
        estimator: how the expectations are estimated.
    Source: Gretton et al. (2012), JMLR 13.
    Example:
        >>> import torch
        >>> from pushforward.discrepancies import Biased
        >>> from pushforward.kernels import Linear
        >>> MMD(Linear(), Biased())(torch.tensor([[5.0]]), torch.tensor([[2.0]])).item()  # (5 - 2)^2
        9.0
    """

    kernel: Kernel = Gaussian()
    estimator: Estimator = Unbiased()
    degree = 2

    @property
    def paired(self) -> bool:  # type: ignore[override]
        return self.estimator.paired

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return self.of(Gram(self.kernel, x, y))

    def of(self, gram: Gram) -> Float[Tensor, ""]:
        """Return the value from kernel matrices that are there already; their kernel counts, not this one's."""
        return self.estimator(gram)

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """mean_i k(h, x_i) − mean_j k(h, y_j), not normalised."""
        return self.kernel(h, x).mean(1) - self.kernel(h, y).mean(1)

    def variance(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        """An unbiased estimate of the estimator's variance; differentiable, and negative at times when near zero.

        When P = Q the estimator is degenerate: its law is not normal then, whatever its variance.
        """
        return self.estimator.variance(Gram(self.kernel, x, y))

    def estimate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"], block: int | None = None) -> Estimate:
        """Return value and variance, added up in float64 block by block, without gradients.

        Args:
            x: data; kernel values are computed in its precision.
            y: samples.
            block: rows of a block; by default what fits into 256 MB.
        """
        return self.estimator.estimate(self.kernel, x, y, block)

    def fitted(self, x: Float[Tensor, "n d"]) -> "MMD":
        return replace(self, kernel=self.kernel.fitted(x))
