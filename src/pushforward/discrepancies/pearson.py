"""The Pearson divergence, estimated from the values of a density ratio at the samples."""

from jaxtyping import Float
from torch import Tensor


def pearson(r: Float[Tensor, " m"]) -> Float[Tensor, ""]:
    """PD = mean (r − 1)², r the values of p/q at samples of q: an estimate of E_q (p/q − 1)².

    The same as mean(r²) − 1 where the mean of r is one, which estimated ratios only approach; this form is never
    negative.

    Source: Sugiyama, Suzuki, Kanamori (2012), Density Ratio Estimation, section 7.
    Example:
        >>> import torch
        >>> pearson(torch.tensor([0.0, 2.0])).item()
        1.0
    """
    return (r - 1).square().mean()
