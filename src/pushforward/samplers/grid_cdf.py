"""A triangular map for pictures: from a coarse grid to finer ones, by CDFs on the data's own grey levels."""

from collections.abc import Iterator
from math import prod

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.errors import Refused
from pushforward.likelihoods import GreyLevels
from pushforward.networks import Convolutional, Masked, halvings_of
from pushforward.samplers.base import Sampler
from pushforward.samplers.lattice import grey_step
from pushforward.samplers.noise import Noise, Uniform
from pushforward.spaces import Batch, Image

COARSEST = 7
"""The least side of the coarsest grid."""

GROUPS = 7
"""Groups of pixels of the coarsest grid, drawn one after the other: neighbours are in different ones."""

PHASES = (((1, 1),), ((0, 1), (1, 0)))
"""The pixels of each square of four that a finer grid adds to (0, 0), in the order in which they are drawn."""

MOST_LEVELS = 65_536


class GridCDF(Sampler):
    """x_i = F⁻¹(u_i | pixels before), u uniform: every pixel by a CDF on grey levels given the coarser ones.

    The pixels of the coarsest grid come first, in groups, by a masked network. Each finer grid has four times as many:
    of every square of four, one pixel is known; the one diagonal to it follows, then the other two, given both. Their
    CDFs come from small convolutional networks that see the known pixels of the whole grid. In colour, one channel
    follows the other. All pixels of a phase are drawn at once: a 28 × 28 picture takes eleven passes, not 784.

    The density is that of grey values with noise uniform over a level, and constant there: bits per dimension are
    those of the discrete picture, exactly. A sample is drawn without the uniform share (`floor`) of the masses.

    Args:
        space: of the pictures.
        law: on the grey levels of a pixel.
        width: channels of the convolutional networks.
        depth: their residual blocks.
        widths: of the masked network's hidden layers.
        classes: number of labels that networks take; 0 for none.
    Source: Reed et al. (2017), arXiv 1703.03664, for pixels in phases from coarse to fine; Menick and Kalchbrenner
        (2019), arXiv 1812.01608, likewise; the masses are of Salimans et al. (2017).
    """

    exact = True
    grain: Tensor

    def __init__(
        self, space: Image, law: GreyLevels, width: int, depth: int, widths: tuple[int, ...], classes: int = 0
    ):
        super().__init__()
        self.shape, self.low, self.high, self.law, self.classes = space.shape, space.low, space.high, law, classes
        halvings = halvings_of(space.height, space.width, COARSEST)
        self.strides = [2**i for i in reversed(range(halvings))]
        self.grain = nn.Buffer(torch.tensor((self.high - self.low) / 255))
        self.centre, self.spread = nn.Buffer(torch.zeros(())), nn.Buffer(torch.ones(()))
        channels, coarsest = space.channels, self._coarsest
        self.groups = [
            GROUPS * c + (2 * i + 3 * j) % GROUPS
            for c in range(channels)
            for i in range(space.height // coarsest)
            for j in range(space.width // coarsest)
        ]
        self.coarse = Masked(self.groups, law.size, widths, classes)
        self.fine = nn.ModuleList(
            Convolutional(channels * (1 + phase) + c * len(targets), len(targets) * law.size, width, depth, classes)
            for _ in self.strides
            for phase, targets in enumerate(PHASES)
            for c in range(channels)
        )

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        return torch.rand(n, prod(self.shape), device=self.device)

    @property
    def noise_law(self) -> Noise:
        return Uniform(prod(self.shape), 0.0, 1.0)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        u, x = z.view(-1, *self.shape), z.new_zeros(len(z), *self.shape)
        s = self._coarsest
        flat, at = u[:, :, ::s, ::s].flatten(1), torch.tensor(self.groups, device=z.device)
        known = torch.zeros_like(flat)
        for group in range(max(self.groups) + 1):
            here = (at == group).nonzero()[:, 0]
            p = self.coarse(self._seen(known), label)[:, here]
            known = known.index_copy(1, here, self._value(self.law.quantile(flat[:, here], p, self.levels)))
        x[:, :, ::s, ::s] = known.view_as(x[:, :, ::s, ::s])
        for network, stride, targets, c in self._steps():
            fine, noise = x[:, :, ::stride, ::stride], u[:, c, ::stride, ::stride]
            p = self._parameters_of(network, fine, targets, c, label)
            for t, (i, j) in enumerate(targets):
                fine[:, c, i::2, j::2] = self._value(self.law.quantile(noise[:, i::2, j::2], p[t], self.levels))
        return x

    def log_prob(self, x: Batch) -> Float[Tensor, " n"]:
        """Return Σ_i log P(k_i | pixels before) − log of a level's extent, k the level that each pixel lies in."""
        label, levels = x.label if self.classes else None, self.levels
        k = ((x.x - self.low) / self.grain).round().clamp(0, levels - 1)
        points = self._value(k)
        s = self._coarsest
        p = self.coarse(self._seen(points[:, :, ::s, ::s].flatten(1)), label)
        nats = self.law.log_mass(k[:, :, ::s, ::s].flatten(1), p, levels).sum(1)
        for network, stride, targets, c in self._steps():
            fine, here = points[:, :, ::stride, ::stride], k[:, c, ::stride, ::stride]
            p = self._parameters_of(network, fine, targets, c, label)
            for t, (i, j) in enumerate(targets):
                nats = nats + self.law.log_mass(here[:, i::2, j::2], p[t], levels).flatten(1).sum(1)
        return nats - prod(self.shape) * self.grain.log()

    def prepare(self, x: Batch) -> None:
        """Take the step between grey levels, and the scale in which networks see them.

        Raises:
            Refused: for pictures whose values are no grey levels.
        """
        step = grey_step(x.x, self.low, self.high)
        if not step or (self.high - self.low) / step > MOST_LEVELS:
            raise Refused("grid-cdf needs pictures of grey levels, whose density it knows exactly, got values that are "
                          "multiples of no step; give pictures of whole numbers, or --recipe real-nvp.")  # fmt: skip
        self.grain.copy_((self.high - self.low) / ((self.high - self.low) / step).round())
        spread, centre = torch.std_mean(x.x)
        self.centre.copy_(centre)
        self.spread.copy_(spread)

    @property
    def levels(self) -> int:
        """The number of grey levels, L."""
        return round((self.high - self.low) / float(self.grain)) + 1

    @property
    def _coarsest(self) -> int:
        """The distance of two pixels of the coarsest grid."""
        return 2 * self.strides[0] if self.strides else 1

    def _steps(self) -> Iterator[tuple[nn.Module, int, tuple[tuple[int, int], ...], int]]:
        """Yield the network of each step, the distance of pixels of its grid, which it draws, and of which channel."""
        networks = iter(self.fine)
        for stride in self.strides:
            for targets in PHASES:
                for c in range(self.shape[0]):
                    yield next(networks), stride, targets, c

    def _parameters_of(
        self, network: nn.Module, fine: Tensor, targets: tuple[tuple[int, int], ...], c: int, label: Tensor | None
    ) -> list[Float[Tensor, "n h w p"]]:
        """Return the parameters of each target's CDFs, given what is drawn before channel c of them."""
        known = [fine[:, :, ::2, ::2]] + ([fine[:, :, 1::2, 1::2]] if len(targets) > 1 else [])
        known += [fine[:, :c, i::2, j::2] for i, j in targets]
        p = network(self._seen(torch.cat(known, 1)), label)
        return [part.movedim(1, -1) for part in p.chunk(len(targets), 1)]

    def _seen(self, x: Tensor) -> Tensor:
        return (x - self.centre) / self.spread

    def _value(self, k: Tensor) -> Tensor:
        return self.low + k * self.grain
