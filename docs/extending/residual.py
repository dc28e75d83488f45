"""Fully connected networks with residual blocks."""

from dataclasses import dataclass

from torch import Tensor, nn

from pushforward.errors import Refused
from pushforward.networks import Head, Network
from pushforward.spaces import Space


class Block(nn.Module):
    """h ↦ h + B a(A h), a the sigmoid linear unit."""

    def __init__(self, width: int):
        super().__init__()
        self.branch = nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, h: Tensor) -> Tensor:
        return h + self.branch(h)


@dataclass(frozen=True)
class ResidualMLP(Network):
    """x ↦ W h_L + c, h_0 = V x + b, h_i = h_{i−1} + B_i a(A_i h_{i−1}).

    The function a is the sigmoid linear unit.

    Args:
        width: of every hidden layer.
        depth: number of residual blocks (L).
    """

    width: int = 64
    depth: int = 2

    def __post_init__(self) -> None:
        if self.width < 1 or self.depth < 1:
            got = f"got {self.width} and {self.depth}"
            raise Refused(f"width and depth of ResidualMLP must be at least 1, {got}.")

    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        return nn.Sequential(*self._body(latent_dim), nn.Linear(self.width, space.dim), Head(space))

    def critic(self, space: Space, outputs: int) -> nn.Module:
        return nn.Sequential(nn.Flatten(), *self._body(space.dim), nn.Linear(self.width, outputs))

    def _body(self, inputs: int) -> list[nn.Module]:
        return [nn.Linear(inputs, self.width), *(Block(self.width) for _ in range(self.depth))]
