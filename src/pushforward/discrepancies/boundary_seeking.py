"""The boundary-seeking loss, by which samples go where the discriminator cannot decide."""

from dataclasses import dataclass
from math import log

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import softplus

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.jensen_shannon import JensenShannon
from pushforward.discrepancies.mean_difference import only_column
from pushforward.errors import Refused


@dataclass(frozen=True)
class BoundarySeeking(Discrepancy):
    """D is the GAN's value −E softplus(−x) − E softplus(y); a sampler lowers E (y − log Z)², log Z = log E eʸ.

    At the best logit eʸ is the importance weight p/q, so a sampler is pulled to where it is one, from both sides.
    Behind a critic log Z is a running mean with the given rate, kept as the critic's buffer; else the batch's own.

    Args:
        rate: share of the batch's log Z in the running one, in [0, 1]; 0 seeks y = 0.
        cross_entropy: whether a sampler lowers E softplus(−y) + y/2 instead, least at y = 0; log Z has no part in it.
    Source: Hjelm et al. (2018), section 2.3, arXiv 1702.08431; released code for the running log Z, rate 0.005.
    Example:
        >>> BoundarySeeking().surrogate(torch.zeros(1, 1), torch.full((3, 1), 2.0)).item()  # all on one level set
        0.0
    """

    rate: float = 0.005
    cross_entropy: bool = False
    one_sided = True
    memory = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise Refused(f"rate of BoundarySeeking must lie in [0, 1], got {self.rate}; 0.005 is usual.")

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return JensenShannon()(x, y)

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return self.recalled(_log_mean_exp(only_column(y, "BoundarySeeking")), x, y)

    def remembered(
        self, memory: Float[Tensor, ""], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]
    ) -> Float[Tensor, ""]:
        """Return the running log Z after this batch."""
        return torch.lerp(memory, _log_mean_exp(only_column(y, "BoundarySeeking")).to(memory.dtype), self.rate)

    def recalled(
        self, memory: Float[Tensor, ""], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]
    ) -> Float[Tensor, ""]:
        y = only_column(y, "BoundarySeeking")
        return (softplus(-y) + y / 2).mean() if self.cross_entropy else (y - memory).square().mean()

    def log_ratio(self, h: Float[Tensor, "l d"]) -> Float[Tensor, " l"]:
        """Return the logit, the single output of the critic."""
        return only_column(h, "BoundarySeeking")

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """Return the logit, the single output of the critic."""
        return only_column(h, "BoundarySeeking")


def _log_mean_exp(v: Tensor) -> Tensor:
    return v.logsumexp(0) - log(len(v))
