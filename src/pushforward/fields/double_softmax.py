"""The drifting field: affinities by a softmax over data and samples together, both ways."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.fields.base import Field, relative_distances
from pushforward.kernels.bandwidth import as_numbers, positive


@dataclass(frozen=True)
class DoubleSoftmax(Field):
    """V(y_i) = S⁺_i·S⁻_i·(b⁺_i − b⁻_i), b^± the means of data and of samples under affinities A, S^± the sums of A.

    A_ij = √(softmax over j · softmax over i) of −‖y_i − c_j‖/τ, c all data and samples together, τ a share of the mean
    distance: so a sample feels how much mass each side has near it, which it would not with a softmax of either side
    alone. Swapping data and samples turns V round. One slice a temperature.

    Args:
        temperatures: τ in mean distances, above 0; several make one slice each.
        floor: least affinity, in [0, 1): 0 in the paper; 0.001 in the released code, where
            everything attracts a little.
    Source: Deng, Li, Li, Du, He (2026), arXiv:2602.04770, Algorithm A1; the factorised form is ours.
    Differs: the mean distance is taken over data and samples, in all coordinates together.
    Example:
        >>> import torch
        >>> y, x = torch.zeros(1, 1), torch.ones(1, 1)
        >>> round(DoubleSoftmax(1.0)(y, x, other=-x).item(), 6)  # A = √½ on both sides: √½·√½·(1 − (−1))
        1.0
    """

    temperatures: float | tuple[float, ...] = (0.02, 0.05, 0.2)
    floor: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "temperatures", positive(self.temperatures, "temperatures", "DoubleSoftmax"))
        if not 0 <= self.floor < 1:
            raise Refused(f"floor of DoubleSoftmax must lie in [0, 1), got {self.floor}; 0 is the paper's.")

    def at(
        self, y: Float[Tensor, "m d"], x: Float[Tensor, "n d"], other: Float[Tensor, "l d"] | None
    ) -> Float[Tensor, "c m d"]:
        r, samples = relative_distances(y, x, other), y if other is None else other
        temperatures = r.new_tensor(as_numbers(self.temperatures, "DoubleSoftmax")).view(-1, 1, 1)
        to_data, to_samples = self._affinities(r / -temperatures).split([len(x), len(samples)], 2)
        towards = to_samples.sum(2, keepdim=True) * (to_data @ x)
        return towards - to_data.sum(2, keepdim=True) * (to_samples @ samples)

    def _affinities(self, logits: Float[Tensor, "c m k"]) -> Float[Tensor, "c m k"]:
        """√(softmax over j · softmax over i), mostly in place: new memory takes longer than the exponentials."""
        affinities = logits.softmax(2).mul_(logits.softmax(1)).sqrt_()
        return affinities.clamp_min_(self.floor) if self.floor else affinities
