"""The gradient penalty on the witness of any discrepancy."""

from dataclasses import dataclass

from torch import Tensor, nn

from pushforward.critics.base import Constraint, View
from pushforward.critics.slopes import partners, refuse_batch_norm, slopes_at, uniform
from pushforward.errors import Refused
from pushforward.kernels.pairwise import root


@dataclass(frozen=True)
class GradientPenalty(Constraint):
    """weight·E(‖∇w(h)‖ − target)², w the witness, h = u·x + (1 − u)·y with one u ~ U(0, 1) a pair.

    It keeps the witness's slope near the target between data and samples, and nowhere else; one-sided, at most near it:
    a witness that must turn, as the best one does where the laws overlap, is then not taxed for it. One penalty for
    WGAN-GP (the critic), MMD-GAN-GP (the kernel's witness, not normalised, whose references carry gradients to f) and
    Cramér GAN. For the linear kernel the witness is the critic times the difference of means. Norms run over all
    coordinates; batches of different sizes are paired at random.

    Args:
        weight: λ, at least 0; 10 for WGAN-GP and Cramér GAN, 1 for MMD-GAN.
        target: slope that is not taxed.
        one_sided: whether smaller slopes are not taxed either, (‖∇w‖ − target)₊² in place of the square.
    Source: Gulrajani et al. (2017), equation 3; Bińkowski et al. (2018), section 4, for the witness; Petzka, Fischer,
        Lukovnikov (2018), equation 8, arXiv:1709.08894, for one side.
    """

    weight: float = 10.0
    target: float = 1.0
    one_sided: bool = False

    def __post_init__(self) -> None:
        check_weight(self.weight, "GradientPenalty")

    def attach(self, f: nn.Module) -> None:
        refuse_batch_norm(f, "GradientPenalty")

    def tax(self, v: View) -> Tensor:
        x, y = partners(v.x, v.y)
        u = uniform(x.x, *[1] * (x.x.dim() - 1))
        excess = root(slopes_at(v, x._replace(x=y.x + u * (x.x - y.x))).square().sum(1)) - self.target
        return self.weight * (excess.relu() if self.one_sided else excess).square().mean()


def check_weight(weight: float, owner: str) -> None:
    """Refuse a negative weight, which would be a reward."""
    if not weight >= 0:
        raise Refused(f"weight of {owner} must be at least 0, got {weight}.")
