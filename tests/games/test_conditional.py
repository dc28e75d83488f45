"""Labels travel with the batch: to the sampler, to the critic, and to the shell."""

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward.cli import main
from pushforward.critics import Autoencoder
from pushforward.data.parts.stored import TensorPart
from pushforward.errors import Refused
from pushforward.networks import MLP, takes
from pushforward.samplers import Normal
from pushforward.spaces import Batch, Image, Vector
from pushforward.training import Turn

SPACE = Vector(1, ("low", "high"))
NETWORK = MLP((16,), conditional=True)


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


@pytest.mark.parametrize(
    "recipe",
    [
        r
        for r in pf.recipes.__all__
        if r not in ("mmd_net", "mmd_gan", "wae_gan", "consistency", "gmm", "factor_analysis", "drifting")
    ],
)
def test_every_recipe_of_pictures_takes_a_conditional_network(recipe):
    game = getattr(pf.recipes, recipe)(Image(1, 8, 8, classes=("a", "b", "c")), network=MLP((8,), conditional=True))
    label = torch.tensor([0, 1, 2, 2])
    assert torch.equal(game.sampler(4, label).label, label)
    x = Batch(torch.rand(12, 1, 8, 8).round() * 2 - 1, torch.arange(12) % 3)  # two values, for those that need them
    turn = Turn(dict(game.players()), game.tune)
    game.prepare(TensorPart(*x))
    turn.begin(30, 0.0)
    game.step(lambda: x, turn)
    assert game.views(x)["critic"].shape[0] == 12


def test_labels_that_would_mean_nothing_are_refused():
    with pytest.raises(Refused, match="since no critic compares them"):
        pf.recipes.mmd_net(SPACE, network=NETWORK)
    with pytest.raises(Refused, match="since its critic takes none"):
        pf.recipes.gan(SPACE, network=NETWORK, critic_network=MLP((4,)))
    with pytest.raises(Refused, match="a critic that takes labels needs a sampler that does"):
        pf.recipes.gan(SPACE, network=MLP((4,)), critic_network=NETWORK)
    with pytest.raises(Refused, match="Autoencoder take no labels"):
        pf.recipes.mmd_gan(SPACE, network=NETWORK)
    with pytest.raises(Refused, match="take no labels"):
        Autoencoder(NETWORK.critic(SPACE, 2), MLP((4,)).generator(2, SPACE))


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
    assert main([*fit, "--network", "MLP", "--network.widths", "[8]", "--network.conditional", "true"]) == 0
    assert main(["sample", "here", "-n", "5", "--label", "3", "--out", "threes.npz"]) == 0
    found = np.load("threes.npz")
    assert found["labels"].tolist() == [3] * 5
    capsys.readouterr()
    assert main(["sample", "here", "-n", "5", "--label", "12", "--out", "no.npz"]) == 2
    assert "no class '12'" in capsys.readouterr().err


def test_the_networks_of_a_pair_agree():
    for plan in (MLP((4,)), NETWORK):
        for network in (plan.generator(2, SPACE), plan.critic(SPACE, 1)):
            assert ("label" in takes(network)) == plan.conditional
