"""The two losses of Cramér GAN: an energy distance for the sampler, and a surrogate for its critic."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.energy import Energy
from pushforward.discrepancies.estimators import need_two_rows
from pushforward.errors import Refused
from pushforward.kernels.pairwise import distance, matched, root


@dataclass(frozen=True)
class Cramer(Discrepancy):
    """D = 2·E‖x − y‖ − E‖x − x′‖ − E‖y − y′‖; its critic may raise E f(x) − E f(y), f(t) = E‖t − y′‖ − ‖t‖, instead.

    The surrogate puts the origin in the place of a second datum, so that it serves where each condition has one datum
    only. It can vanish for P ≠ Q: for point masses at 0 (samples) and t.

    Args:
        surrogate_critic: whether a critic raises the surrogate, and not the distance that the sampler lowers.
        paired: take for y′ the row of y before, one extra sample a pair, and leave out E‖x − x′‖, which no sampler
            moves; else take all pairs of different rows.
    Source: Bellemare et al. (2017), Algorithm 1, arXiv 1705.10743.
    Differs: the extra sample y′ of a pair is another row of the same batch, where the authors draw a second batch.
    Example:
        >>> import torch
        >>> x, y = torch.full((2, 1), 3.0), torch.zeros(2, 1)
        >>> Cramer()(x, y).item(), Cramer(surrogate_critic=True)(x, y).item()  # 2t for points t apart, and t - t
        (6.0, 0.0)
    """

    surrogate_critic: bool = False
    paired: bool = False

    @property
    def degree(self) -> int:  # type: ignore[override]
        return 1 if self.surrogate_critic else 2

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        x, y = matched(x, y)
        if not self.surrogate_critic:
            return self.surrogate(x, y)
        need_two_rows(len(x), len(y), "Cramer")
        _equal(x, y, self.paired)
        other = y.roll(1, 0)
        across = _length(x - other).mean() if self.paired else distance(x, y).mean()
        within = _length(y - other).mean() if self.paired else distance(y, y).sum() / (len(y) * (len(y) - 1))
        return across - _length(x).mean() - within + _length(y).mean()

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        if not self.paired:
            return Energy()(x, y)
        x, y = matched(x, y)
        _equal(x, y, self.paired)
        other = y.roll(1, 0)
        return (_length(x - y) + _length(x - other) - _length(y - other)).mean()

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """f(h), y′ all rows of y; for the distance itself mean_j ‖h − y_j‖ − mean_i ‖h − x_i‖."""
        if not self.surrogate_critic:
            return Energy().witness(h, x, y)
        h, y = matched(h, y)
        return distance(h, y).mean(1) - _length(h)


def _length(t: Tensor) -> Tensor:
    return root(t.square().sum(-1))


def _equal(x: Tensor, y: Tensor, paired: bool) -> None:
    if paired and (len(x) != len(y) or len(x) < 2):
        raise Refused(
            f"a paired Cramer needs as many rows of x as of y, at least 2, got {len(x)} and {len(y)}; "
            "take paired=False."
        )
