"""An autoencoder whose codes a critic makes look like noise, which then decodes to samples: Wasserstein autoencoder."""

from pushforward.critics import Adversarial, Constraint
from pushforward.discrepancies import Discrepancy, JensenShannon
from pushforward.games import Autoencoding
from pushforward.likelihoods import SquaredError
from pushforward.networks import MLP, KnownPrior, Network, Suited
from pushforward.posteriors import Deterministic
from pushforward.recipes.autoencoders import latent
from pushforward.recipes.base import recipe
from pushforward.samplers import Noise, Normal
from pushforward.spaces import Space, Vector
from pushforward.tuning import Adam, Optimizer


@recipe(paper={"network": Suited(64)})
def wae_gan(
    space: Space,
    network: Network = Suited(),
    critic_network: Network = MLP((512, 512, 512, 512)),
    noise: Noise = Normal(8),
    conditional: bool = False,
    penalty: float = 1.0,
    discrepancy: Discrepancy = JensenShannon(),
    constraint: Constraint | None = None,
    known_prior: bool = False,
    critic_steps: int = 1,
    tune: Optimizer = Adam(1e-3, (0.5, 0.999)),
    critic_tune: Optimizer | None = Adam(5e-4, (0.5, 0.999)),
    batch_size: int = 100,
) -> Autoencoding:
    """min_{e,d} E ‖x − d(e(x))‖²/dim + λ·JS(π, e#P), the divergence raised by a critic; a sample is d(c), c ~ π.

        repeat: `critic_steps` times  f ascends     −mean sp(−f(c)) − mean sp(f(e(x))),  c ~ π,  sp(v) = log(1 + eᵛ)
                then                  e, d descend  mean (x − d(e(x)))² + λ·mean sp(−f(e(x)))

    Args:
        space: of the data.
        network: of encoder and decoder.
        critic_network: of the critic, on codes.
        noise: law of the codes (π), of their size; it should not exceed what the data vary in.
        conditional: whether the decoder takes the labels of labelled data; codes keep what they say of the class, since
            their law is drawn to the prior over all classes together.
        penalty: weight of the divergence of codes (λ).
        discrepancy: behind the critic; `MeanDifference` with the constraint `GradientPenalty` is the Wasserstein
            distance, as of WGAN-GP. For one without a critic see `wae-mmd`.
        constraint: on the critic; none if absent.
        known_prior: the critic is a network plus log π, so that it need only learn the codes' half of the ratio.
        critic_steps: critic steps in a turn.
        tune: the optimiser of encoder and decoder.
        critic_tune: the critic's; that of encoder and decoder if absent.
        batch_size: points of data, and draws of the prior, in a step.
    Source: Tolstikhin et al. (2018), arXiv:1711.01558, Algorithm 1, with the code's numbers for MNIST; with its squared
        cost that of Makhzani et al. (2015), the adversarial autoencoder.
    Differs: the mean square of a coordinate in place of 0.05·‖x − d(e(x))‖², so that λ means the same in any dimension:
        the code's 10 for 784 pixels in [0, 1] is 1.02 for pixels in [−1, 1]. The critic steps before the autoencoder,
        on data of its own; no first steps match the moments of codes to the prior's; rates are constant; networks by
        the kind of data.
    """
    sampler = latent(space, network, Deterministic(noise.dim), noise, SquaredError(), conditional)
    f = critic_network.critic(Vector(noise.dim), 1)
    f = KnownPrior(f, noise) if known_prior else f
    constraints = () if constraint is None else (constraint,)
    D = Adversarial(discrepancy, f, *constraints, critic_steps=critic_steps)
    return Autoencoding(space, sampler, D, penalty, tune=tune, critic_tune=critic_tune, batch_size=batch_size)
