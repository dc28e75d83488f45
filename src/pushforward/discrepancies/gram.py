"""The kernel matrices of data and samples, computed once: MMD, density ratio and witness reduce them."""

from functools import cached_property

from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels import Kernel
from pushforward.kernels.radial import summed


class Gram:
    """K_xx, K_yy, K_xy of x ~ P (data) and y ~ Q (model), by component and in sum, each computed when first asked for.

    One Gram serves two players: gradients of several losses of it flow through the same matrices.

    Args:
        k: the kernel; a frozen map in it is applied here, once.
        x: data.
        y: samples.
    Example:
        >>> import torch
        >>> from pushforward.kernels import Gaussian
        >>> Gram(Gaussian((1.0, 2.0)), torch.randn(5, 2), torch.randn(4, 2)).xy_components.shape
        torch.Size([2, 5, 4])
    """

    def __init__(self, k: Kernel, x: Tensor, y: Tensor):
        self.k, self.x, self.y = k.pulled(x, y)
        if not len(self.x) or not len(self.y):
            raise Refused(
                f"Gram needs at least one row of x and of y, got {len(self.x)} and {len(self.y)}; give it more."
            )

    @property
    def n(self) -> int:
        """The number of data, rows of x."""
        return len(self.x)

    @property
    def m(self) -> int:
        """The number of samples, rows of y."""
        return len(self.y)

    @cached_property
    def xx_components(self) -> Float[Tensor, "c n n"]:
        """k_c(x_i, x_j)."""
        return self.k.components(self.x, self.x)

    @cached_property
    def yy_components(self) -> Float[Tensor, "c m m"]:
        """k_c(y_i, y_j)."""
        return self.k.components(self.y, self.y)

    @cached_property
    def xy_components(self) -> Float[Tensor, "c n m"]:
        """k_c(x_i, y_j)."""
        return self.k.components(self.x, self.y)

    @cached_property
    def xx(self) -> Float[Tensor, "n n"]:
        """k(x_i, x_j)."""
        return summed(self.xx_components)

    @cached_property
    def yy(self) -> Float[Tensor, "m m"]:
        """k(y_i, y_j)."""
        return summed(self.yy_components)

    @cached_property
    def xy(self) -> Float[Tensor, "n m"]:
        """k(x_i, y_j)."""
        return summed(self.xy_components)

    @cached_property
    def xx_total(self) -> Float[Tensor, ""]:
        """Σ_ij k(x_i, x_j)."""
        return self.xx_components.sum()

    @cached_property
    def yy_total(self) -> Float[Tensor, ""]:
        """Σ_ij k(y_i, y_j)."""
        return self.yy_components.sum()

    @cached_property
    def xy_total(self) -> Float[Tensor, ""]:
        """Σ_ij k(x_i, y_j)."""
        return self.xy_components.sum()

    @cached_property
    def xx_trace(self) -> Float[Tensor, ""]:
        """Σ_i k(x_i, x_i)."""
        return self.k.diag(self.x).sum()

    @cached_property
    def yy_trace(self) -> Float[Tensor, ""]:
        """Σ_i k(y_i, y_i)."""
        return self.k.diag(self.y).sum()

    @property
    def xx_apart(self) -> Float[Tensor, ""]:
        """Σ_{i≠j} k(x_i, x_j)."""
        return self.xx_total - self.xx_trace

    @property
    def yy_apart(self) -> Float[Tensor, ""]:
        """Σ_{i≠j} k(y_i, y_j)."""
        return self.yy_total - self.yy_trace

    @cached_property
    def xy_trace(self) -> Float[Tensor, ""]:
        """Σ_i k(x_i, y_i), where n = m."""
        return self.k.paired(self.x, self.y).sum()
