"""The names that a person reads in place of paths within a game."""

import pytest
from torch import nn

import pushforward as pf
from pushforward.critics import SpectralNorm
from pushforward.critics.layer_names import layer_names
from pushforward.networks import DCGAN, MLP
from pushforward.spaces import Image, Vector
from pushforward.training.players import weight_in_words


def test_layers_are_counted_by_kind_with_their_sizes():
    generator = DCGAN(8).generator(5, Image(1, 28, 28))
    assert [name.partition(" (")[0] for name in layer_names(generator).values()] == [
        "linear 1", "transposed convolution 1", "transposed convolution 2"
    ]  # fmt: skip
    assert list(layer_names(generator).values())[-1] == "transposed convolution 2 (8→1, 4×4)"


def test_a_constraint_does_not_change_a_name():
    f = MLP((6,)).critic(Vector(3), 1)
    before = layer_names(f)
    SpectralNorm().attach(f)
    assert layer_names(f) == before


def test_a_network_without_such_layers_has_no_names():
    assert layer_names(nn.Sequential(nn.ReLU(), nn.BatchNorm1d(3))) == {}


@pytest.mark.parametrize("recipe", ["gan", "gram"])
def test_every_weight_of_a_game_says_whose_it_is(recipe):
    game = getattr(pf.recipes, recipe)(Vector(3), network=MLP((6,), batch_norm=True))
    said = [weight_in_words(game, key) for key in game.state_dict()]
    assert {words.partition(" (")[0] for words in said} == {"a weight of the generator", "a weight of the critic"}
    assert any("of the generator (linear 2 (6→3))" in words for words in said)
    assert any("of the critic (linear 1 (3→" in words for words in said)
