"""Plans: from a space and sizes to a network. A plan is a value; the network it makes learns."""

from abc import ABC, abstractmethod

from torch import Tensor, nn

from pushforward.spaces import Space


class Network(ABC):
    """A family of networks, sized by the data's space."""

    @abstractmethod
    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        """Noise (n, latent_dim) → points (n, *space.shape), within the space's range."""

    @abstractmethod
    def critic(self, space: Space, outputs: int) -> nn.Module:
        """Points (n, *space.shape) → features (n, outputs)."""


class Into(nn.Module):
    """low + (high − low)·(1 + tanh v)/2, in the shape of the space; v itself where the space has no bounds.

    In float32 at least: bfloat16 has no number between 0.9961 and 1.

    Args:
        space: of the points that the network makes.
    """

    def __init__(self, space: Space):
        super().__init__()
        self.shape = space.shape
        self.bounds = space.range

    def forward(self, v: Tensor) -> Tensor:
        v = v.reshape(len(v), *self.shape)
        v = v if v.dtype.itemsize >= 4 else v.float()
        if self.bounds is None:
            return v
        low, high = self.bounds
        if (low, high) == (-1.0, 1.0):
            return v.tanh()
        return (low + high) / 2 + (high - low) / 2 * v.tanh()
