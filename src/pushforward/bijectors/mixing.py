"""An invertible linear map of the channels, the same at every pixel."""

from math import prod

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.bijectors.base import Bijector


class Mixing(Bijector):
    """y = P L (U + diag s) x, a 1×1 convolution: P a permutation, L unit lower and U strictly upper triangular.

    It begins as a random rotation. log |det| is Σ log |s_i| at every pixel; signs of s are fixed, so that no step and
    no average of steps makes it singular.

    Args:
        channels: size of the first axis of a point.
    Source: Kingma and Dhariwal (2018), arXiv 1807.03039, section 3.2.
    """

    def __init__(self, channels: int):
        super().__init__()
        rotation = torch.linalg.qr(torch.randn(channels, channels, dtype=torch.float64))[0]
        P, L, U = torch.linalg.lu(rotation)
        s = U.diagonal()
        self.permutation, self.sign = nn.Buffer(P.float()), nn.Buffer(s.sign().float())
        self.lower, self.upper = nn.Parameter(L.float()), nn.Parameter(U.float())
        self.log_scale = nn.Parameter(s.abs().log().float())

    def forward(
        self, x: Float[Tensor, "n *d"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n *e"], Float[Tensor, " n"]]:
        L, U = self._factors()
        y = self._mixed(self.permutation @ L @ U, x)
        return y, (prod(x.shape[2:]) * self.log_scale.sum()).expand(len(x))

    def inverse(self, y: Float[Tensor, "n *e"], label: Tensor | None = None) -> Float[Tensor, "n *d"]:
        L, U = self._factors()
        inner = torch.linalg.solve_triangular(L, self.permutation.T, upper=False, unitriangular=True)
        return self._mixed(torch.linalg.solve_triangular(U, inner, upper=True), y)

    def _factors(self) -> tuple[Tensor, Tensor]:
        unit = torch.eye(len(self.log_scale), dtype=self.lower.dtype, device=self.lower.device)
        return self.lower.tril(-1) + unit, self.upper.triu(1) + torch.diag(self.sign * self.log_scale.exp())

    def _mixed(self, W: Tensor, x: Tensor) -> Tensor:
        return (W @ x.flatten(2)).view_as(x) if x.ndim > 2 else x @ W.T
