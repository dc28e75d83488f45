"""The critic-based recipes: with `paper` their papers' tables of numbers, and networks without batch norm."""

import pytest
import torch
from torch import nn

import pushforward as pf
from pushforward.critics import (
    ActivationPenalty,
    Clipping,
    GradientConstrained,
    GradientPenalty,
    Scaling,
    SpectralNorm,
    ZeroCentred,
)
from pushforward.discrepancies import (
    GAN,
    MMD,
    Biased,
    BoundarySeeking,
    Cramer,
    FDivergence,
    Hinge,
    MeanDifference,
    Relativistic,
    RepulsiveMMD,
)
from pushforward.errors import Refused
from pushforward.games import Matching, Simultaneous
from pushforward.kernels import Gaussian, Linear, RationalQuadratic
from pushforward.networks import DCGAN
from pushforward.samplers import Normal, Uniform
from pushforward.spaces import Batch, Image, Vector
from pushforward.tuning import Adam, RMSprop, Steps

SLOW, ARBEL = Adam(1e-4, (0.5, 0.9)), Steps(5, burst=10, first=20, every=500)
RQ = RationalQuadratic((0.2, 0.5, 1.0, 2.0, 5.0), 1.0) + Linear()

# recipe → discrepancy, constraints, outputs, critic steps, optimiser, noise, batch
PAPERS = {
    "wgan": (
        MeanDifference(), (Clipping(0.01),), 1, Steps(5, burst=100, first=25, every=500), RMSprop(5e-5), Normal(100), 64
    ),
    "wgan_gp": (MeanDifference(), (GradientPenalty(10.0),), 1, 5, SLOW, Normal(128), 64),
    "linear_mmd_gan": (MMD(Linear()), (GradientPenalty(1.0),), 16, 5, SLOW, Uniform(100), 64),
    "mmd_gan_gp": (MMD(RQ), (GradientPenalty(1.0), ActivationPenalty(1.0)), 16, 5, SLOW, Uniform(100), 64),
    "cramer_gan": (Cramer(True), (GradientPenalty(10.0),), 256, 5, SLOW, Uniform(100), 64),
    "sn_gan": (Hinge(), (SpectralNorm(),), 1, 1, Adam(2e-4, (0.5, 0.999)), Normal(128), 64),
    "bgan": (BoundarySeeking(0.005), (), 1, 1, Adam(1e-4, (0.5, 0.999)), Uniform(128, 0.0, 1.0), 64),
    "f_gan": (FDivergence(GAN()), (), 1, 1, Adam(2e-4, (0.5, 0.999)), Uniform(100), 4096),
    "repulsive_mmd_gan": (
        RepulsiveMMD(Gaussian(1.0)), (SpectralNorm(),), 16, 1, Adam(2e-4, (0.5, 0.999)), Normal(128), 64
    ),
    "smmd": (MMD(Gaussian(1.0)), (Scaling(0.0, 1.0, 10.0),), 1, ARBEL, SLOW, Uniform(128), 64),
    "sn_smmd": (MMD(Gaussian(1.0)), (SpectralNorm(True), Scaling(0.0, 1.0, 10.0)), 1, ARBEL, SLOW, Uniform(128), 64),
    "swgan": (MeanDifference(), (Scaling(1.0, 10.0, 10.0),), 1, ARBEL, SLOW, Uniform(128), 64),
    "gc_mmd": (MMD(Gaussian(1.0), Biased()), (GradientConstrained(1.0),), 4, ARBEL, SLOW, Uniform(128), 64),
    "r3gan": (Relativistic(), (ZeroCentred(0.05, True, True),), 1, 1, Adam(2e-4, (0.0, 0.99)), Normal(64), 512),
}  # fmt: skip


@pytest.mark.parametrize("name", PAPERS)
def test_the_papers_table(name):
    D, constraints, outputs, steps, tune, noise, batch = PAPERS[name]
    game = getattr(pf.recipes, name)(Vector(2), paper=True)
    assert isinstance(game, Simultaneous if name == "f_gan" else Matching)
    critic = game.discrepancy
    assert (critic.D, critic.constraints, critic.critic_steps) == (D, constraints, steps)
    assert critic.f(torch.randn(3, 2)).shape == (3, outputs)
    assert game.tune == {"sampler": tune, "critic": tune}
    assert (game.sampler.noise, game.batch_size) == (noise, batch)


@pytest.mark.parametrize("name", PAPERS)
def test_critics_of_pictures_are_normalised_only_where_points_may_mix(name):
    """Batch norm stays where its paper has it and no gradient at each point is asked for."""
    game = getattr(pf.recipes, name)(Image(1, 16, 16), network=DCGAN(width=4), clusters="none")
    found = any(isinstance(m, nn.BatchNorm2d) for m in game.discrepancy.f.modules())
    assert found == (name in ("wgan", "bgan", "f_gan"))
    x = Batch(torch.rand(5, 1, 16, 16))
    assert game.discrepancy.objective(x, Batch(game.sampler(5).x.detach())).isfinite()


def test_no_norm_at_all_in_the_papers_r3gan():
    game = pf.recipes.r3gan(Image(1, 8, 8), paper=True)
    assert not any(isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d) for m in game.modules())


def test_a_critic_of_ones_own_with_batch_norm_is_refused():
    with pytest.raises(Refused, match="--critic_network.critic_batch_norm false"):
        pf.recipes.wgan_gp(Image(1, 16, 16), critic_network=DCGAN(width=4))


@pytest.mark.parametrize("name", ["swgan", "gc_mmd"])
def test_spectral_norms_on_request(name):
    game = getattr(pf.recipes, name)(Vector(2), spectral_norm=True)
    assert game.discrepancy.constraints[0] == SpectralNorm(learn_scale=True)
    assert any("gamma" in n for n, _ in game.discrepancy.named_parameters())
