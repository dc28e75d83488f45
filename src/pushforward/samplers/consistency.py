"""A map that is consistent along every path of noising, and so goes from pure noise to data in one step."""

from math import log, prod

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.errors import Refused
from pushforward.networks import Head, takes
from pushforward.samplers.base import Sampler
from pushforward.spaces import Space


class ConsistencyMap(Sampler):
    """y = f(σ_max·z, σ_max), z ~ N(0, I): f takes x + σz, data with noise of deviation σ, to where its path began.

    f(x, σ) = s²/((σ − σ_min)² + s²)·x + s(σ − σ_min)/√(σ² + s²)·F(x/√(σ² + s²), t), so that f(x, σ_min) = x; F is a
    field of vectors, whose time t in [0, 1] is where log σ lies between its ends. At last points are brought into the
    space.

    Args:
        field: F, with parameters x and `time`.
        space: of the points.
        deviation: s, standard deviation of the data in the space's units.
        low: σ_min, positive; noise that nobody sees.
        high: σ_max, beside which the data are nothing.

    Raises:
        Refused: if the field takes no time, or the deviations are not in order.
    Source: Song et al. (2023), arXiv:2303.01469, §3 and appendix C, for the map; Karras et al. (2022) for its scales.
    """

    def __init__(self, field: nn.Module, space: Space, deviation: float = 1.0, low: float = 0.002, high: float = 80.0):
        super().__init__()
        if takes(field) != {"time"}:
            raise Refused(f"field of ConsistencyMap must take x and `time` alone, got {sorted(takes(field))} beside x.")
        if not (0 < low < high and deviation > 0):
            raise Refused(f"ConsistencyMap needs 0 < low < high and deviation > 0, got {low}, {high} and {deviation}.")
        self.field, self.shape, self.bounds = field, space.shape, space.range
        self.deviation, self.low, self.high = deviation, low, high
        self.head = Head(space)

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        return torch.randn(n, prod(self.shape), device=self.device)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        x = self.origin(self.high * z.view(-1, *self.shape), z.new_full((z.shape[0],), self.high))
        return self.head(x) if self.bounds is None else x.clamp(*self.bounds)

    def origin(self, x: Tensor, sigma: Float[Tensor, " n"]) -> Tensor:
        """Return f(x, σ), not yet brought into the space.

        Args:
            x: noisy points.
            sigma: deviation of the noise of each, from `low` to `high`.
        """
        time = (sigma.log() - log(self.low)) / (log(self.high) - log(self.low))
        sigma, s = sigma.view(-1, *[1 for _ in self.shape]), self.deviation
        size, beyond = (sigma.square() + s**2).sqrt(), sigma - self.low
        return s**2 / (beyond.square() + s**2) * x + s * beyond / size * self.field(x / size, time)
