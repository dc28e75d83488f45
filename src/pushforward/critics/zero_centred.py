"""The zero-centred gradient penalties at data and samples."""

from dataclasses import dataclass

from torch import Tensor, nn

from pushforward.critics.base import Constraint, View
from pushforward.critics.gradient_penalty import check_weight
from pushforward.critics.slopes import refuse_batch_norm, slopes
from pushforward.errors import Refused


@dataclass(frozen=True)
class ZeroCentred(Constraint):
    """weight/2·E‖∇w‖², w the witness: at data (R1), at samples (R2), or at both.

    It flattens the witness where points are, so that a sampler that fits feels nothing; with it GANs converge locally.

    Args:
        weight: γ, at least 0; to be scaled with the number of coordinates.
        data: tax slopes at data.
        samples: tax slopes at samples.
    Source: Mescheder, Geiger, Nowozin (2018), equation 9; the ½ of the paper, which its released code leaves out.
    """

    weight: float = 10.0
    data: bool = True
    samples: bool = False
    slopes = True

    def __post_init__(self) -> None:
        check_weight(self.weight, "ZeroCentred")
        if not (self.data or self.samples):
            raise Refused("ZeroCentred must tax slopes at data, at samples or at both, got neither.")

    def attach(self, f: nn.Module) -> None:
        refuse_batch_norm(f, "ZeroCentred")

    def tax(self, v: View) -> Tensor:
        total = v.fx.new_zeros(())
        if self.data:
            total = total + slopes(v, v.x.x, v.own_fx).square().sum(1).mean()
        if self.samples:
            total = total + slopes(v, v.y.x, v.own_fy).square().sum(1).mean()
        return self.weight / 2 * total
