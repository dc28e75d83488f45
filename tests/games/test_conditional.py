"""Labels travel with the batch: to the sampler, to the critic, and to the shell."""

from inspect import signature

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward.cli import main
from pushforward.critics import Adversarial, Autoencoder
from pushforward.data.parts.stored import TensorPart
from pushforward.discrepancies import MMD, JensenShannon
from pushforward.errors import Refused
from pushforward.games import Matching
from pushforward.kernels import Gaussian
from pushforward.networks import MLP, ConvPool, Maxout, takes
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import Batch, Image, Vector, without_classes
from pushforward.training import Turn
from pushforward.verbs.label_notes import label_note

SPACE = Vector(1, ("low", "high"))
NETWORK = MLP((16,))


def two_levels(n: int = 64) -> Batch:
    """Class 0 lies at −2, class 1 at 2: without its label a point says nothing of where it should be."""
    label = torch.arange(n) % 2
    return Batch(4.0 * label[:, None] - 2.0 + 0.1 * torch.randn(n, 1), label)


@pytest.mark.parametrize("recipe", ["gan", "gram"])
def test_a_conditional_pair_learns_which_class_is_where(recipe):
    make = getattr(pf.recipes, recipe)
    game = make(SPACE, network=NETWORK, noise=Normal(2), tune=pf.tuning.Adam(1e-2, (0.5, 0.999)))
    assert game.sampler.classes == 2
    turn = Turn(dict(game.players()), game.tune)
    torch.manual_seed(0)
    for i in range(300):
        turn.begin(i, 0.0)
        game.step(two_levels, turn)
    label = torch.arange(200) % 2
    y = game.sampler(200, label).x.detach()
    low, high = y[label == 0].mean().item(), y[label == 1].mean().item()
    assert low < -1 < 1 < high, "half way to the levels: the classes have not changed places"


CONDITIONAL = [r for r in pf.recipes.__all__ if "clusters" in signature(getattr(pf.recipes, r)).parameters]
"""The recipes in which a critic or a projection can compare a sample with its class."""

UNLABELLED = ("mmd_net", "mmd_gan", "consistency", "gmm", "factor_analysis")
"""The recipes in which nothing could compare a sample with its class."""


def pictures(recipe: str, side: int = 8, **options):
    """The game of a recipe for labelled pictures."""
    return getattr(pf.recipes, recipe)(Image(1, side, side, classes=("a", "b", "c")), **options)


@pytest.mark.parametrize("recipe", CONDITIONAL)
def test_every_recipe_with_a_critic_is_conditional_on_labelled_data_unless_told_otherwise(recipe):
    game = pictures(recipe, network=MLP((8,)))
    label = torch.tensor([0, 1, 2, 2])
    assert torch.equal(game.sampler(4, label).label, label)
    assert "label" in takes(game.critic()[1])
    assert pictures(recipe, 16).sampler.classes == 3, "by default"
    other = pictures(recipe, network=MLP((8,)), conditional=False)
    assert other.sampler.classes == 0
    assert "label" not in takes(other.critic()[1])
    x = Batch(torch.rand(12, 1, 8, 8).round() * 2 - 1, torch.arange(12) % 3)  # two values, for those that need them
    turn = Turn(dict(game.players()), game.tune)
    game.prepare(TensorPart(*x))
    turn.begin(30, 0.0)
    game.step(lambda: x, turn)
    assert game.views(x)["critic"].shape[0] == 12


@pytest.mark.parametrize("recipe", UNLABELLED)
def test_recipes_without_a_critic_of_points_stay_unconditional(recipe):
    game = pictures(recipe)
    assert game.space.classes == ("a", "b", "c")
    assert game.sampler.classes == 0
    assert label_note(game, 100).startswith(f"Not conditional, since {recipe.replace('_', '-')} can take no labels")


@pytest.mark.parametrize("recipe", ["ae", "wae_mmd", "wae_gan"])
def test_codes_without_noise_come_without_labels_unless_they_are_asked_for(recipe):
    game = pictures(recipe)
    assert game.sampler.classes == 0
    said = "Not conditional: samples have none of the 3 classes; --conditional true gives them."
    assert label_note(game, 100) == said
    assert pictures(recipe, conditional=True).sampler.classes == 3


def test_one_network_that_can_take_no_labels_leaves_both_without():
    for options in ({"network": Maxout(4, 4)}, {"network": MLP((8,)), "critic_network": ConvPool((2,), (4,))}):
        game = pictures("gan", **options)
        assert game.sampler.classes == 0
        assert "label" not in takes(game.critic()[1])
        other = "ConvPool" if "critic_network" in options else "Maxout"
        assert (
            label_note(game, 100)
            == f"Not conditional, since {other} can take no labels: samples have none of the 3 classes."
        )


def test_what_is_said_of_labels():
    assert label_note(pictures("gan"), 100) == "Conditional on 3 classes; --conditional false for none."
    assert label_note(pictures("gan", conditional=False), 100).endswith("--conditional true gives them.")
    assert label_note(pf.recipes.gan(Vector(2)), 100) is None


def test_labels_that_would_mean_nothing_are_refused():
    told, bare = (Pushforward.of(NETWORK, Normal(2), space) for space in (SPACE, without_classes(SPACE)))
    critics = [Adversarial(JensenShannon(), NETWORK.critic(space, 1)) for space in (SPACE, without_classes(SPACE))]
    with pytest.raises(Refused, match="since no critic compares them; make its network for the space without classes"):
        Matching(SPACE, told, MMD(Gaussian()))
    with pytest.raises(Refused, match="since its critic takes none"):
        Matching(SPACE, told, critics[1])
    with pytest.raises(Refused, match="a critic that takes labels needs a sampler that does"):
        Matching(SPACE, bare, critics[0])
    with pytest.raises(Refused, match="Autoencoder take no labels"):
        Autoencoder(NETWORK.critic(SPACE, 2), NETWORK.generator(2, without_classes(SPACE)))


def test_a_class_from_the_shell(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    fit = [
        "fit",
        "gan",
        "--data",
        "digits",
        "--steps",
        "2",
        "--batch_size",
        "16",
        "--quiet",
        "--run",
        "here",
        "--no-verdict",
    ]
    assert main([*fit, "--network", "MLP", "--network.widths", "[8]"]) == 0
    assert main(["sample", "here", "-n", "5", "--label", "3", "--out", "threes.npz"]) == 0
    found = np.load("threes.npz")
    assert found["labels"].tolist() == [3] * 5
    capsys.readouterr()
    assert main(["sample", "here", "-n", "5", "--label", "12", "--out", "no.npz"]) == 2
    assert "no class '12'" in capsys.readouterr().err


def test_the_networks_of_a_pair_agree():
    for space in (SPACE, without_classes(SPACE)):
        for network in (NETWORK.generator(2, space), NETWORK.critic(space, 1)):
            assert ("label" in takes(network)) == bool(space.classes)


def test_the_option_that_networks_had_is_answered_with_the_recipes(capsys):
    assert main(["fit", "gan", "--data", "digits", "--network", "DCGAN", "--network.conditional", "true"]) == 2
    assert "--network.conditional is --conditional now, an option of the recipe" in capsys.readouterr().err
