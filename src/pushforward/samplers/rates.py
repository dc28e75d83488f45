"""The rates of an encoder: by how many nats its codes diverge from the prior, level by level."""

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.networks import levels_of
from pushforward.samplers.latent import Latent
from pushforward.samplers.latent_flow import LatentFlow

ROWS = 1000
"""Points that are encoded at a time."""


def levels(sampler: Latent | LatentFlow) -> tuple[int, ...]:
    """Return the sizes of the levels of a code, the coarsest first.

    Args:
        sampler: with an encoder.
    """
    g = sampler.latent if isinstance(sampler, LatentFlow) else sampler
    return levels_of(g.encoder, g.prior.dim)


def rates(sampler: Latent | LatentFlow, x: Tensor) -> Float[Tensor, " l"] | None:
    """Return the mean of KL(q(·|x) ‖ π) in nats, of each level of a code; None without a closed form.

    Args:
        sampler: with an encoder.
        x: points.
    """
    posterior = (sampler.latent if isinstance(sampler, LatentFlow) else sampler).posterior
    parts = [posterior.divergence(sampler.said(some), sampler.prior) for some in x.split(ROWS)]
    known = [part for part in parts if part is not None]
    if not known:
        return None
    of_numbers, sizes = torch.cat(known).mean(0), levels(sampler)
    if len(of_numbers) != sum(sizes):  # of choices, several numbers each
        sizes = (len(of_numbers),)
    return torch.stack([level.sum() for level in of_numbers.split(sizes)])
