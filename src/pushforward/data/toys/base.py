"""The base of distributions with a density: a sampler is checked against them where the truth is to be known."""

from math import log, pi
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from pushforward.data.base import Modes
from pushforward.distributions import Device, Distribution

# Entries of the largest block of distances.
BLOCK = 2**22


class Law(Distribution):
    """A distribution on R^d that serves as data; its name on the command line is `name`."""

    name: ClassVar[str]

    @property
    def modes(self) -> Modes | None:
        """The modes of the distribution; None where it has no separate ones."""
        return None


def mixture_log_prob(
    x: Float[Tensor, "n d"], centers: Float[Tensor, "K d"], std: float, weights: Float[Tensor, " K"] | None = None
) -> Float[Tensor, " n"]:
    """Return log Σ_k w_k N(x; c_k, std² I), w_k = 1/K if absent, a block of points at a time."""
    x, centers = x.double(), centers.double().to(x.device)
    likely = -log(len(centers)) if weights is None else weights.log().to(x)
    norm = x.shape[1] / 2 * log(2 * pi * std**2)
    blocks = x.split(max(1, BLOCK // len(centers)))
    logs = [torch.logsumexp(-(b[:, None] - centers).square().sum(-1) / (2 * std**2) + likely, 1) for b in blocks]
    return torch.cat(logs) - norm


def mixture_draw(
    n: int,
    centers: Float[Tensor, "K d"],
    std: float,
    generator: Generator | None,
    device: Device = None,
    weights: Float[Tensor, " K"] | None = None,
) -> Float[Tensor, "n d"]:
    """Draw a centre at random, of equal weights if these are absent, and Gaussian noise around it."""
    if weights is None:
        chosen = torch.randint(len(centers), (n,), generator=generator, device=device)
    else:
        chosen = torch.multinomial(weights.to(device or "cpu"), n, replacement=True, generator=generator)
    return centers.to(chosen.device)[chosen].float() + std * torch.randn(
        n, centers.shape[1], generator=generator, device=device
    )
