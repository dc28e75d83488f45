"""The critic of codes that knows the prior, so that it need only learn the other half of the ratio."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.distributions import Distribution
from pushforward.errors import Refused


class KnownPrior(nn.Module):
    """f(z) = n(z) + log π(z) − log π(0): of log π(z)/q(z) the network n learns −log q but for a constant.

    One number a code, each beside its own: in the code that has the trick, (n, 1) and (n,) became n × n.

    Args:
        network: n, from codes to one number.
        prior: π, with a density everywhere.

    Raises:
        Refused: for another.
    Source: Mescheder, Nowozin, Geiger (2017), arXiv 1701.04722; Tolstikhin et al. (2018), released code.
    """

    def __init__(self, network: nn.Module, prior: Distribution):
        super().__init__()
        if not prior.everywhere:
            raise Refused(f"a critic that knows the prior needs its density at every code, and {type(prior).__name__} "
                          "has none outside of its points; leave --known_prior out.")  # fmt: skip
        self.network, self.prior = network, prior
        self.at_zero = float(prior.log_prob(torch.zeros(1, prior.dim)))

    def forward(self, z: Float[Tensor, "n k"]) -> Float[Tensor, "n 1"]:
        return self.network(z) + (self.prior.log_prob(z) - self.at_zero)[:, None]
