"""A flow of pictures whose noise within a grey level is learnt too: variational dequantisation."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.bijectors import Checkerboard
from pushforward.errors import Refused
from pushforward.monotone import Affine
from pushforward.networks import Convolutional
from pushforward.samplers.base import Sampler
from pushforward.samplers.flow import Flow
from pushforward.samplers.lattice import grey_step
from pushforward.spaces import Batch, Image


class LevelNoise(nn.Module):
    """u = σ(v) in (0, 1) for each pixel, v affine couplings of logit ε, ε uniform, by networks that see the picture.

    It begins as the uniform law: at parameters 0 the couplings change nothing, and u = ε.

    Args:
        channels: of the pictures.
        layers: couplings of a checkerboard.
        width: channels of the networks.
        depth: their residual blocks.
        classes: number of labels that networks take; 0 for none.
    """

    def __init__(self, channels: int, layers: int, width: int, depth: int, classes: int = 0):
        super().__init__()
        self.halves, self.map = Checkerboard(), Affine()
        size = self.map.size * channels
        self.networks = nn.ModuleList(Convolutional(3 * channels, size, width, depth, classes) for _ in range(layers))

    def forward(
        self, e: Float[Tensor, "n c h w"], x: Float[Tensor, "n c h w"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n c h w"], Float[Tensor, " n"]]:
        """Return the noise u and log r(u|x).

        Args:
            e: uniform in (0, 1).
            x: pictures, of which the networks see every pixel.
            label: the class of each, where the networks take labels.
        """
        seen, v = torch.cat(self.halves.apart(x), 1), torch.logit(e)
        log_r = _log_slope(v)
        known, other = self.halves.apart(v)
        for network in self.networks:
            p = network(torch.cat([known, seen], 1), label).unflatten(1, (-1, self.map.size)).movedim(2, -1)
            other, slope = self.map(other, p)
            log_r = log_r - slope.flatten(1).sum(1)
            known, other = other, known
        v = self.halves.together(*((known, other) if len(self.networks) % 2 == 0 else (other, known)))
        return v.sigmoid(), log_r - _log_slope(v)


class FilledLevels(Sampler):
    """log P(k) ≥ E_r log q(k + u) − log r(u | k), u ~ r(· | k): a flow q of grey values k and noise u of its own.

    The bound is loose by KL(r ‖ q(u | k)), which r learns to lessen; with r uniform it is uniform dequantisation. It is
    said as that of a density, P spread evenly over a level, and takes one draw of the noise.

    Args:
        space: of the pictures, of even sides.
        flow: q.
        noise: r.

    Raises:
        Refused: for rows of numbers, and for pictures of odd sides.
    Source: Ho et al. (2019), arXiv 1902.00275, section 3.1.
    """

    exact = False
    grain: Tensor

    def __init__(self, space: Image, flow: Flow, noise: LevelNoise):
        super().__init__()
        self.shape, self.low, self.high, self.classes = space.shape, space.low, space.high, flow.classes
        self.flow, self.noise = flow, noise
        self.grain = nn.Buffer(torch.tensor((self.high - self.low) / 255))

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        return self.flow.draw_noise(n)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        return self.flow.push(z, label)

    def log_prob(self, x: Batch) -> Float[Tensor, " n"]:
        """Return log q(k + u) − log r(u | k) at one draw of u, k the level that each pixel lies in."""
        k, label = self._levels(x.x), x.label if self.classes else None
        tiny = torch.finfo(k.dtype).eps
        u, log_r = self.noise(torch.rand_like(k).clamp(tiny, 1 - tiny), k, label)
        return self.flow.log_prob(x._replace(x=k + (u - 0.5) * self.grain)) - log_r

    def prepare(self, x: Batch) -> None:
        """Take the step between grey levels, and the first scales of the flow.

        Raises:
            Refused: for pictures whose values are no grey levels.
        """
        step = grey_step(x.x, self.low, self.high)
        if not step:
            raise Refused("noise_layers needs pictures of grey levels, between which noise is learnt, got values that "
                          "are multiples of no step; leave it out.")  # fmt: skip
        self.grain.copy_(step)
        self.flow.prepare(x)

    def codes(self, x: Batch) -> Float[Tensor, "n k"]:
        """Return the codes of the middles of levels."""
        return self.flow.codes(x._replace(x=self._levels(x.x)))

    def decode(self, codes: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        """Return the points of codes."""
        return self.flow.decode(codes, label)

    def _levels(self, x: Tensor) -> Tensor:
        return self.low + ((x - self.low) / self.grain).round() * self.grain


def _log_slope(v: Tensor) -> Float[Tensor, " n"]:
    """Return Σ log σ′(v)."""
    return (nn.functional.logsigmoid(v) + nn.functional.logsigmoid(-v)).flatten(1).sum(1)
