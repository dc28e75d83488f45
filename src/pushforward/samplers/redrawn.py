"""A sampler with an encoder whose codes come from another law than its prior, or that gives means in place of draws."""

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.likelihoods import Likelihood
from pushforward.samplers.base import Sampler
from pushforward.samplers.latent import Latent
from pushforward.samplers.latent_flow import LatentFlow


class Redrawn(Sampler):
    """x ~ p(·|d(c)), or the mean of that law, with c drawn by a sampler of codes.

    Args:
        latent: p and d, with a prior of its own; of features, and the way back to points.
        codes: what codes are drawn by; the prior if absent.
        means: whether the mean of p(·|d(c)) stands for a draw.
    """

    def __init__(self, latent: Latent | LatentFlow, codes: Sampler | None = None, means: bool = False):
        super().__init__()
        self.latent, self.codes, self.classes = latent, codes, latent.classes
        self.means = means or not isinstance(latent.cost, Likelihood)

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        z = self.latent.prior.draw(n, device=self.latent.device) if self.codes is None else self.codes.draw_noise(n)
        return z if self.means else torch.cat([z, torch.rand(n, self.latent.space.dim, device=z.device)], 1)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        u = 0 if self.means else self.latent.space.dim
        noise, u_last = z[:, : z.shape[1] - u], z[:, z.shape[1] - u :]
        codes = noise if self.codes is None else self.codes.push(noise)
        return (
            self.latent.decode(codes, label) if self.means else self.latent.push(torch.cat([codes, u_last], 1), label)
        )
