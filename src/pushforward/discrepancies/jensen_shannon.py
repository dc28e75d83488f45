"""The Jensen–Shannon divergence from a critic that gives logits, as in the original GAN."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import softplus

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.mean_difference import only_column


@dataclass(frozen=True)
class JensenShannon(Discrepancy):
    """D = −E softplus(−x) − E softplus(y), x and y the logits of data and samples.

    At the best critic, log p/q, it is 2·JS(P, Q) − log 4. What a sampler lowers differs from the value: −E softplus(y)
    has no gradient where the critic is sure of a sample, so by default it lowers E softplus(−y).

    Args:
        saturating: lower the value itself, as in the minimax game.
    Source: Goodfellow et al. (2014), equation 1 and section 3, arXiv 1406.2661.
    Example:
        >>> import torch
        >>> JensenShannon()(torch.zeros(1, 1), torch.zeros(1, 1)).item()  # -log 4
        -1.3862943649291992
    """

    saturating: bool = False
    one_sided = True

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        x, y = only_column(x, "JensenShannon"), only_column(y, "JensenShannon")
        return -softplus(-x).mean() - softplus(y).mean()

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        y = only_column(y, "JensenShannon")
        return -softplus(y).mean() if self.saturating else softplus(-y).mean()

    def log_ratio(self, h: Float[Tensor, "l d"]) -> Float[Tensor, " l"]:
        """Return the logit, the single output of the critic."""
        return only_column(h, "JensenShannon")

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """Return the logit, the single output of the critic."""
        return only_column(h, "JensenShannon")
