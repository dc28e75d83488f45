"""An autoencoder whose noisy codes a critic makes look like the prior, fully connected: adversarial autoencoder."""

from pushforward.critics import Adversarial
from pushforward.discrepancies import JensenShannon
from pushforward.games import Autoencoding
from pushforward.likelihoods import SquaredError
from pushforward.networks import MLP, Network
from pushforward.posteriors import DiagonalGaussian
from pushforward.recipes.autoencoders import latent
from pushforward.recipes.base import recipe
from pushforward.samplers import Noise, Normal
from pushforward.spaces import Space, Vector
from pushforward.tuning import Adam, Optimizer


@recipe(paper={"noise": Normal(8, 5.0), "conditional": False})
def aae(
    space: Space,
    network: Network = MLP((1000, 1000)),
    critic_network: Network = MLP((1000, 1000)),
    noise: Noise = Normal(8),
    penalty: float = 1.0,
    conditional: bool = True,
    critic_steps: int = 1,
    tune: Optimizer = Adam(5e-4, (0.5, 0.999)),
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
    Source: Makhzani et al. (2015), arXiv:1511.05644, with 8 coordinates and two hidden layers of 1000 as for its MNIST.
    Differs: reconstruction and critic in one step of the encoder, where they take turns; Adam for momentum descent;
        the squared error a coordinate.
    """
    q = DiagonalGaussian(noise.dim)
    sampler = latent(space, network, q, noise, SquaredError(), conditional)
    D = Adversarial(JensenShannon(), critic_network.critic(Vector(noise.dim), 1), critic_steps=critic_steps)
    return Autoencoding(space, sampler, D, penalty, tune=tune, critic_tune=critic_tune, batch_size=batch_size)
