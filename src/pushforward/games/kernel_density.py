"""The fitting of kernel density estimates: all rows are kept, and a bandwidth is chosen by a rule."""

from torch import Tensor

from pushforward.errors import Refused
from pushforward.games.base import TrainingRows, Turn
from pushforward.games.whole import Whole
from pushforward.samplers import LEAST_LOG, KernelDensity, Rule, bandwidth_by
from pushforward.spaces import Image, Space

LOOKED_AT = 1000
"""Rows whose left-out likelihood the log holds; of all it would take n² distances, and it chooses nothing."""


class KernelDensityFit(Whole):
    """max_h Σ_i log q_{−i}(x_i), q_{−i} the estimate from all rows but x_i; or h by a rule of the normal law.

        once: x_i ← training rows, steps between their values filled by noise;  h ← `bandwidth_by` of the rule

    Args:
        space: of the points.
        sampler: the estimate.
        bandwidth: a rule, or the number itself for all coordinates, in encoded units.
        batch_size: as of `Whole`.
    Source: as of `bandwidth_by`.
    """

    sampler: KernelDensity

    def __init__(
        self, space: Space, sampler: KernelDensity, bandwidth: Rule | float = "silverman", batch_size: int = 1000
    ):
        super().__init__(space, sampler, batch_size)
        if not isinstance(bandwidth, str) and not bandwidth > 0:
            raise Refused(f"bandwidth of KernelDensityFit must be a rule or a positive number, got {bandwidth}.")
        self.rule = bandwidth

    def prepare(self, data: TrainingRows) -> None:
        """Take all training rows into memory, and make room for them in the sampler.

        Raises:
            Refused: for fewer than two rows, of which there is no spread.
        """
        super().prepare(data)
        if len(data) < 2:
            raise Refused(f"kde needs two training rows or more, got {len(data)}.")
        self.sampler.reserve(len(data))

    def sweep(self, x: Tensor, turn: Turn) -> bool:
        """Keep all rows with their bandwidth, and return that it was the last sweep."""
        x = x.double()
        self.sampler.put(x, bandwidth_by(self.rule, x, self.sampler.window, alike=isinstance(self.space, Image)))
        some = self.sampler.log_prob_of_others(most=LOOKED_AT)
        turn.note("sampler", -some.clamp(min=LEAST_LOG).mean() / self.space.dim)
        return True
