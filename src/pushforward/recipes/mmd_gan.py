"""A critic learns features in which a kernel compares, rich enough to rebuild the picture: MMD GAN of Li et al."""

from pushforward.critics import Adversarial, Autoencoder, Clipping, Reconstruction
from pushforward.discrepancies import MMD, Biased, OneSidedMean, Root
from pushforward.games import Matching
from pushforward.kernels import Gaussian, Kernel
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import Space, without_classes
from pushforward.tuning import Adam, Optimizer, RMSprop, Steps


@recipe(
    paper={
        "network": Suited(64),
        "bound": 0.01,
        "critic_steps": Steps(5, burst=100, first=25, every=500),
        "tune": RMSprop(5e-5),
    }
)
def mmd_gan(
    space: Space,
    latent_dim: int = 10,
    network: Network = Suited(),
    kernel: Kernel = Gaussian((1.0, 2.0, 4.0, 8.0, 16.0)),
    bound: float = 0.1,
    reconstruction: float = 8.0,
    one_sided: float = 16.0,
    critic_steps: int | Steps = 1,
    tune: Optimizer = Adam(1e-3, (0.0, 0.9)),
    batch_size: int = 64,
) -> Matching:
    """min_g max_f M(f(x), f(g(z))) + 16·R(f(x), f(g(z))) − 8·(E‖x − d(f(x))‖² + E‖y − d(f(y))‖²)/dim.

    M is the root of the biased MMD²; R = −mean_j relu(−(mean f(x) − mean f(y))_j) asks for codes whose means are
    larger on data. The encoder f and its decoder d are one critic.

        repeat: `critic_steps` times  clip f to [−bound, bound];  f, d ascend  M + 16·R − 8·(A_x + A_y)
                then                  g descends  M + 16·R

    Args:
        space: of the data.
        latent_dim: size of the noise and of the codes (10 for MNIST, 128 for CIFAR-10, 64 for CelebA).
        network: of the generator, the encoder and the decoder.
        kernel: on the codes.
        bound: of the encoder's weights.
        reconstruction: weight of both mean squares (λ_x = λ_y).
        one_sided: weight of R (λ_rg).
        critic_steps: critic steps in a turn; the paper's are 100 in the first 25 turns and at every 500th, else 5.
        tune: both players' optimiser.
        batch_size: points of data, and samples, in a step.
    Source: Li et al. (2017), Algorithm 1 and released code.
    Differs: the mean of squares runs over coordinates, as in the released code; noise N(0, I).
    """
    noise, bare = Normal(latent_dim), without_classes(space)
    f = Autoencoder(network.critic(bare, latent_dim), network.generator(latent_dim, bare))
    D = Root(MMD(kernel, Biased())) + one_sided * OneSidedMean()
    g = Pushforward.of(network, noise, bare)
    critic = Adversarial(D, f, Clipping(bound), Reconstruction(reconstruction), critic_steps=critic_steps)
    return Matching(space, g, critic, tune, batch_size=batch_size)
