"""The distance kernel, whose MMD is the energy distance."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels.base import Kernel
from pushforward.kernels.narrow import Narrow
from pushforward.kernels.pairwise import matched, root, squared_distance


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
        return (left.unsqueeze(1) + right - self._power(squared_distance(x, y))) / 2

    def paired(self, x: Float[Tensor, "n d"], y: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        x, y = matched(x, y)
        return (self._from_base(x) + self._from_base(y) - self._power((x - y).square().sum(-1))) / 2

    def diag(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        return self._from_base(x)

    def narrowed(self, x: Float[Tensor, "n d"]) -> Iterator[Narrow]:
        """About the base point, which is then 0."""
        base = torch.as_tensor(self.base_point, dtype=x.dtype, device=x.device)
        yield Narrow("float32", Distance(self.exponent), lambda z: (z - base).float())

    def _from_base(self, x: Tensor) -> Tensor:
        x, _ = matched(x, x)
        return self._power((x - torch.as_tensor(self.base_point, dtype=x.dtype, device=x.device)).square().sum(-1))

    def _power(self, s: Tensor) -> Tensor:
        """s^(β/2), with zero derivatives at zero."""
        r = root(s)
        if self.exponent == 1:
            return r
        return torch.where(r > 0, torch.where(r > 0, r, 1.0) ** self.exponent, 0.0)
