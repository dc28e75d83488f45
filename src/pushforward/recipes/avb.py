"""A variational autoencoder whose codes are any function of a point and noise; a critic reads off their divergence."""

from pushforward.critics import Adversarial
from pushforward.discrepancies import LogRatio
from pushforward.games import Autoencoding
from pushforward.likelihoods import Likelihood
from pushforward.networks import MLP, Network, Pairs
from pushforward.posteriors import Implicit, Posterior, Universal
from pushforward.recipes.autoencoders import latent, prior_of, suited
from pushforward.recipes.base import recipe
from pushforward.samplers import Noise
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe(paper={"network": MLP((300, 300)), "noises": 32, "noise_dim": 64,
               "critic_widths": (1024, 1024, 1024), "conditional": False, "critic_steps": 1,
               "tune": Adam(5e-5, (0.5, 0.999)), "critic_tune": Adam(1e-4, (0.5, 0.999))})  # fmt: skip
def avb(
    space: Space,
    network: Network = MLP((400,)),
    latent_dim: int = 32,
    noise: Noise | None = None,
    prior_layers: int = 0,
    adaptive: bool = True,
    noises: int = 8,
    noise_dim: int = 32,
    posterior_widths: tuple[int, ...] = (128, 128),
    critic_widths: tuple[int, ...] = (256, 256, 256),
    likelihood: Likelihood | None = None,
    conditional: bool = True,
    critic_steps: int | None = None,
    tune: Optimizer | None = None,
    critic_tune: Optimizer | None = None,
    batch_size: int = 128,
) -> Autoencoding:
    """max_{e,d} E log p(x|z) + f(x, z), z = g(e(x), ε): f, a critic's log N(z; 0, I)/q(z|x), stands for the divergence.

        repeat: `critic_steps` times  f ascends     −mean sp(−f(x, c)) − mean sp(f(x, z)),  c ~ N(0, I)
                then                  e, d descend  −mean log p(x|d(z)) − mean f(x, z)
                samples are draws from p(·|d(c)), c ~ N(0, I)

    The critic's value is no bound of anything where it is not the best one. The log-likelihood that a run reports is
    the bound by 50 draws of r in the place of q, a law that is known, and the state that is handed over has the best
    such bound by ten; where the contrast is not adaptive, none is reported.

    Args:
        space: of the data.
        network: of encoder and decoder.
        latent_dim: size of a code.
        noise: law of codes (π) of that size; N(0, I) if absent.
        prior_layers: couplings through which that noise goes before it is the prior, learnt with the rest.
        adaptive: codes are compared with the normal law r that has their mean and covariance for each point, not with
            the prior: f is then log r/q, and log r − log N(·; 0, I) is added; z = z_0(x) + Σ a_i(x)⊙v_i(ε_i), whose
            moments are known, in place of g.
        noises: number of ε_i where that is so, at least 1.
        noise_dim: size of ε, or of each ε_i.
        posterior_widths: hidden layers of g, or of each v_i.
        critic_widths: hidden layers of f.
        likelihood: p; as of `vae`.
        conditional: whether the decoder takes the labels of labelled data.
        critic_steps: critic steps in a turn; if absent 1, or 2 where the contrast is not adaptive.
        tune: the optimiser of encoder and decoder; if absent Adam at a rate that falls from 2e-3, or at 2e-4 where the
            contrast is not adaptive and all of the divergence hangs on the critic.
        critic_tune: the critic's; if absent Adam at 1e-3, or at 5e-4.
        batch_size: points of data, and draws of the prior, in a step.
    Source: Mescheder, Nowozin, Geiger (2017), arXiv 1701.04722, Algorithm 1; two critic steps as its toy
        where the contrast is not adaptive.
    Differs: data and noise of the critic's steps are its own; fully connected networks, whose critic is one of points
        beside codes. The law r has the covariance of codes, where the paper's has their variances; the rest of the
        divergence is small, and a critic at a step a turn keeps up with an encoder that learns five times as fast.
    """
    p, prior = likelihood or suited(space), prior_of(latent_dim, noise, prior_layers)
    q: Posterior = Implicit(latent_dim, noise=noise_dim, widths=posterior_widths)
    if adaptive:
        q = Universal(latent_dim, noises, noise_dim, posterior_widths)
    sampler = latent(space, network, q, prior, p, conditional, density=adaptive)
    steps = critic_steps if critic_steps is not None else 1 if adaptive else 2
    D = Adversarial(LogRatio(), Pairs(space, latent_dim, critic_widths), critic_steps=steps)
    own = tune or (Adam(2e-3, (0.9, 0.999), decay=Cosine(0.01)) if adaptive else Adam(2e-4, (0.5, 0.999)))
    its = critic_tune or Adam(1e-3 if adaptive else 5e-4, (0.5, 0.999))
    return Autoencoding(space, sampler, D, tune=own, critic_tune=its, batch_size=batch_size, adaptive=adaptive)
