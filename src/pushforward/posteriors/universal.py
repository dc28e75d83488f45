"""The posterior that is a sum of functions of noise, weighed by what the encoder says, with moments that are known."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import elu

from pushforward.distributions import Device
from pushforward.posteriors.base import Coded, Posterior


class Universal(Posterior):
    """z = z_0(x) + Σ_i a_i(x)⊙v_i(ε_i), ε_i ~ N(0, I) independent, each v_i a network of its own and of ε_i alone.

    Its mean is z_0 + Σ a_i E v_i and its variance Σ a_i² Var v_i, with E and Var taken over the batch's noise, whatever
    its form; its density is not known. The encoder says z_0 and what a_i = 1 + elu(· − 5) > 0 is made from.

    Args:
        dim: of a code.
        parts: number of v_i, at least 1.
        noise: size of each ε_i.
        widths: of their hidden layers.
        draws: noises whose mean stands for E v_i where a code is asked for that stands for a point.
    Source: Mescheder, Nowozin, Geiger (2017), arXiv 1701.04722, appendix, and released code.
    Differs: mean and scale keep their gradients, which released code stops: a code then moves its own normal law with
        it, −log of the scale alone pulls at that law, and no pull grows with 1/scale, by which codes of pictures ran
        off to infinity. Both have the same mean at the best critic, since scores have mean zero. The square of the
        scale has no 10⁻⁴ added where codes are normalised, which the code's log-density lacks.
    """

    says_moments = True

    def __init__(
        self, dim: int, parts: int = 16, noise: int = 32, widths: Sequence[int] = (128, 128), draws: int = 256
    ):
        super().__init__()
        self.dim, self.parts, self.size, self.noise = dim, parts, (1 + parts) * dim, noise
        self.layers = nn.ModuleList(_Parallel(parts, n, m) for n, m in pairwise((noise, *widths, dim)))
        self.fixed = nn.Buffer(torch.randn(draws, parts * noise))

    def draw_noise(self, n: int, device: Device = None) -> Float[Tensor, "n e"]:
        return torch.randn(n, self.parts * self.noise, device=device)

    def forward(self, h: Float[Tensor, "n s"], noise: Float[Tensor, "n e"]) -> Coded:
        first, weights, v = *self._split(h), self._functions(noise)
        mean, scale = first + (weights * v.mean(0)).sum(1), (weights.square() * v.var(0, correction=0)).sum(1).sqrt()
        return Coded(first + (weights * v).sum(1), None, (mean, scale))

    def mean(self, h: Float[Tensor, "n s"]) -> Float[Tensor, "n k"]:
        """Return the mean code of a point under noises that are kept for this."""
        first, weights = self._split(h)
        return first + (weights * self._functions(self.fixed).mean(0)).sum(1)

    def _split(self, h: Tensor) -> tuple[Float[Tensor, "n k"], Float[Tensor, "n p k"]]:
        """Return z_0 and a_i."""
        said = h.unflatten(1, (1 + self.parts, self.dim))
        return said[:, 0], 1 + elu(said[:, 1:] - 5)

    def _functions(self, noise: Tensor) -> Float[Tensor, "n p k"]:
        v = noise.unflatten(1, (self.parts, self.noise))
        for layer in self.layers[:-1]:
            v = elu(layer(v))
        return self.layers[-1](v)


class _Parallel(nn.Module):
    """y_i = W_i x_i + b_i, linear maps side by side, each with weights of its own."""

    def __init__(self, parts: int, inputs: int, outputs: int):
        super().__init__()
        bound = inputs**-0.5
        self.weight = nn.Parameter(torch.empty(parts, inputs, outputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(parts, outputs).uniform_(-bound, bound))

    def forward(self, x: Float[Tensor, "n p i"]) -> Float[Tensor, "n p o"]:
        return torch.einsum("npi,pio->npo", x, self.weight) + self.bias
