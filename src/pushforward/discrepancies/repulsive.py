"""The repulsive MMD, whose critic spreads data out and pulls samples together."""

from dataclasses import dataclass, replace

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.estimators import need_two_rows
from pushforward.discrepancies.gram import Gram
from pushforward.discrepancies.mmd import MMD
from pushforward.discrepancies.quadratic import Unbiased
from pushforward.kernels import Gaussian, Kernel


@dataclass(frozen=True)
class RepulsiveMMD(Discrepancy):
    """D = E k(y,y′) − E k(x,x′), pairs of different rows; a sampler lowers the unbiased MMD².

    An ordinary critic pulls the data together, since it raises E k(x,x′) too; this one keeps their differences.

    Args:
        kernel: k.
    Source: Wang, Sun, Halgamuge (2019), equation 5 (λ = 0), arXiv 1812.09916.
    Differs: distances are not cut off at ¼ and 4, the paper's bounded variant.
    Example:
        >>> import torch
        >>> from pushforward.kernels import Linear
        >>> RepulsiveMMD(Linear())(torch.tensor([[0.0], [2.0]]), torch.tensor([[1.0], [3.0]])).item()  # 1·3 - 0·2
        3.0
    """

    kernel: Kernel = Gaussian()
    degree = 2

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        g = Gram(self.kernel, x, y)
        need_two_rows(g.n, g.m, "RepulsiveMMD")
        of_data, of_samples = g.xx_apart, g.yy_apart
        return of_samples / (g.m * (g.m - 1)) - of_data / (g.n * (g.n - 1))

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return self.mmd(x, y)

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """Return the witness of the MMD, which is what the sampler lowers."""
        return self.mmd.witness(h, x, y)

    @property
    def mmd(self) -> MMD:
        """The unbiased MMD² that a sampler lowers."""
        return MMD(self.kernel, Unbiased())

    def fitted(self, x: Float[Tensor, "n d"]) -> "RepulsiveMMD":
        return replace(self, kernel=self.kernel.fitted(x))
