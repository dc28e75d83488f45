"""The plan of fully connected networks."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from torch import nn

from pushforward.networks.base import Head, Network
from pushforward.networks.concatenated import beside_labels
from pushforward.networks.conditioners import check_widths
from pushforward.networks.timed import FEATURES, Timed
from pushforward.spaces import Space


@dataclass(frozen=True)
class MLP(Network):
    """x ↦ W_L a(… a(W_1 x + b_1) …) + b_L, a the (leaky) rectifier; a label's unit vector stands beside x.

    Args:
        widths: of the hidden layers.
        slope: of the rectifier below zero, 0 for ReLU.
        batch_norm: normalise the hidden layers over the batch, of all networks but the critic.
    """

    takes_labels: ClassVar[bool] = True

    widths: tuple[int, ...] = (100, 100)
    slope: float = 0.0
    batch_norm: bool = False

    def __post_init__(self) -> None:
        check_widths(self.widths, "MLP")

    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        classes = len(space.classes)
        hidden = self._hidden(latent_dim + classes, self.batch_norm)
        return beside_labels(nn.Sequential(*hidden, nn.Linear(self.widths[-1], space.dim), Head(space)), classes)

    def critic(self, space: Space, outputs: int) -> nn.Module:
        classes = len(space.classes)
        hidden = self._hidden(space.dim + classes, False)
        return beside_labels(nn.Sequential(nn.Flatten(), *hidden, nn.Linear(self.widths[-1], outputs)), classes)

    def encoder(self, space: Space, latent_dim: int) -> nn.Module:
        classes = len(space.classes)
        hidden = self._hidden(space.dim + classes, self.batch_norm)
        return beside_labels(nn.Sequential(nn.Flatten(), *hidden, nn.Linear(self.widths[-1], latent_dim)), classes)

    def field(self, space: Space) -> nn.Module:
        hidden = self._hidden(space.dim + FEATURES, self.batch_norm)
        return Timed(nn.Sequential(*hidden, nn.Linear(self.widths[-1], space.dim)))

    def _hidden(self, inputs: int, batch_norm: bool) -> list[nn.Module]:
        layers: list[nn.Module] = []
        for n, m in pairwise((inputs, *self.widths)):
            layers += [nn.Linear(n, m), *([nn.BatchNorm1d(m)] if batch_norm else [])]
            layers += [nn.LeakyReLU(self.slope) if self.slope else nn.ReLU()]
        return layers
