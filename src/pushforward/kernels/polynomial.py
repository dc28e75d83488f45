"""The polynomial kernel; its default is the one of KID."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels.base import Kernel
from pushforward.kernels.narrow import Narrow, cheaper_arithmetics
from pushforward.kernels.pairwise import inner, matched


@dataclass(frozen=True)
class Polynomial(Kernel):
    """k(x, y) = (γ⟨x, y⟩ + c)^p.

    Not characteristic: degree p compares the moments up to p, and needs 2p of them to have a variance.

    Args:
        degree: p, at least 1.
        gamma: γ, above 0; None is 1/d, d the number of columns.
        offset: c, at least 0.
    Source: Bińkowski et al. (2018), arXiv 1801.01401: (⟨x, y⟩/d + 1)³ is the kernel of KID.
    Example:
        >>> import torch
        >>> Polynomial()(torch.ones(1, 4), torch.ones(1, 4)).item()
        8.0
    """

    degree: int = 3
    gamma: float | None = None
    offset: float = 1.0

    def __post_init__(self) -> None:
        if self.degree < 1:
            raise Refused(f"degree of Polynomial must be at least 1, got {self.degree}; KID's is 3.")
        if self.gamma is not None and not self.gamma > 0:
            raise Refused(f"gamma of Polynomial must be above 0, got {self.gamma}; leave it out for 1/d.")
        if not self.offset >= 0:
            raise Refused(f"offset of Polynomial must be at least 0, got {self.offset}; KID's is 1.")

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
        return self._of(inner(x, y), x.shape[1])

    def paired(self, x: Float[Tensor, "n d"], y: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        x, y = matched(x, y)
        return self._of((x * y).sum(-1), x.shape[1])

    def narrowed(self, x: Float[Tensor, "n d"]) -> Iterator[Narrow]:
        """γ⟨x, y⟩ + c = ⟨u, v⟩ + a + b about the centre μ of x: what is rounded is small where rows vary little.

        u = √γ·(x − μ), a = γ⟨x − μ, μ⟩ + (γ‖μ‖² + c)/2, and v and b the same of y.
        """
        center, gamma = x.mean(0), self._gamma(x.shape[1])
        shift = (gamma * float(center @ center) + self.offset) / 2

        def rows(z: Tensor) -> Tensor:
            u = z - center
            a = gamma * (u @ center) + shift
            return torch.cat([u.mul_(gamma**0.5).float(), a.float().unsqueeze(1)], 1)

        yield from (Narrow(name, _Centered(self.degree, product), rows) for name, product in cheaper_arithmetics())

    def _of(self, products: Tensor, d: int) -> Tensor:
        return (products * self._gamma(d) + self.offset) ** self.degree

    def _gamma(self, d: int) -> float:
        return 1 / d if self.gamma is None else self.gamma


@dataclass(frozen=True)
class _Centered(Kernel):
    """k((u, a), (v, b)) = (⟨u, v⟩ + a + b)^p, without gradients: a polynomial kernel about a centre.

    Args:
        degree: p.
        product: ⟨u_i, v_j⟩ of all pairs, a new matrix.
    """

    degree: int
    product: Callable[[Tensor, Tensor], Tensor]

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
        products = self.product(x[:, :-1], y[:, :-1])
        return products.add_(x[:, -1:]).add_(y[:, -1]).pow_(self.degree)

    def paired(self, x: Float[Tensor, "n d"], y: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        return ((x[:, :-1] * y[:, :-1]).sum(-1) + x[:, -1] + y[:, -1]) ** self.degree
