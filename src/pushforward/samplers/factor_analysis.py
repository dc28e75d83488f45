"""The linear-Gaussian model: a sampler, a density and codes, all in closed form."""

from collections.abc import Sequence
from math import prod

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import LowRankMultivariateNormal

from pushforward.errors import Refused
from pushforward.samplers.stepped import Stepped
from pushforward.spaces import Batch


class FactorAnalysis(Stepped):
    """x = m + W c + exp(s)·e with c ~ N(0, I_k), e ~ N(0, I_d), so that x ~ N(m, WWᵀ + diag e^{2s}).

    The noise is (c, e). The posterior of the code is N(A Wᵀ D⁻¹ (x − m), A) with D = diag e^{2s} and
    A = (I + Wᵀ D⁻¹ W)⁻¹; a code is its mean.

    Args:
        shape: of a point, d coordinates in all.
        latent_dim: k, size of the code, at least 1.
    Source: Rubin and Thayer (1982), Psychometrika 47; Bishop (2006), Pattern Recognition and Machine Learning, §12.2.4.
    """

    exact = True

    def __init__(self, shape: Sequence[int], latent_dim: int):
        super().__init__(shape)
        if latent_dim < 1:
            raise Refused(f"latent_dim of FactorAnalysis must be at least 1, got {latent_dim}.")
        d = prod(shape)
        self.mean = nn.Parameter(torch.zeros(d))
        self.loadings = nn.Parameter(torch.randn(d, latent_dim) / latent_dim**0.5)
        self.log_std = nn.Parameter(torch.zeros(d))

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        return torch.randn(n, self.loadings.shape[1] + len(self.mean), device=self.device)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        k = self.loadings.shape[1]
        return self.decode(z[:, :k]) + (self.log_std.exp() * z[:, k:]).view(-1, *self.shape)

    def log_prob(self, x: Batch) -> Float[Tensor, " n"]:
        """Return log N(x; m, WWᵀ + D)."""
        law = LowRankMultivariateNormal(self.mean, self.loadings, (2 * self.log_std).exp(), validate_args=False)
        return law.log_prob(x.x.flatten(1))

    def codes(self, x: Batch) -> Float[Tensor, "n k"]:
        """Return the posterior means A Wᵀ D⁻¹ (x − m)."""
        weighted = self.loadings.T * (-2 * self.log_std).exp()
        precision = torch.eye(self.loadings.shape[1], device=self.device) + weighted @ self.loadings
        return torch.linalg.solve(precision, weighted @ (x.x.flatten(1) - self.mean).T).T

    def decode(self, codes: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        """Return m + W c."""
        return (self.mean + codes @ self.loadings.T).view(-1, *self.shape)
