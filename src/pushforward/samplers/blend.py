"""The blend of a sampler's classes by their shares: samples of all classes, of which none says its own."""

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.samplers.base import Sampler


class Blend(Sampler):
    """y = g(z, c), c drawn by the shares π, so that the law is Σ_c π_c·g(·, c)#µ; a sample has no label.

    The noise is (z, u), u ~ U[0, 1]: c is the class in whose interval of the cumulated shares u lies.

    Args:
        conditional: g, a sampler that takes labels.
        shares: π, one a class, of which one is positive; all alike if absent.

    Raises:
        Refused: for a sampler that takes no labels.
    """

    def __init__(self, conditional: Sampler, shares: Float[Tensor, " c"] | None = None):
        super().__init__()
        if not (n := conditional.classes):
            raise Refused("Blend needs a sampler that takes labels, got one that takes none.")
        self.conditional, self.ends = conditional, torch.nn.Buffer(torch.empty(n))
        self.set_shares(torch.ones(n) if shares is None else shares)

    @torch.no_grad()
    def set_shares(self, shares: Float[Tensor, " c"]) -> None:
        """Let classes be drawn by these shares, which need not add up to 1."""
        ends = (shares.double() / shares.double().sum()).cumsum(0)
        ends[int(shares.nonzero()[-1]) :] = 2.0  # else a rounding below 1 would leave u beyond all of them
        self.ends.copy_(ends)

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        z = self.conditional.draw_noise(n)
        return torch.cat([z, torch.rand(n, 1, device=z.device)], 1)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        """Return the points of noise (z, u)."""
        return self.conditional.push(z[:, :-1], (z[:, -1:] >= self.ends).sum(1))
