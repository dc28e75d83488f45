"""g#µ for a network g: the sampler that most games fit."""

from jaxtyping import Float
from torch import Tensor, nn

from pushforward.errors import Refused
from pushforward.networks import Network, takes
from pushforward.samplers.base import Sampler
from pushforward.samplers.noise import Noise
from pushforward.spaces import Space


class Pushforward(Sampler):
    """y = g(z), z ~ µ, for a network g.

    Args:
        network: g, takes noise (n, d), and labels (n,) if it has a parameter called `label`.
        noise: µ.
        classes: number of labels it can be asked for; 0 if it takes none.
    """

    def __init__(self, network: nn.Module, noise: Noise, classes: int = 0):
        super().__init__()
        self.network, self.noise, self.classes = network, noise, labels_agree(network, classes, "Pushforward")

    @classmethod
    def of(cls, plan: Network, noise: Noise, space: Space) -> "Pushforward":
        """Return the sampler of a plan's generator, for each class of the space if the plan is a conditional one.

        Args:
            plan: of the network.
            noise: µ.
            space: of the points.
        """
        network = plan.generator(noise.dim, space)
        return cls(network, noise, len(space.classes) if "label" in takes(network) else 0)

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        return self.noise.draw(n, device=self.device)

    @property
    def noise_law(self) -> Noise:
        return self.noise

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        return self.network(z, label) if self.classes else self.network(z)


def labels_agree(network: nn.Module, classes: int, owner: str) -> int:
    """Return the number of classes, if it is positive just when the network takes a label.

    Raises:
        Refused: if one of the two holds and the other does not.
    """
    if ("label" in takes(network)) != (classes > 0):
        raise Refused(f"classes of {owner} must be positive just when its network takes a label, got {classes}.")
    return classes
