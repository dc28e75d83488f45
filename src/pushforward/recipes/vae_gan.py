"""A variational autoencoder with a critic of points, in whose features reconstructions are measured: VAE/GAN."""

from pushforward.critics import Adversarial
from pushforward.discrepancies import JensenShannon
from pushforward.games import Autoencoding, FeatureCost, Gate
from pushforward.likelihoods import SquaredError
from pushforward.networks import Network, Suited
from pushforward.posteriors import DiagonalGaussian
from pushforward.recipes.autoencoders import latent
from pushforward.recipes.base import recipe, without_batch_norm
from pushforward.recipes.labels import seen_space
from pushforward.samplers import Normal
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer, RMSprop


@recipe(paper={"network": Suited(64), "latent_dim": 128, "conditional": False, "beta": 1.0, "weight": 1e-6,
               "saturating": True, "tune": RMSprop(3e-4)})  # fmt: skip
def vae_gan(
    space: Space,
    network: Network = Suited(),
    latent_dim: int = 32,
    conditional: bool = True,
    beta: float = 0.05,
    layer: int = 2,
    weight: float = 1e-3,
    margin: float = 0.35,
    saturating: bool = False,
    tune: Optimizer = Adam(2e-4, (0.5, 0.999)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Autoencoding:
    """min_e β·KL + ½‖f_l(x) − f_l(d(z))‖², min_d γ·½‖f_l(x) − f_l(d(z))‖² + JS(P, law of d), f a critic of points.

        repeat: f ascends   −mean sp(−f(x)) − mean sp(f(y)),  y = d(z), z ~ q(·|x), half of them, and d(c), c ~ N(0, I)
                e descends  mean of β·½ Σ (m² + s² − 1 − log s²) + ½‖f_l(x) − f_l(d(z))‖²,  z = m + s⊙ε
                d descends  γ·mean ½‖f_l(x) − f_l(d(z))‖² + mean sp(−f(y))
                by one batch, together; f waits where one of its two means is below 0.68 − margin, d where one is above
                0.68 + margin, and nobody where both would

    It is no bound of a likelihood, since reconstructions are measured in features that change. Those of a critic
    without batch norm are small, so that at β = 1 codes say next to nothing of a point.

    Args:
        space: of the data.
        network: of encoder, decoder and critic.
        latent_dim: size of a code.
        conditional: whether decoder and critic take the labels of labelled data; the encoder never does.
        beta: weight of the divergence beside the cost of features, at least 0.
        layer: l, of the critic's layers with weights, counted from 1; not its last.
        weight: γ, of the cost of features beside the critic's opinion, for the decoder; positive.
        margin: of the gates, in nats, at least 0.
        saturating: the decoder lowers −mean sp(f(y)), the critic's own value, in place of mean sp(−f(y)).
        tune: the optimiser of encoder and decoder.
        critic_tune: the critic's; that of encoder and decoder if absent.
        batch_size: points of data, and draws of the prior, in a step.
    Source: Larsen, Sønderby, Larochelle, Winther (2016), arXiv 1512.09300, Algorithm 1; released code for the gates and
        the paper's numbers.
    Differs: what is rebuilt and what is drawn are half each of what the critic sees as samples; it has no batch norm,
        with which its features would depend on the batch; the decoder's loss has a gradient where the critic is sure
        (the paper's not).
    """
    sampler = latent(space, network, DiagonalGaussian(latent_dim), Normal(latent_dim), SquaredError(), conditional)
    f = without_batch_norm(network, space).critic(seen_space(space, conditional, network), 1)
    features = FeatureCost(layer, weight, Gate(margin=margin))
    D = Adversarial(JensenShannon(saturating), f)
    return Autoencoding(
        space, sampler, D, beta, tune=tune, critic_tune=critic_tune, batch_size=batch_size, features=features
    )
