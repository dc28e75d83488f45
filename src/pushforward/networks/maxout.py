"""The networks of the first GAN: a rectifier generator against a maxout discriminator."""

from dataclasses import dataclass

from torch import Tensor, nn

from pushforward.networks.base import Network
from pushforward.networks.mlp import MLP
from pushforward.spaces import Space, without_classes


class MaxoutLayer(nn.Module):
    """max_p (W_p x + b_p), the largest of `pieces` affine maps, each coordinate for itself.

    Args:
        inputs: size of x.
        outputs: size of the result.
        pieces: affine maps to choose from.
    """

    def __init__(self, inputs: int, outputs: int, pieces: int):
        super().__init__()
        self.affine = nn.Linear(inputs, outputs * pieces)
        self.pieces = pieces

    def forward(self, x: Tensor) -> Tensor:
        return self.affine(x).unflatten(1, (-1, self.pieces)).amax(2)


@dataclass(frozen=True)
class Maxout(Network):
    """A generator of two rectifier layers against a discriminator of two maxout layers with dropout.

    Args:
        width: of the generator's hidden layers.
        critic_width: of the discriminator's.
        pieces: affine maps in a maxout unit.
        dropout: share of the discriminator's hidden units dropped; inputs are dropped at 0.2.
    Source: Goodfellow et al. (2014), released configuration for MNIST.
    """

    width: int = 1200
    critic_width: int = 240
    pieces: int = 5
    dropout: float = 0.5

    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        return MLP((self.width, self.width)).generator(latent_dim, without_classes(space))

    def critic(self, space: Space, outputs: int) -> nn.Module:
        w = self.critic_width
        first = (nn.Flatten(), nn.Dropout(0.2), MaxoutLayer(space.dim, w, self.pieces))
        second = (nn.Dropout(self.dropout), MaxoutLayer(w, w, self.pieces))
        return nn.Sequential(*first, *second, nn.Dropout(self.dropout), nn.Linear(w, outputs))
