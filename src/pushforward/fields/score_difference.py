"""The difference of smoothed scores, by which samples follow the gradient of a Kullback–Leibler divergence."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.fields.base import Field, relative_distances
from pushforward.kernels.bandwidth import as_numbers, positive


@dataclass(frozen=True)
class ScoreDifference(Field):
    """V(y_i) = b⁺_i − b⁻_i = σ²·∇log p_σ(y_i) − σ²·∇log q_σ(y_i), p_σ and q_σ data and samples smoothed by N(0, σ²I).

    b^± are the means of data and samples with weights exp(−‖y_i − ·‖²/2σ²), each side normalised by its own sum: the
    field of the reverse divergence KL(q_σ ‖ p_σ). It does not see how much mass the other modes hold: with a small σ,
    samples that begin in one mode stay there.

    Args:
        bandwidths: σ in mean distances, above 0; several make one slice each.
    Source: Cao, Wei, Liu (2026), arXiv:2603.10592; Comaniciu and Meer (2002), for the mean shift.
    Example:
        >>> y = torch.zeros(1, 1)
        >>> ScoreDifference(0.5)(y, torch.ones(1, 1), other=torch.full((1, 1), -2.0)).item()
        3.0
    """

    bandwidths: float | tuple[float, ...] = 0.25

    def __post_init__(self) -> None:
        object.__setattr__(self, "bandwidths", positive(self.bandwidths, "bandwidths", "ScoreDifference"))

    def at(
        self, y: Float[Tensor, "m d"], x: Float[Tensor, "n d"], other: Float[Tensor, "l d"] | None
    ) -> Float[Tensor, "c m d"]:
        r, samples = relative_distances(y, x, other), y if other is None else other
        data, others = (r.square() / -2).split([len(x), len(samples)], 1)
        squares = (bandwidth**2 for bandwidth in as_numbers(self.bandwidths, "ScoreDifference"))
        return torch.stack([(data / s).softmax(1) @ x - (others / s).softmax(1) @ samples for s in squares])
