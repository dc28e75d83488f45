"""The log-density of points by a sampler, in nats and in the unit of the data."""

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.data import Codec
from pushforward.errors import Refused
from pushforward.samplers import Bounded, Density, Sampler, dequantised
from pushforward.spaces import Batch
from pushforward.training import rng_preserved, subseed


def log_density(
    sampler: Sampler, codec: Codec, x: Batch, seed: int, draws: int | None, whose: str
) -> Float[Tensor, " n"]:
    """Return the log-density of encoded points, or a bound; of points of two values a probability's logarithm.

    Args:
        sampler: in evaluation mode.
        codec: of the data.
        x: points.
        seed: of noise that fills steps between values, and of codes that a bound is averaged over.
        draws: K of such a bound; the sampler's own for None.
        whose: the run and its recipe, in sentences.

    Raises:
        Refused: if the sampler has no density, or no bound that is averaged.
    """
    if not isinstance(sampler, Density):
        raise Refused(f"{whose}, has no density: its sampler cannot say how likely a point is; fit one that can, "
                      "such as gmm or vae.")  # fmt: skip
    if draws is not None and not (isinstance(sampler, Bounded) and draws >= 1):
        raise Refused(f"draws must be at least 1, and are for bounds that are averaged over codes, got {draws} for "
                      f"{whose}.")  # fmt: skip
    own = torch.Generator().manual_seed(subseed(seed, "dequantisation"))
    grain = torch.tensor(codec.grain) if sampler.grain is None else sampler.grain.cpu()
    filled = Batch(dequantised(x.x, grain, own), x.label)
    with torch.no_grad(), rng_preserved():
        torch.manual_seed(subseed(seed, "codes"))
        at_will = draws is not None and isinstance(sampler, Bounded)
        nats = sampler.bound(filled, draws) if at_will else sampler.log_prob(filled)  # type: ignore[operator]
    return nats.double().cpu() if sampler.discrete else nats.double().cpu() + codec.log_det(x)
