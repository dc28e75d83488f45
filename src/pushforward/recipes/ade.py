"""A variational autoencoder of the features of an invertible map, fitted by its bound and by a critic of its means."""

from math import inf

from pushforward.critics import Adversarial, Constraint, ZeroCentred
from pushforward.discrepancies import Discrepancy, LogRatio
from pushforward.errors import Refused
from pushforward.games import Hybrid
from pushforward.likelihoods import Gaussian
from pushforward.monotone import Affine, Monotone
from pushforward.networks import Ladder, Network, Suited
from pushforward.posteriors import Posterior
from pushforward.recipes.autoencoders import autoregressive, gaussian, latent_model
from pushforward.recipes.base import demand_reals, recipe, without_batch_norm
from pushforward.recipes.labels import seen_space
from pushforward.recipes.real_nvp import real_nvp_flow
from pushforward.samplers import LatentFlow, LatentModel, Normal
from pushforward.spaces import Image, Space, Vector
from pushforward.tuning import Adam, Cosine, Optimizer, Steps


@recipe(
    paper={
        "conditional": False,
        "layers": 3,
        "width": 64,
        "constraint": ZeroCentred(100.0),
        "adversarial": 100.0,
        "tune": Adam(2e-3, (0.9, 0.999)),
    },
    models={"v1": {}, "v2": {"maps": 2, "scales": 2}},
)
def ade(
    space: Space,
    network: Network = Suited(),
    latent_dim: int | None = None,
    maps: int = 0,
    coupling: Monotone = Affine(),
    layers: int = 8,
    widths: tuple[int, ...] = (64, 64),
    width: int = 32,
    depth: int = 2,
    scales: int = 1,
    margin: float = 0.05,
    critic_network: Network = Suited(),
    conditional: bool = True,
    likelihood: float = 1.0,
    adversarial: float = 1.0,
    warm_up: int = 1000,
    features_by_likelihood: bool = True,
    features_by_critic: bool = False,
    means: bool = True,
    discrepancy: Discrepancy = LogRatio(),
    constraint: Constraint = ZeroCentred(0.1),
    outputs: int = 1,
    critic_steps: int | Steps = 1,
    tune: Optimizer = Adam(2e-3, (0.9, 0.99), decay=Cosine(0.02)),
    critic_tune: Optimizer | None = Adam(2e-3, (0.5, 0.9), decay=Cosine(0.02)),
    batch_size: int = 128,
) -> Hybrid:
    """min_{e,d,f} λ·bound(x)/dim + α·E −log D(x̃)/(1 − D(x̃)), x̃ = f⁻¹(d(z)), z ~ N(0, I): adaptive density estimation.

        the first `warm_up` turns:    e, d, f descend  λ·mean −(log p(f(x)|z) + log N(z; 0, I) − log q(z|f(x)) +
                                                       log |det ∂f/∂x|)/dim,  z ~ q(·|f(x))
        repeat: `critic_steps` times  V ascends        −mean sp(−V(x)) − mean sp(V(x̃)) − the constraint's tax
                then                  e, d, f descend  the same bound  less α·mean V(x̃), in which f's weights are held
                samples are f⁻¹(d(z) + s⊙ε): the full law, of which the bound is; --means gives x̃

    V is the logit of D. `adversarial` 0 is likelihood alone, V-ADE. Which of the two laws a score is of, it says: a
    verdict's is the full law's.

    Of the paper's models v1 has better samples and v2 a better likelihood; no source at hand says what else tells them
    apart. That v2 has f of several scales and a posterior of maps is recalled; how many of each is a guess, as is that
    v1 has neither. With `--network Ladder` pictures have a hierarchy of codes, whose levels open one after another by
    `--network.growth`; how the paper's was built, and which model had it, no source at hand says either.

    Args:
        space: of the data.
        network: of encoder and decoder.
        latent_dim: size of a code, or of its coarsest level; if absent 2 below 16 coordinates, and else 32.
        maps: triangular maps that a code of the encoder goes through; 0 for a normal posterior.
        coupling: of f, as of `real-nvp`, and so are the five that follow.
        layers: couplings of f; the paper has 3.
        widths: of the hidden layers of f's networks of rows.
        width: channels of f's networks of pictures.
        depth: their residual blocks.
        scales: of f, for pictures: features are a picture with one, and a vector with more.
        margin: of the logit of pictures.
        critic_network: of the critic, without batch norm.
        conditional: whether decoder and critic take the labels of labelled data; encoder and f never do.
        likelihood: λ, of nats a dimension; 0 for an adversary alone.
        adversarial: α; 0 for likelihood alone.
        warm_up: turns of likelihood alone.
        features_by_likelihood: whether the bound moves f.
        features_by_critic: whether the critic's loss moves f too.
        means: whether the critic is shown x̃; else samples.
        discrepancy: D, before which the critic stands.
        constraint: what keeps the critic honest.
        outputs: of the critic; 16 or so for a kernel's discrepancy.
        critic_steps: critic steps in a turn.
        tune: the optimiser of encoder, decoder and f.
        critic_tune: the critic's.
        batch_size: points of data, and samples, in a step.
    Source: Lucas, Shmelkov, Alahari, Schmid, Verbeek (2019), arXiv 1901.01091; its weights and penalty as recalled, and
        no code of its authors is known.
    Differs: nats a dimension; Adam for Adamax; activation norms for batch norm in f; a hierarchy of codes only if asked
        for.
    """
    demand_reals(space, "ade")
    f = real_nvp_flow(space, coupling, layers, widths, width, depth, scales, margin, 0, "ade").bijector
    seen = seen_space(space, conditional, network, critic_network)
    latent = _of_features(seen, network, latent_dim, maps, scales)
    sampler = LatentFlow(f, latent, space.shape, features_by_likelihood, features_by_critic, means)
    V = without_batch_norm(critic_network, space).critic(seen, outputs)
    D = Adversarial(discrepancy, V, constraint, critic_steps=critic_steps)
    return Hybrid(space, sampler, D, likelihood, adversarial, warm_up, tune, critic_tune, batch_size)


def _of_features(space: Space, network: Network, latent_dim: int | None, maps: int, scales: int) -> LatentModel:
    """Return the autoencoder of features: of pictures without bounds, where f keeps their shape."""
    dim = latent_dim or (2 if space.dim < 16 else 32)
    if isinstance(network, Ladder) and isinstance(space, Image) and scales > 1:
        raise Refused(f"Ladder makes pictures, and features of ade are none with {scales} scales of f; say "
                      "--scales 1, or take another network.")  # fmt: skip
    features: Space = Vector(space.dim, space.classes)
    if isinstance(space, Image) and scales == 1:
        features = Image(space.channels, space.height, space.width, -inf, inf, space.classes)
    q: Posterior = gaussian(features, network, dim)
    if maps:
        q = autoregressive(features, network, dim, maps)
    return latent_model(features, network, q, Normal(q.dim), Gaussian(), bool(space.classes))
