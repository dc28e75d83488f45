"""g#µ: noise through a network."""

from inspect import signature

import torch
from torch import Tensor, nn

from pushforward import ranks
from pushforward.errors import Refused
from pushforward.networks import Network
from pushforward.samplers.noise import Noise
from pushforward.spaces import Batch, Space


def takes_label(network: nn.Module) -> bool:
    """Whether the network is called with a label beside its input."""
    return len(signature(network.forward).parameters) > 1


class Pushforward(nn.Module):
    """y = g(z), z ~ µ.

    Args:
        network: g, takes noise (n, d), and labels (n,) if it has a second parameter.
        noise: µ.
        classes: number of labels it can be asked for; 0 if it takes none.
    """

    def __init__(self, network: nn.Module, noise: Noise, classes: int = 0):
        super().__init__()
        if takes_label(network) != (classes > 0):
            raise Refused(
                f"classes of Pushforward must be positive just when its network takes a label, got {classes}."
            )
        self.network, self.noise, self.classes = network, noise, classes
        self._where = torch.nn.Buffer(torch.empty(0), persistent=False)

    @classmethod
    def of(cls, plan: Network, noise: Noise, space: Space) -> "Pushforward":
        """The sampler of a plan's generator, for each class of the space if the plan is a conditional one.

        Args:
            plan: of the network.
            noise: µ.
            space: of the points.
        """
        network = plan.generator(noise.dim, space)
        return cls(network, noise, len(space.classes) if takes_label(network) else 0)

    def forward(self, n: int, label: Tensor | None = None) -> Batch:
        """This process's n of the samples that all processes draw together.

        Args:
            n: number of samples.
            label: the class of each, for a network that takes one; drawn uniformly if absent.
        """
        z, drawn = self._draw(n * ranks.size(), label)
        z, drawn = ranks.share(z), None if drawn is None else ranks.share(drawn)
        return self._pushed(z, drawn if label is None else label)

    def alone(self, n: int, label: Tensor | None = None) -> Batch:
        """n samples that this process draws for itself; arguments as in `forward`."""
        z, drawn = self._draw(n, label)
        return self._pushed(z, drawn if label is None else label)

    def push(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """g(z), for noise that is given."""
        return self.network(z, label) if self.classes else self.network(z)

    def _draw(self, n: int, label: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Noise, and labels where they are wanted and not given."""
        z = self.noise.draw(n, self._where.device)
        wanted = self.classes and label is None
        return z, torch.randint(self.classes, (n,), device=z.device) if wanted else None

    def _pushed(self, z: Tensor, label: Tensor | None) -> Batch:
        label = label.to(z.device) if self.classes and label is not None else None
        return Batch(self.push(z, label), label)
