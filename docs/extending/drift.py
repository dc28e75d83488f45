"""A constraint that keeps a critic's outputs near zero, and a recipe whose critic has it beside another."""

from dataclasses import dataclass

from torch import Tensor

from pushforward.critics import Adversarial, Constraint, GradientPenalty, View
from pushforward.discrepancies import MeanDifference
from pushforward.errors import Refused
from pushforward.games import Matching
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe, without_batch_norm
from pushforward.recipes.labels import seen_space
from pushforward.samplers import Noise, Normal, Pushforward
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer


@dataclass(frozen=True)
class Drift(Constraint):
    """weight·E f(x)², taken off what the critic raises.

    A difference of means says nothing about the level of f, which may wander off; this fixes
    it, and changes little else while the weight is small.

    Args:
        weight: at least 0.
    Source: Karras et al. (2018), appendix A.1, arXiv:1710.10196.
    """

    weight: float = 1e-3

    def __post_init__(self) -> None:
        if not self.weight >= 0:
            raise Refused(f"weight of Drift must be at least 0, got {self.weight}.")

    def tax(self, v: View) -> Tensor:
        return self.weight * v.own_fx.square().mean()


@recipe
def wgan_drift(
    space: Space,
    network: Network = Suited(),
    conditional: bool = True,
    noise: Noise = Normal(128),
    penalty: float = 10.0,
    drift: Constraint = Drift(),
    critic_steps: int = 5,
    tune: Optimizer = Adam(1e-3, (0.0, 0.99)),
    batch_size: int = 64,
) -> Matching:
    """min_g max_f E f(x) − E f(g(z)) − λ·E(‖∇f(h)‖ − 1)² − w·E f(x)², h between x and g(z).

        repeat: `critic_steps` times  f ascends   the value above
                then                  g descends  −mean f(g(z))

    Args:
        space: of the data.
        network: of the generator and, without batch norm, of the critic.
        conditional: whether both take the labels of labelled data, unless the network can take none.
        noise: law that is pushed forward.
        penalty: weight of the gradient penalty (λ).
        drift: what keeps the level of f (w is its weight).
        critic_steps: critic steps in a turn.
        tune: both players' optimiser.
        batch_size: points of data, and samples, in a step.
    Source: Karras et al. (2018), appendix A.1, arXiv:1710.10196, without growing.
    """
    seen = seen_space(space, conditional, network)
    f = without_batch_norm(network, space).critic(seen, 1)
    D = Adversarial(MeanDifference(), f, GradientPenalty(penalty), drift, critic_steps=critic_steps)
    return Matching(space, Pushforward.of(network, noise, seen), D, tune, batch_size=batch_size)
