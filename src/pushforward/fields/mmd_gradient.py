"""The field along which a sampler of an MMD moves: the gradient of the witness."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.fields.base import Field
from pushforward.kernels import Gaussian, Kernel, Median


@dataclass(frozen=True)
class MMDGradient(Field):
    """V(y_i) = ∇_y [mean_j k(y_i, x_j) − mean_j k(y_i, y′_j)] = −(m/2)·∂MMD²_U/∂y_i, MMD²_U the unbiased estimate.

    A sampler that follows it lowers the MMD. With the Gaussian kernel of width σ it is 1/σ² times the difference of
    kernel-weighted shifts, mean_j k(y_i, x_j)(x_j − y_i) less the same of samples: drifting without normalisation.

    Args:
        kernel: k, any of the library's.
    Source: Gretton et al. (2012), JMLR 13; Arbel et al. (2019), arXiv:1906.04370, for the flow.
    Example:
        >>> from pushforward.kernels import Linear
        >>> V = MMDGradient(Linear())(torch.zeros(2, 1), torch.full((3, 1), 5.0), other=torch.ones(4, 1))
        >>> V.flatten()  # the difference of the means, everywhere
        tensor([4., 4.])
    """

    kernel: Kernel = Gaussian(Median((0.25, 0.5, 1.0)))

    def at(
        self, y: Float[Tensor, "m d"], x: Float[Tensor, "n d"], other: Float[Tensor, "l d"] | None
    ) -> Float[Tensor, "c m d"]:
        with torch.enable_grad():
            moved = y.clone().requires_grad_()
            witness = self.kernel(moved, x).mean(1) - self._among_samples(moved, y, other)
            (gradient,) = torch.autograd.grad(witness.sum(), moved)
        return gradient.unsqueeze(0)

    def fitted(self, x: Float[Tensor, "n d"]) -> "MMDGradient":
        """Return the field with the kernel's bandwidths taken from x."""
        return replace(self, kernel=self.kernel.fitted(x))

    def _among_samples(self, moved: Tensor, y: Tensor, other: Tensor | None) -> Tensor:
        """Return mean_j k(y_i, y′_j), over all j ≠ i where y′ is y, and zero for a sample alone."""
        if other is not None:
            return self.kernel(moved, other).mean(1)
        return (self.kernel(moved, y).sum(1) - self.kernel.paired(moved, y)) / max(len(y) - 1, 1)
