"""The maximum mean discrepancy: the only one of the library."""

from dataclasses import dataclass, field, replace

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.estimators import Estimator, Unbiased
from pushforward.discrepancies.gram import Gram
from pushforward.kernels import Gaussian, Kernel


@dataclass(frozen=True)
class MMD(Discrepancy):
    """MMD²(P, Q) = E k(x,x′) + E k(y,y′) − 2·E k(x,y), the squared distance of the mean embeddings.

    Zero only for P = Q if the kernel is characteristic. Costs (n + m)² kernel values. `Root(MMD(k, Biased()))` is the
    distance itself.

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

    kernel: Kernel = field(default_factory=Gaussian)
    estimator: Estimator = field(default_factory=Unbiased)
    degree = 2

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return self.of(Gram(self.kernel, x, y))

    def of(self, gram: Gram) -> Float[Tensor, ""]:
        """The value from kernel matrices that are there already; their kernel counts, not this one's."""
        return self.estimator(gram)

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """mean_i k(h, x_i) − mean_j k(h, y_j), not normalised."""
        return self.kernel(h, x).mean(1) - self.kernel(h, y).mean(1)

    def fitted(self, x: Float[Tensor, "n d"]) -> "MMD":
        return replace(self, kernel=self.kernel.fitted(x))
