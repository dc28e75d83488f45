"""The penalty of DRAGAN, on slopes around the data."""

from dataclasses import dataclass

from torch import Tensor, nn

from pushforward import ranks
from pushforward.critics.base import Constraint, View
from pushforward.critics.gradient_penalty import check_weight
from pushforward.critics.slopes import refuse_batch_norm, slopes_at, uniform
from pushforward.kernels.pairwise import root


@dataclass(frozen=True)
class DRAGAN(Constraint):
    """weight·E(‖∇w(h)‖ − target)², w the witness, h = x + u·radius·std·n with u and the coordinates of n ~ U(0, 1).

    It keeps the witness's slope near the target around the data, wherever the samples are; std is that of all values.

    Args:
        weight: λ, at least 0.
        radius: largest shift of a coordinate, in standard deviations of the batch's values.
        target: slope that is not taxed.
    Source: Kodali et al. (2017), arXiv 1705.07215, released code.
    Differs: the paper's own shift is Gaussian, its code's uniform and to one side; this is the code's.
    """

    weight: float = 10.0
    radius: float = 0.5
    target: float = 1.0

    def __post_init__(self) -> None:
        check_weight(self.weight, "DRAGAN")

    def attach(self, f: nn.Module) -> None:
        refuse_batch_norm(f, "DRAGAN")

    def tax(self, v: View) -> Tensor:
        x = v.x.x.detach()
        shift = self.radius * ranks.gather(x).std() * uniform(x, *x.shape[1:])
        h = x + uniform(x, *[1] * (x.dim() - 1)) * shift
        slope = root(slopes_at(v, v.x._replace(x=h)).square().sum(1))
        return self.weight * (slope - self.target).square().mean()
