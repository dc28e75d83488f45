"""The f-divergences by their variational bound: one class for all rows of the table."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.divergence import Divergence
from pushforward.discrepancies.f_table import GAN
from pushforward.discrepancies.mean_difference import only_column


@dataclass(frozen=True)
class FDivergence(Discrepancy):
    """D = E g(x) − E f*(g(y)), x and y the single output of a critic: a lower bound of D_f(P‖Q) = E_q f(p/q).

    Tight at the best critic, off which log p/q is read. The sampler lowers −E f*(g(y)), whose gradient vanishes for
    some rows where the critic is sure of a sample; the alternate loss −E g(y) does not. For the row `GAN` that is the
    non-saturating loss.

    Args:
        divergence: the row of the table.
        alternate: whether a sampler lowers −E g(y).
    Source: Nowozin, Cseke, Tomioka (2016), equations 4 and 8, section 3.2, arXiv 1606.00709.
    Differs: every activation increases, where the paper's for reverse KL, Neyman and Hellinger fall in some versions.
    Example:
        >>> import torch
        >>> FDivergence()(torch.zeros(1, 1), torch.zeros(1, 1)).item()  # -log 4
        -1.3862943649291992
    """

    divergence: Divergence = GAN()
    alternate: bool = False
    one_sided = True

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        x, y = only_column(x, "FDivergence"), only_column(y, "FDivergence")
        return self.divergence.activation(x).mean() - self.divergence.conjugate(y).mean()

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        y = only_column(y, "FDivergence")
        return -(self.divergence.activation(y) if self.alternate else self.divergence.conjugate(y)).mean()

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """Return the critic's output, which increases with p/q in every row of the table."""
        return only_column(h, "FDivergence")

    def log_ratio(self, h: Float[Tensor, "l d"]) -> Float[Tensor, " l"] | None:
        """log p/q, read off a critic's outputs; None if the row has none."""
        return self.divergence.log_ratio(only_column(h, "FDivergence"))
