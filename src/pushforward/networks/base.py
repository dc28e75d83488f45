"""Plans: from a space and sizes to a network. A plan is a value; the network it makes learns."""

from abc import ABC, abstractmethod
from inspect import signature

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


EXTRAS = frozenset({"label", "z", "time"})
"""What a network may take beside its input, each known by the name of the parameter."""


def takes(network: nn.Module) -> frozenset[str]:
    """Return which of `label`, `z` and `time` the network is called with beside its input, by parameter name.

    Example:
        >>> takes(nn.Linear(2, 2))
        frozenset()
    """
    return EXTRAS & set(list(signature(network.forward).parameters)[1:])


class Head(nn.Module):
    """The end of every network that makes points.

    low + (high − low)·(1 + tanh v)/2, in the shape of the space; v itself where the space has no bounds.

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
