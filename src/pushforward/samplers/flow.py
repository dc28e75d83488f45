"""A sampler that is an invertible map of noise: its density is exact, and every point has a code."""

from collections.abc import Sequence
from math import prod

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.bijectors import Bijector
from pushforward.errors import Refused
from pushforward.samplers.noise import Noise
from pushforward.samplers.stepped import Stepped
from pushforward.spaces import Batch

SCALED = 1000
"""Rows from which the first scales are taken, which pass through every network."""


class Flow(Stepped):
    """x = f⁻¹(z), z ~ µ, for a bijector f of points to noise: log q(x) = log µ(f(x)) + log |det ∂f/∂x|.

    Coordinates whose values in the data are multiples of a step are filled by noise of half a step to both sides when
    the density is fitted; samples are rounded by the form of the data, which undoes it.

    Args:
        bijector: f, from points of the shape to vectors of noise.
        noise: µ.
        shape: of a point, as many coordinates as the noise has.
        classes: number of labels that f's networks take; 0 for none.
    """

    exact = True

    def __init__(self, bijector: Bijector, noise: Noise, shape: Sequence[int], classes: int = 0):
        super().__init__(shape)
        if prod(shape) != noise.dim:
            raise Refused(f"noise of Flow must have the {prod(shape)} coordinates of a point, got {noise.dim}.")
        self.bijector, self.noise, self.classes = bijector, noise, classes

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        return self.noise.draw(n, device=self.device)

    @property
    def noise_law(self) -> Noise:
        return self.noise

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        return self.bijector.inverse(z, label).view(-1, *self.shape)

    def log_prob(self, x: Batch) -> Float[Tensor, " n"]:
        """Return log µ(f(x)) + log |det ∂f/∂x|."""
        z, log_det = self.bijector(x.x, x.label if self.classes else None)
        return self.noise.log_prob(z.flatten(1)) + log_det

    def prepare(self, x: Batch) -> None:
        """Take steps between values, and the first scales of the bijector."""
        super().prepare(x)
        label = x.label[:SCALED] if self.classes and x.label is not None else None
        with torch.no_grad():
            self.bijector.prepare(self.filled(x.x[:SCALED]), label)

    def codes(self, x: Batch) -> Float[Tensor, "n k"]:
        """Return f(x): the noise of which each point is made."""
        return self.bijector(x.x, x.label if self.classes else None)[0].flatten(1)

    def decode(self, codes: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        """Return f⁻¹ of the codes."""
        return self.push(codes, label)
