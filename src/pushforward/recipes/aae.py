"""An autoencoder whose noisy codes a critic makes look like the prior: adversarial autoencoder."""

from pushforward.critics import Adversarial
from pushforward.discrepancies import JensenShannon
from pushforward.games import Autoencoding
from pushforward.likelihoods import SquaredError
from pushforward.networks import MLP, Network, Suited
from pushforward.posteriors import DiagonalGaussian
from pushforward.recipes.autoencoders import latent
from pushforward.recipes.base import recipe
from pushforward.samplers import Noise, Normal
from pushforward.spaces import Space, Vector
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe(paper={"network": MLP((1000, 1000)), "critic_network": MLP((1000, 1000)), "noise": Normal(8, 5.0),
               "penalty": 1.0, "conditional": False, "tune": Adam(5e-4, (0.5, 0.999))})  # fmt: skip
def aae(
    space: Space,
    network: Network = Suited(),
    critic_network: Network = MLP((512, 512, 512)),
    noise: Noise = Normal(8),
    penalty: float = 0.1,
    conditional: bool = True,
    critic_steps: int = 1,
    tune: Optimizer = Adam(1e-3, (0.5, 0.999), decay=Cosine(0.01)),
    critic_tune: Optimizer | None = Adam(5e-4, (0.5, 0.999)),
    batch_size: int = 100,
) -> Autoencoding:
    """min_{e,d} E ‖x − d(z)‖²/dim + λ·JS(π, law of z), z = m(x) + s(x)⊙ε: the game of `wae-gan`, codes with noise.

        repeat: `critic_steps` times  f ascends     −mean sp(−f(c)) − mean sp(f(z)),  c ~ π,  sp(v) = log(1 + eᵛ)
                then                  e, d descend  mean (x − d(z))² + λ·mean sp(−f(z)),  z = m + s⊙ε,  ε ~ N(0, I)

    The decoder never sees the critic. With codes without noise it is `wae-gan` itself, with the same cost.

    Args:
        space: of the data.
        network: of encoder and decoder.
        critic_network: of the critic, on codes.
        noise: law of the codes (π), of their size.
        penalty: weight of the divergence of codes (λ).
        conditional: whether the decoder takes the labels of labelled data.
        critic_steps: critic steps in a turn.
        tune: the optimiser of encoder and decoder.
        critic_tune: the critic's; that of encoder and decoder if absent.
        batch_size: points of data, and draws of the prior, in a step.
    Source: Makhzani et al. (2015), arXiv:1511.05644, with 8 coordinates as for its MNIST.
    Differs: reconstruction and critic in one step of the encoder, where they take turns; Adam for momentum descent;
        the squared error a coordinate, beside which the weight of 1 of two hidden layers of 1000 leaves codes that say
        little of a point; networks by the kind of data.
    """
    q = DiagonalGaussian(noise.dim)
    sampler = latent(space, network, q, noise, SquaredError(), conditional)
    D = Adversarial(JensenShannon(), critic_network.critic(Vector(noise.dim), 1), critic_steps=critic_steps)
    return Autoencoding(space, sampler, D, penalty, tune=tune, critic_tune=critic_tune, batch_size=batch_size)
