"""What recipes make unless told otherwise, and with `paper`: their papers' tables of numbers."""

from inspect import Parameter, signature
from math import sqrt

import pytest

import pushforward as pf
from pushforward.critics import Adversarial, Autoencoder, Clipping, Reconstruction
from pushforward.discrepancies import MMD, Biased, JensenShannon, OneSidedMean, Root
from pushforward.errors import Refused
from pushforward.games import CodeMatching, Game, Matching, RatioMatching, Whole
from pushforward.kernels import Gaussian, Median
from pushforward.networks import MLP
from pushforward.samplers import Normal, Uniform
from pushforward.spaces import Columns, Image, OneOf, Vector
from pushforward.tuning import Adam, RMSprop, Steps

DIGITS, RING = Image(1, 8, 8), Vector(2)
MIXED = Columns(("a", OneOf("b", ("x", "y", "z"))))


@pytest.mark.parametrize("name", pf.recipes.__all__)
@pytest.mark.parametrize("space", [DIGITS, RING, Columns(("a", "b", "c")), MIXED, Image(3, 16, 16)], ids=str)
def test_every_recipe_makes_a_game_of_any_space_and_remembers_how(name, space):
    make = getattr(pf.recipes, name)
    of_reals = ("ade", "empirical_cdf", "factor_analysis", "flow_gan", "glow", "gmm", "kde", "maf", "real_nvp")
    of_reals += ("triangular",)
    unfit = {"discrete_bgan": space.range is None, "grid_cdf": not isinstance(space, Image)}
    unfit |= dict.fromkeys(("cart", "copula", "forest", "independent", "table_cdf"), isinstance(space, Image))
    unfit |= dict.fromkeys(of_reals, space == MIXED)
    if unfit.get(name):
        with pytest.raises(
            Refused, match="space with bounds|density of real numbers alone|is for pictures|is for tables"
        ):
            make(space)
        return
    game = make(space)
    assert isinstance(game, Game)
    assert game.space == space
    assert game.sampler(3).x.shape == (3, *space.shape)
    assert game.call["recipe"] == name
    assert game.call["arguments"].keys() == signature(make).parameters.keys() - {"space"}
    assert set(dict(game.players())) <= set(game.tune)
    if not isinstance(game, Whole):  # which takes all rows
        size = signature(make).parameters["batch_size"].default  # None where it depends on the data
        assert game.batch_size >= 1 if size is None else game.batch_size == size


@pytest.mark.parametrize("name", pf.recipes.__all__)
def test_every_argument_but_the_space_has_a_default_and_is_explained(name):
    make = getattr(pf.recipes, name)
    for parameter in signature(make).parameters.values():
        if parameter.name != "space":
            assert parameter.default is not Parameter.empty
        assert f"        {parameter.name}: " in make.__doc__
    assert "Source:" in make.__doc__


def test_gan():
    """Goodfellow et al. (2014): uniform noise of 100, k = 1, batch 100; Adam as in Radford et al. (2016)."""
    game = pf.recipes.gan(RING, paper=True)
    assert isinstance(game, Matching)
    assert game.sampler.noise == Uniform(100)
    divergence = game.discrepancy.D
    assert divergence == JensenShannon(saturating=False)
    assert game.discrepancy.critic_steps == 1
    assert game.tune == {"sampler": Adam(2e-4, (0.5, 0.999)), "critic": Adam(2e-4, (0.5, 0.999))}
    assert game.batch_size == 100


def test_mmd_net():
    """Li et al. (2015): U[−1, 1]^10 → 64 → 256 → 256 → 1024, batch 1000, six kernels e^(−s/2b) of pixels in [0, 1]."""
    game = pf.recipes.mmd_net(Image(1, 28, 28, 0.0, 1.0))
    assert game.sampler.noise == Uniform(10)
    assert signature(pf.recipes.mmd_net).parameters["network"].default == MLP((64, 256, 256, 1024))
    assert game.batch_size == 1000
    bandwidths = tuple(sqrt(b) for b in (2, 5, 10, 20, 40, 80))
    assert game.discrepancy == Root(MMD(Gaussian(bandwidths), Biased()))
    doubled = pf.recipes.mmd_net(Image(1, 28, 28, -1.0, 1.0)).discrepancy.discrepancy.kernel
    assert doubled == Gaussian(tuple(2 * b for b in bandwidths)), "distances are twice as large there"


def test_mmd_net_of_rows_takes_multiples_of_the_median():
    assert pf.recipes.mmd_net(RING).discrepancy == Root(MMD(Gaussian(Median((0.25, 0.5, 1.0, 2.0))), Biased()))


def test_mmd_net_of_codes():
    """Codes of size 32 behind one hidden layer of 1024, one kernel."""
    game = pf.recipes.mmd_net(Image(1, 28, 28), code_dim=32)
    assert isinstance(game, CodeMatching)
    widths = [m.out_features for m in game.autoencoder.encoder if hasattr(m, "out_features")]
    assert widths == [1024, 32]
    assert game.autoencoder_steps == 1000
    with pytest.raises(Refused, match="code_dim of mmd_net must be at least 0, got -1"):
        pf.recipes.mmd_net(RING, code_dim=-1)


def test_mmd_gan():
    """Li et al. (2017): clipping at 0.01, λ = 8, λ_rg = 16, five scales, RMSprop 5e-5, batch 64, 5 or 100 steps."""
    game = pf.recipes.mmd_gan(RING, paper=True)
    critic = game.discrepancy
    assert isinstance(critic, Adversarial)
    assert isinstance(critic.f, Autoencoder)
    compared = critic.D
    assert compared == Root(MMD(Gaussian((1.0, 2.0, 4.0, 8.0, 16.0)), Biased())) + 16 * OneSidedMean()
    assert critic.constraints == (Clipping(0.01), Reconstruction(8.0))
    assert critic.critic_steps == Steps(5, burst=100, first=25, every=500)
    assert game.tune == {"sampler": RMSprop(5e-5), "critic": RMSprop(5e-5)}
    assert game.sampler.noise == Normal(10)
    assert game.batch_size == 64


def test_gram():
    """Srivastava et al. (2020): ε = 1e-3, Λ = 1, Adam 1e-3 with β₁ = ½, batch 100, 10 features and σ = 1 for rings."""
    game = pf.recipes.gram(RING, paper=True)
    assert isinstance(game, RatioMatching)
    assert (game.ridge, game.positivity, game.squared) == (1e-3, 1.0, True)
    assert game.kernel == Gaussian(1.0)
    assert game.tune == {"sampler": Adam(1e-3, (0.5, 0.999)), "critic": Adam(1e-3, (0.5, 0.999))}
    assert game.sampler.noise == Normal(20)
    assert game.batch_size == 100
    assert list(game.projection.parameters())[-1].shape == (10,)


def test_gram_of_pictures():
    game = pf.recipes.gram(Image(1, 28, 28), clusters="none")
    assert game.kernel == Gaussian((0.1, 1.0, 10.0, 100.0))
    assert list(game.projection.parameters())[-1].shape == (100,)


def test_a_recipe_of_ones_own_is_remembered_by_its_dotted_path():
    from pushforward.recipes.base import recipe, untouched

    @recipe
    def mine(space: Vector, width: int = 4) -> Matching:
        return pf.recipes.mmd_net(space, MLP((width,)))

    game = mine(RING, width=5)
    assert game.call["recipe"].endswith("mine")
    assert "." in game.call["recipe"]
    assert game.call["arguments"] == {"width": 5}
    assert untouched(game)
