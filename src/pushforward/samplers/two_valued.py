"""The sampler of points whose coordinates take two values: a network says how likely the higher one is."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward import ranks
from pushforward.errors import Refused
from pushforward.networks import Network, takes
from pushforward.samplers.base import Sampler
from pushforward.samplers.noise import Noise
from pushforward.samplers.pushforward import labels_agree
from pushforward.spaces import Space

CERTAIN = 1e-6
"""The distance of probabilities from 0 and 1, so that every point has a finite log-probability."""


class TwoValued(Sampler):
    """yᵢ = high where uᵢ < pᵢ(z), else low: coordinates independent given z ~ µ, u ~ U[0, 1]^d.

    pᵢ(z) = (gᵢ(z) − low)/(high − low), for a network g that ends in the space's range; the noise that is pushed
    forward is (z, u). No gradient passes from y to the network: `explored` gives what a policy gradient needs instead.

    Args:
        network: g.
        noise: µ.
        space: of the points; it must be bounded.
        classes: as in `Pushforward`.
    """

    def __init__(self, network: nn.Module, noise: Noise, space: Space, classes: int = 0):
        super().__init__()
        if space.range is None:
            raise Refused(f"points of two values need a space with bounds, such as pictures; {space} has none.")
        self.network, self.noise, self.classes = network, noise, labels_agree(network, classes, "TwoValued")
        self.shape, (self.low, self.high) = space.shape, space.range

    @classmethod
    def of(cls, plan: Network, noise: Noise, space: Space) -> "TwoValued":
        """Return the sampler of a plan's generator; arguments as of `Pushforward.of`."""
        network = plan.generator(noise.dim, space)
        return cls(network, noise, space, len(space.classes) if "label" in takes(network) else 0)

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        """Return n draws of (z, u), each u flattened behind its z."""
        z = self.noise.draw(n, device=self.device)
        return torch.cat([z, torch.rand(n, *self.shape, device=z.device).flatten(1)], 1)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        """Return the points of noise (z, u)."""
        z, u = z[:, : self.noise.dim], z[:, self.noise.dim :]
        return self._points(u.view(-1, *self.shape), self.probability(z, label))

    def probability(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        """Return p(z), the probability of the higher value of each coordinate."""
        y = self.network(z, label) if self.classes else self.network(z)
        return ((y - self.low) / (self.high - self.low)).clamp(CERTAIN, 1 - CERTAIN)

    def explored(self, n: int, draws: int, label: Tensor | None = None) -> tuple[Tensor, Float[Tensor, "n draws"]]:
        """Return several points for each z, (n, draws, …), and log p(y|z), which is differentiable.

        Args:
            n: number of z, of this process.
            draws: points for each.
            label: class of each z, for a network that takes one; drawn uniformly if absent.
        """
        total = n * ranks.size()
        z = self.noise.draw(total, device=self.device)
        if self.classes and label is None:
            label = ranks.share(torch.randint(self.classes, (total,), device=z.device))
        u = ranks.share(torch.rand(total, draws, *self.shape, device=z.device))
        p = self.probability(ranks.share(z), label)[:, None]
        with torch.no_grad():
            y = self._points(u, p)
        likelihood = torch.where(y == self.high, p, 1 - p)
        return y, likelihood.log().flatten(2).sum(2)

    def _points(self, u: Tensor, p: Tensor) -> Tensor:
        return torch.where(u < p, self.high, self.low).to(p.dtype)
