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


def mixture_log_prob(x: Float[Tensor, "n d"], centers: Float[Tensor, "K d"], std: float) -> Float[Tensor, " n"]:
    """Return log (1/K) Σ_k N(x; c_k, std² I), a block of points at a time."""
    x, centers = x.double(), centers.double().to(x.device)
    norm = log(len(centers)) + x.shape[1] / 2 * log(2 * pi * std**2)
    blocks = x.split(max(1, BLOCK // len(centers)))
    logs = [torch.logsumexp(-(b[:, None] - centers).square().sum(-1) / (2 * std**2), 1) for b in blocks]
    return torch.cat(logs) - norm


def mixture_draw(
    n: int, centers: Float[Tensor, "K d"], std: float, generator: Generator | None, device: Device = None
) -> Float[Tensor, "n d"]:
    """Draw a centre at random, and Gaussian noise around it."""
    chosen = torch.randint(len(centers), (n,), generator=generator, device=device)
    return centers.to(chosen.device)[chosen].float() + std * torch.randn(
        n, centers.shape[1], generator=generator, device=device
    )
