"""The divergence KL(Q‖P) of samples, read off a critic that tells them from data."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import softplus

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.mean_difference import only_column


@dataclass(frozen=True)
class LogRatio(Discrepancy):
    """D = −E softplus(−x) − E softplus(y), as of `JensenShannon`, where the sampler lowers −E y.

    At the best critic, y = log p/q at the samples, that is KL(Q‖P) in nats, and so is its gradient. Of a critic that is
    not the best it is an estimate to neither side.

    Source: Mescheder, Nowozin, Geiger (2017), arXiv 1701.04722, equations 3.3 and 3.8.
    Example:
        >>> import torch
        >>> LogRatio().surrogate(torch.empty(0, 1), torch.full((1, 1), -2.0)).item()
        2.0
    """

    one_sided = True

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        x, y = only_column(x, "LogRatio"), only_column(y, "LogRatio")
        return -softplus(-x).mean() - softplus(y).mean()

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        """Return −mean(y), KL(Q‖P) in nats at the best critic."""
        return -only_column(y, "LogRatio").mean()

    def log_ratio(self, h: Float[Tensor, "l d"]) -> Float[Tensor, " l"]:
        """Return the logit, the single output of the critic."""
        return only_column(h, "LogRatio")

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """Return the logit, the single output of the critic."""
        return only_column(h, "LogRatio")
