"""The normal posterior with a mean and a scale for each coordinate."""

from math import log, pi

from jaxtyping import Float
from torch import Tensor

from pushforward.distributions import Distribution
from pushforward.posteriors.base import Coded, Posterior, clamped


class DiagonalGaussian(Posterior):
    """z = m + s⊙ε, ε ~ N(0, I), with h = (m, log s²), the second within [−10, 10].

    Args:
        dim: of a code.
    Source: Kingma and Welling (2014), arXiv 1312.6114, section 3 and appendix B for the divergence.
    """

    def __init__(self, dim: int):
        super().__init__()
        self.dim, self.size = dim, 2 * dim

    def forward(self, h: Float[Tensor, "n s"], noise: Float[Tensor, "n e"]) -> Coded:
        mean, log_variance = self.moments(h)
        log_q = -(noise.square() + log_variance + log(2 * pi)).sum(1) / 2
        return Coded(mean + (log_variance / 2).exp() * noise, log_q)

    def mean(self, h: Float[Tensor, "n s"]) -> Float[Tensor, "n k"]:
        return self.moments(h)[0]

    def divergence(self, h: Float[Tensor, "n s"], prior: Distribution) -> Float[Tensor, "n k"] | None:
        """Return ½ ((m² + s²)/σ² − 1 − log s²/σ²) of each coordinate for a prior N(0, σ²I), in nats; else None."""
        if (scale := prior.normal_scale) is None:
            return None
        mean, log_variance = self.moments(h)
        log_variance = log_variance - 2 * log(scale)
        return ((mean / scale).square() + log_variance.exp() - 1 - log_variance) / 2

    def log_prob(self, z: Float[Tensor, "n k"], h: Float[Tensor, "n s"]) -> Float[Tensor, " n"]:
        """Return log N(z; m, diag s²)."""
        mean, log_variance = self.moments(h)
        e = (z - mean) * (-log_variance / 2).exp()
        return -(e.square() + log_variance + log(2 * pi)).sum(1) / 2

    def moments(self, h: Float[Tensor, "n s"]) -> tuple[Float[Tensor, "n k"], Float[Tensor, "n k"]]:
        """Return m and log s² of each point."""
        mean, log_variance = h.chunk(2, 1)
        return mean, clamped(log_variance)
