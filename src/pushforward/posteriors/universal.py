"""The posterior that is a sum of functions of noise, weighed by what the encoder says, and the normal law like it."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import elu

from pushforward.distributions import Device
from pushforward.posteriors.base import Coded, Posterior

JITTER = 1e-5
"""Share of a variance that is added to it, so that a covariance of few noises has a root in float32."""


class Universal(Posterior):
    """z = z_0(x) + Σ_i a_i(x)⊙v_i(ε_i), ε_i ~ N(0, I) independent, each v_i a network of its own and of ε_i alone.

    Its mean is z_0 + Σ a_i E v_i and its covariance Σ a_i a_iᵀ⊙Cov v_i, with E and Cov taken over the batch's noise,
    whatever its form; its density is not known. The encoder says z_0 and what a_i = 1 + elu(· − 5) > 0 is made from.

    Args:
        dim: of a code.
        parts: number of v_i, at least 1.
        noise: size of each ε_i.
        widths: of their hidden layers.
        draws: noises whose moments stand for those of v_i where no batch is drawn.
    Source: Mescheder, Nowozin, Geiger (2017), arXiv 1701.04722, appendix, and released code.
    Differs: covariances beside the variances. By variances alone codes gather on a thin sheet of their normal law,
        which the critic has to see by itself: tens of nats of the divergence hid there. Moments keep their gradients,
        which released code stops: a code then moves its own normal law with it, −log of the volume alone pulls at that
        law, and no pull grows with 1/scale, by which codes of pictures ran off to infinity. Both have the same mean at
        the best critic, since scores have mean zero. No 10⁻⁴ is added where codes are normalised, which the code's
        log-density lacks.
    """

    says_moments = True

    def __init__(self, dim: int, parts: int = 8, noise: int = 32, widths: Sequence[int] = (128, 128), draws: int = 256):
        super().__init__()
        self.dim, self.parts, self.size, self.noise = dim, parts, (1 + parts) * dim, noise
        self.layers = nn.ModuleList(_Parallel(parts, n, m) for n, m in pairwise((noise, *widths, dim)))
        self.fixed = nn.Buffer(torch.randn(draws, parts * noise))

    def draw_noise(self, n: int, device: Device = None) -> Float[Tensor, "n e"]:
        return torch.randn(n, self.parts * self.noise, device=device)

    def forward(self, h: Float[Tensor, "n s"], noise: Float[Tensor, "n e"]) -> Coded:
        first, weights, v = *self._split(h), self._functions(noise)
        return Coded(first + (weights * v).sum(1), None, _moments(first, weights, v))

    def mean(self, h: Float[Tensor, "n s"]) -> Float[Tensor, "n k"]:
        """Return the mean code of a point under noises that are kept for this."""
        first, weights = self._split(h)
        return first + (weights * self._functions(self.fixed).mean(0)).sum(1)

    def with_density(self) -> "NormalOf":
        """Return the normal law with the moments of each law."""
        return NormalOf(self)

    def moments(self, h: Float[Tensor, "n s"]) -> tuple[Float[Tensor, "n k"], Float[Tensor, "n k k"]]:
        """Return the moments under noises that are kept for this: mean, and root of the covariance."""
        return _moments(*self._split(h), self._functions(self.fixed))

    def _split(self, h: Tensor) -> tuple[Float[Tensor, "n k"], Float[Tensor, "n p k"]]:
        """Return z_0 and a_i."""
        said = h.unflatten(1, (1 + self.parts, self.dim))
        return said[:, 0], 1 + elu(said[:, 1:] - 5)

    def _functions(self, noise: Tensor) -> Float[Tensor, "n p k"]:
        v = noise.unflatten(1, (self.parts, self.noise))
        for layer in self.layers[:-1]:
            v = elu(layer(v))
        return self.layers[-1](v)


class NormalOf(Posterior):
    """z = mean + L·ε, ε ~ N(0, I), with the moments of a posterior's laws: by its draws log p(x) is bounded from below.

    Args:
        of: the posterior.
    """

    def __init__(self, of: Universal):
        super().__init__()
        self.of, self.dim, self.size = of, of.dim, of.size

    def forward(self, h: Float[Tensor, "n s"], noise: Float[Tensor, "n e"]) -> Coded:
        mean, root = self.of.moments(h)
        coded = Coded(mean + (root @ noise.unsqueeze(2)).squeeze(2), None, (mean, root))
        return coded._replace(log_prob=coded.log_normal())

    def mean(self, h: Float[Tensor, "n s"]) -> Float[Tensor, "n k"]:
        return self.of.mean(h)


def _moments(
    first: Float[Tensor, "n k"], weights: Float[Tensor, "n p k"], v: Float[Tensor, "m p k"]
) -> tuple[Float[Tensor, "n k"], Float[Tensor, "n k k"]]:
    """Return the mean of z_0 + Σ a_i⊙v_i, and the root of its covariance, in no less than the precision of z_0."""
    with torch.autocast(v.device.type, enabled=False):
        weights, v = weights.to(first.dtype), v.to(first.dtype)
        mean = v.mean(0)
        spread = (v - mean).transpose(0, 1)
        covariance = torch.zeros((), dtype=first.dtype, device=first.device)
        for a, c in zip(weights.unbind(1), spread.transpose(1, 2) @ spread / len(v), strict=True):
            covariance = covariance + a.unsqueeze(2) * c * a.unsqueeze(1)
        variance = torch.diag_embed(covariance.diagonal(dim1=1, dim2=2))
        return first + (weights * mean).sum(1), torch.linalg.cholesky(covariance + JITTER * variance)


class _Parallel(nn.Module):
    """y_i = W_i x_i + b_i, linear maps side by side, each with weights of its own."""

    def __init__(self, parts: int, inputs: int, outputs: int):
        super().__init__()
        bound = inputs**-0.5
        self.weight = nn.Parameter(torch.empty(parts, inputs, outputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(parts, outputs).uniform_(-bound, bound))

    def forward(self, x: Float[Tensor, "n p i"]) -> Float[Tensor, "n p o"]:
        return torch.einsum("npi,pio->npo", x, self.weight) + self.bias
