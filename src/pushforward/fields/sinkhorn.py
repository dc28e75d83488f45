"""The field of entropic optimal transport, by which samples follow the gradient of a Sinkhorn divergence."""

from dataclasses import dataclass
from math import log

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.fields.base import Field, relative_distances
from pushforward.kernels.bandwidth import as_numbers, positive


@dataclass(frozen=True)
class Sinkhorn(Field):
    """V(y_i) = m·Σ_j π_ij x_j − m·Σ_j π′_ij y′_j, π and π′ the entropic transport plans from y to x and from y to y′.

    The cost is ‖y_i − c_j‖²/2 and the entropy's weight τ², τ a share of the mean distance. With y′ = y and plans that
    have converged V = −m·∂S/∂y_i, S the Sinkhorn divergence; a sample then counts among those that repel it, as the
    divergence has it, which in small batches draws samples together: on digits classes came out narrow. One slice a
    temperature.

    Args:
        temperatures: τ in mean distances, above 0; several make one slice each.
        iterations: of both scalings, at least 1; the plan's rows are exact, its columns come near.
    Source: He et al. (2026), arXiv:2603.12366; Feydy et al. (2019), arXiv:1810.08278, for the divergence.
    Example:
        >>> y, x = torch.tensor([[0.0], [9.0]]), torch.tensor([[1.0], [10.0]])
        >>> Sinkhorn(0.05)(y, x).flatten()
        tensor([1., 1.])
    """

    temperatures: float | tuple[float, ...] = 0.15
    iterations: int = 10

    def __post_init__(self) -> None:
        object.__setattr__(self, "temperatures", positive(self.temperatures, "temperatures", "Sinkhorn"))
        if self.iterations < 1:
            raise Refused(f"iterations of Sinkhorn must be at least 1, got {self.iterations}; 10 is usual.")

    def at(
        self, y: Float[Tensor, "m d"], x: Float[Tensor, "n d"], other: Float[Tensor, "l d"] | None
    ) -> Float[Tensor, "c m d"]:
        r, samples = relative_distances(y, x, other, apart=False), y if other is None else other
        data, others = (r.square() / -2).split([len(x), len(samples)], 1)
        squares = (temperature**2 for temperature in as_numbers(self.temperatures, "Sinkhorn"))
        return torch.stack([self._plan(data / s) @ x - self._plan(others / s) @ samples for s in squares])

    def _plan(self, logits: Float[Tensor, "m n"]) -> Float[Tensor, "m n"]:
        """m·π, whose rows sum to 1 and, after many iterations, columns to m/n."""
        rows, share = logits.new_zeros(len(logits), 1), log(len(logits) / logits.shape[1])
        for _ in range(self.iterations):
            columns = (logits + rows).logsumexp(0, keepdim=True) - share
            rows = -(logits - columns).logsumexp(1, keepdim=True)
        return (logits - columns + rows).exp()
