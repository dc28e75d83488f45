"""A mixture of Gaussians as a sampler with an exact density."""

from collections.abc import Sequence
from math import log, pi, prod

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.samplers.base import Sampler
from pushforward.spaces import Batch


class GaussianMixture(Sampler):
    """x = m_j + L_j e with e ~ N(0, I) and j drawn by the weights π: density Σ_j π_j N(x; m_j, L_j L_jᵀ).

    The noise is (u, e): j is the component in whose interval of the cumulated weights the uniform u lies.

    Args:
        shape: of a point, d coordinates in all.
        components: K, at least 1.
    """

    exact = True

    def __init__(self, shape: Sequence[int], components: int):
        super().__init__()
        if components < 1:
            raise Refused(f"components of GaussianMixture must be at least 1, got {components}.")
        self.shape, d = tuple(shape), prod(shape)
        self.weights = torch.nn.Buffer(torch.full((components,), 1 / components, dtype=torch.float64))
        self.means = torch.nn.Buffer(torch.zeros(components, d, dtype=torch.float64))
        self.factors = torch.nn.Buffer(torch.eye(d, dtype=torch.float64).repeat(components, 1, 1))

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        u = torch.rand(n, 1, device=self.device)
        return torch.cat([u, torch.randn(n, self.means.shape[1], device=u.device)], 1)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        last = len(self.weights) - 1  # the cumulated weights may end a rounding below 1
        j = torch.searchsorted(self.weights.cumsum(0), z[:, 0].double(), right=True).clamp(max=last)
        x = self.means[j] + (self.factors[j] @ z[:, 1:, None].double())[..., 0]
        return x.float().view(-1, *self.shape)

    def log_prob(self, x: Batch) -> Float[Tensor, " n"]:
        """Return log Σ_j π_j N(x; m_j, L_j L_jᵀ), in float64."""
        points, d = x.x.flatten(1).double(), self.means.shape[1]
        log_joint = []
        for weight, mean, factor in zip(self.weights, self.means, self.factors, strict=True):
            e = torch.linalg.solve_triangular(factor, (points - mean).T, upper=False)
            log_joint.append(weight.log() - factor.diagonal().log().sum() - e.square().sum(0) / 2 - d / 2 * log(2 * pi))
        return torch.stack(log_joint).logsumexp(0)
