"""The distance kernel, whose MMD² is half the energy distance."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels.base import Kernel
from pushforward.kernels.narrow import Narrow
from pushforward.kernels.pairwise import inner, matched, root, squared_distance

FAR = 2.0**20
"""The multiple of the median length beyond which ‖y − b‖ − ‖x − y‖ would lose its last six digits, or all."""


@dataclass(frozen=True)
class Distance(Kernel):
    """k(x, y) = ½(‖x − b‖^β + ‖y − b‖^β − ‖x − y‖^β).

    No bandwidth to choose; characteristic for laws with a moment of order β. The base point b makes it positive
    semi-definite and changes no MMD. The MMD² is half the energy distance.

    Args:
        exponent: β, between 0 and 2, both excluded.
        base_point: b, one number for all coordinates or one a coordinate.
    Source: Sejdinovic et al. (2013), Annals of Statistics 41, section 3; Székely and Rizzo (2013).
    Example:
        >>> Distance()(torch.ones(1, 1), torch.full((1, 1), 3.0)).item()  # min(1, 3)
        1.0
    """

    exponent: float = 1.0
    base_point: float | tuple[float, ...] = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.exponent < 2:
            raise Refused(f"exponent of Distance must lie between 0 and 2, got {self.exponent}; the usual one is 1.")
        if not isinstance(self.base_point, int | float):
            object.__setattr__(self, "base_point", tuple(self.base_point))

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
        left = self._from_base(x)
        right = left if y is x else self._from_base(y)
        r = self._power(squared_distance(x, y))
        if self.exponent == 1 and not r.requires_grad and _far(left, right):
            return self._beside_far_rows(x, y, (left.unsqueeze(1), right), r)
        return (left.unsqueeze(1) + right - r) / 2

    def paired(self, x: Float[Tensor, "n d"], y: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        x, y = matched(x, y)
        return (self._from_base(x) + self._from_base(y) - self._power((x - y).square().sum(-1))) / 2

    def diag(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        return self._from_base(x)

    def narrowed(self, x: Float[Tensor, "n d"]) -> Iterator[Narrow]:
        """Yield the kernel of rows taken about the base point, which is then 0."""
        base = torch.as_tensor(self.base_point, dtype=x.dtype, device=x.device)
        yield Narrow("float32", Distance(self.exponent), lambda z: (z - base).float())

    def _beside_far_rows(self, x: Tensor, y: Tensor, lengths: tuple[Tensor, Tensor], r: Tensor) -> Tensor:
        """½(a + (2⟨u, v⟩ − a²)/(b + r)), a ≤ b the lengths of u = x − b₀ and v: the same, but b − r does not cancel."""
        x, y = matched(x, y)
        base = torch.as_tensor(self.base_point, dtype=x.dtype, device=x.device)
        a, b = torch.minimum(*lengths), torch.maximum(*lengths)
        whole = b + r
        return (a + (2 * inner(x - base, y - base) - a.square()) / whole.where(whole > 0, 1.0)) / 2

    def _from_base(self, x: Tensor) -> Tensor:
        x, _ = matched(x, x)
        return self._power((x - torch.as_tensor(self.base_point, dtype=x.dtype, device=x.device)).square().sum(-1))

    def _power(self, s: Tensor) -> Tensor:
        """s^(β/2), with zero derivatives at zero."""
        r = root(s)
        if self.exponent == 1:
            return r
        return torch.where(r > 0, torch.where(r > 0, r, 1.0) ** self.exponent, 0.0)


def _far(left: Tensor, right: Tensor) -> bool:
    """Return whether some row of either side lies `FAR` median lengths or more from the base point."""
    lengths = torch.cat([left, right])
    return bool(lengths.max() > FAR * lengths.median())
