"""The third player of an autoencoder: a critic of points, in whose features reconstructions are measured."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import softplus

from pushforward.critics import Adversarial, View
from pushforward.critics.base import has_weights
from pushforward.errors import Refused


@dataclass(frozen=True)
class Gate:
    """A rule that lets critic and decoder step only while neither is far ahead, by the mean cost of each batch in nats.

    The critic pays mean sp(−f(x)) at data and mean sp(f(y)) at samples. It waits where either is below equilibrium −
    margin, the decoder where either is above equilibrium + margin; where both would, both step.

    Args:
        equilibrium: cost of a critic that tells nothing, about log 2.
        margin: at least 0; a large one never lets anyone wait.
    Source: Larsen et al. (2016), released code.
    """

    equilibrium: float = 0.68
    margin: float = 0.35

    def __post_init__(self) -> None:
        if not self.margin >= 0:
            raise Refused(f"margin of Gate must be at least 0, got {self.margin}.")

    def open(self, fx: Float[Tensor, "n 1"], fy: Float[Tensor, "m 1"]) -> tuple[bool, bool]:
        """Return whether the critic steps, and whether the decoder does.

        Args:
            fx: logits of data.
            fy: logits of samples.
        Example:
            >>> import torch
            >>> sure, unsure = torch.full((4, 1), 9.0), torch.zeros(4, 1)
            >>> Gate().open(sure, -sure), Gate().open(-sure, sure), Gate().open(unsure, unsure)
            ((False, True), (True, False), (True, True))
        """
        costs = softplus(-fx).mean().item(), softplus(fy).mean().item()
        critic = min(costs) >= self.equilibrium - self.margin
        decoder = max(costs) <= self.equilibrium + self.margin
        return (critic, decoder) if critic or decoder else (True, True)


@dataclass(frozen=True)
class FeatureCost:
    """½‖f_l(x) − f_l(y)‖² summed over a layer's outputs: −log of a normal law of features, but for a constant, in nats.

    Args:
        layer: l, of the critic's layers with weights, counted from 1; not its last.
        weight: γ, of this cost beside the critic's opinion where the decoder learns; positive.
        gate: who waits; None for nobody.

    Raises:
        Refused: for a weight that is not positive.
    Source: Larsen et al. (2016), arXiv 1512.09300, equations 6 and 8.
    """

    layer: int = 2
    weight: float = 1e-3
    gate: Gate | None = Gate()

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise Refused(f"weight of FeatureCost must be positive, got {self.weight}.")

    def suits(self, D: object) -> None:
        """Refuse what has no such layer.

        Raises:
            Refused: for a discrepancy without a critic, or a layer that is none or the last.
        """
        if not isinstance(D, Adversarial):
            raise Refused("FeatureCost measures reconstructions in a critic's features; give a discrepancy with one.")
        if not 1 <= self.layer < (count := sum(map(has_weights, D.f.modules()))):
            raise Refused(f"layer of FeatureCost must be from 1 to {count - 1}, which lie before the critic's last, "
                          f"got {self.layer}.")  # fmt: skip

    def between(self, v: View, rebuilt: int) -> Float[Tensor, ""]:
        """Return the mean cost of reconstructions.

        Args:
            v: of the data, and of so many reconstructions before anything else; with `layers`.
            rebuilt: number of them.
        """
        outputs = v.activations
        x, y = outputs[self.layer - 1], outputs[len(outputs) // 2 + self.layer - 1][:rebuilt]
        return (x - y).square().flatten(1).sum(1).mean() / 2

    def steps(self, v: View) -> tuple[bool, bool]:
        """Return whether the critic steps, and whether the decoder does."""
        return (True, True) if self.gate is None else self.gate.open(v.fx, v.fy)
