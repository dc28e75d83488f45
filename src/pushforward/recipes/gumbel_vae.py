"""A variational autoencoder whose codes are choices among levels, relaxed in training: Gumbel-softmax."""

from pushforward.games import Autoencoding
from pushforward.likelihoods import Likelihood
from pushforward.networks import MLP, Network
from pushforward.posteriors import Categorical, UniformChoices
from pushforward.recipes.autoencoders import latent, suited
from pushforward.recipes.base import recipe
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe(paper={"network": MLP((200,)), "conditional": False, "rate": 1e-4, "warm_up": 0,
               "tune": Adam(1e-3, (0.9, 0.999)), "batch_size": 100})  # fmt: skip
def gumbel_vae(
    space: Space,
    network: Network = MLP((400,)),
    choices: int = 20,
    levels: int = 10,
    likelihood: Likelihood | None = None,
    conditional: bool = True,
    straight_through: bool = False,
    temperature: float = 0.5,
    rate: float = 1e-3,
    warm_up: int = 1000,
    tune: Optimizer = Adam(2e-3, (0.9, 0.999), decay=Cosine(0.01)),
    batch_size: int = 200,
) -> Autoencoding:
    """max_{e,d} E log p(x|z) − Σ q log(q·levels), z of choices by q(x), relaxed by softmax((log q + g)/τ).

        repeat: e, d descend  mean of −log p(x|d(z)) + Σ q log(q·levels),  z = softmax((log q(x) + g)/τ),  g ~ Gumbel
                τ = max(τ_min, e^{−rate·t}) at turn t;  samples are draws from p(·|d(c)), c uniform choices

    The log-likelihood that a run reports is by hard choices, and a bound.

    Args:
        space: of the data.
        network: of encoder and decoder.
        choices: number of them; the paper has 20 among 10 levels, or 200 among 2.
        levels: of each choice.
        likelihood: p; as of `vae`.
        conditional: whether the decoder takes the labels of labelled data.
        straight_through: hard choices in training too, with the gradient of the relaxed ones.
        temperature: τ_min.
        rate: of the fall of τ, a turn.
        warm_up: turns over which the weight of the divergence rises from 0: many choices of two levels otherwise become
            even ones before the decoder has learnt to read them.
        tune: the optimiser.
        batch_size: points of data in a step.
    Source: Jang, Gu, Poole (2017), arXiv 1611.01144; a choice of two is Maddison et al. (2017)'s binary one.
    Differs: Adam in place of momentum descent; τ falls sooner, for runs of minutes; the divergence gains its weight
        slowly.
    """
    p, q, prior = (
        likelihood or suited(space),
        Categorical(choices, levels, straight_through, temperature, rate),
        UniformChoices(choices, levels),
    )
    sampler = latent(space, network, q, prior, p, conditional)
    return Autoencoding(space, sampler, None, 1.0, warm_up, tune=tune, batch_size=batch_size)
