"""A mixture of Gaussians as a sampler with an exact density."""

from collections.abc import Mapping, Sequence
from math import log, pi, prod
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.errors import Refused
from pushforward.samplers.stepped import Stepped
from pushforward.spaces import Batch


class GaussianMixture(Stepped):
    """x = m_j + L_j e with e ~ N(0, I) and j drawn by the weights π: density Σ_j π_j N(x; m_j, L_j L_jᵀ).

    The noise is (u, e): j is the component in whose interval of the cumulated weights the uniform u lies.

    Args:
        shape: of a point, d coordinates in all.
        components: K, at least 1.
    """

    exact = True

    def __init__(self, shape: Sequence[int], components: int):
        super().__init__(shape)
        if components < 1:
            raise Refused(f"components of GaussianMixture must be at least 1, got {components}.")
        self.reserve(components)

    def reserve(self, components: int) -> None:
        """Make room for K components, all of them N(0, I) yet.

        Args:
            components: K.
        """
        d, device = prod(self.shape), self.device
        self.weights = nn.Buffer(torch.full((components,), 1 / components, dtype=torch.float64, device=device))
        self.means = nn.Buffer(torch.zeros(components, d, dtype=torch.float64, device=device))
        self.factors = nn.Buffer(torch.eye(d, dtype=torch.float64, device=device).repeat(components, 1, 1))

    def _load_from_state_dict(self, state_dict: Mapping[str, Any], prefix: str, *args: Any) -> None:
        """Make room for as many components as come from a file, if a call left their number open."""
        means = state_dict.get(f"{prefix}means")
        if means is not None and len(means) != len(self.means) and means.shape[1:] == self.means.shape[1:]:
            self.reserve(len(means))
        super()._load_from_state_dict(state_dict, prefix, *args)

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
