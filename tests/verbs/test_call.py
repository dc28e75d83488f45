"""A call is written down as plain values and made again from them."""

import json
from dataclasses import dataclass, is_dataclass
from inspect import signature

import numpy as np
import pytest
import torch
import yaml

import pushforward as pf
from pushforward import discrepancies, kernels, networks, samplers, tuning
from pushforward.errors import Refused
from pushforward.kernels import Gaussian, Linear, Median, Polynomial, Scaled, Sum
from pushforward.networks import DCGAN, MLP
from pushforward.recipes.base import remember
from pushforward.runs.plain_values import to_yaml
from pushforward.samplers import Normal
from pushforward.spaces import Columns, Image, OneOf, Real, Vector
from pushforward.tuning import SGD, Adam, Constant, Cosine, Drop, RMSprop, Steps
from pushforward.verbs.call import (
    describe,
    describe_space,
    first_weights,
    make_game,
    recipe_call,
    restore,
    restore_space,
)
from pushforward.verbs.trust import trusting

# values that need arguments; every other one is taken with its defaults
ARGUMENTS = {
    kernels.Sum: (Gaussian(), Linear()),
    kernels.Scaled: (2.0, Gaussian()),
    kernels.On: None,  # holds a function
    networks.Concatenated: None,  # a module
    samplers.Annealing: None,  # no option of a recipe
    discrepancies.Sum: (discrepancies.MMD(), discrepancies.Energy()),
    discrepancies.Scaled: (2.0, discrepancies.MMD()),
    discrepancies.Root: (discrepancies.MMD(),),
    discrepancies.Block: (10,),
}


def values():
    for room, names in (
        (kernels, kernels.__all__),
        (networks, networks.__all__),
        (samplers, samplers.__all__),
        (tuning, dir(tuning)),
        (discrepancies, ["MMD", "Energy", "JensenShannon", "MeanDifference", "OneSidedMean", "Root", "Sum", "Scaled"]),
    ):
        for kind in (getattr(room, name) for name in names):
            if isinstance(kind, type) and is_dataclass(kind) and ARGUMENTS.get(kind, ()) is not None:
                yield kind(*ARGUMENTS.get(kind, ()))


NESTED = [
    Sum(Scaled(2.0, Gaussian((0.1, 1.0))), Polynomial(3)),
    Gaussian(Median((0.5, 2.0))),
    Adam(1e-4, (0.0, 0.9), decay=Cosine(0.1, 0.5)),
    RMSprop(decay=Drop(0.25, 0.1)),
    SGD(0.1, 0.5, Constant()),
    Steps(2, 10, 3, 0),
    MLP((7, 8), 0.2, True),
    (1, (2.5, None), "text", True),
    {"a": (1, 2), "b": {"c": MLP()}},
]


@pytest.mark.parametrize("value", [*values(), *NESTED], ids=str)
@pytest.mark.parametrize("paper", [lambda v: json.loads(json.dumps(v)), lambda v: yaml.safe_load(to_yaml(v))])
def test_every_value_survives_being_written_down(value, paper):
    again = restore(paper(describe(value)))
    assert again == value
    assert type(again) is type(value)
    assert repr(again) == repr(value)


@pytest.mark.parametrize(
    "space",
    [
        Vector(3),
        Image(1, 8, 8, 0.0, 1.0, ("a", "b")),
        Columns(("age", "income"), ("x",)),
        Columns(("age", OneOf("metal", ("tin", "gold")), Real("place", 2))),
    ],
    ids=str,
)
def test_every_space_survives_being_written_down(space):
    assert restore_space(json.loads(json.dumps(describe_space(space)))) == space


def test_tables_of_earlier_formats_have_names_of_columns():
    old = {"kind": "Columns", "names": ["age", "income"], "classes": ["x"]}
    assert restore_space(old) == Columns(("age", "income"), ("x",))


@pytest.mark.parametrize("value", [torch.zeros(2), np.float32(1.0), object(), lambda x: x, torch.nn.Linear(1, 1)])
def test_what_is_no_value_is_refused(value):
    with pytest.raises(Refused, match="cannot be written down"):
        describe(value)


@pytest.mark.parametrize("name", pf.recipes.__all__)
def test_a_recipes_game_is_made_again_from_its_record(name):
    of_tables = name in ("cart", "copula", "forest", "independent", "table_cdf")
    space = Vector(3) if of_tables else Image(1, 16, 16)
    make = getattr(pf.recipes, name)
    network = MLP((4,)) if name == "consistency" or of_tables else DCGAN(4)  # which has no field of vectors
    arguments = {"network": network, "tune": Adam(3e-4)}
    game = make(space, **{k: v for k, v in arguments.items() if k in signature(make).parameters})
    record = yaml.safe_load(to_yaml(recipe_call(game)))
    again = make_game(record, space)
    assert again.call == game.call
    assert [(k, v.shape) for k, v in again.state_dict().items()] == [(k, v.shape) for k, v in game.state_dict().items()]


def test_a_game_with_an_argument_that_cannot_be_written_down_counts_as_made_by_hand():
    features = torch.nn.Linear(2, 2).requires_grad_(False)
    game = pf.recipes.mmd_net(Vector(2), MLP((4,)), kernel=Gaussian().on(features))
    record = recipe_call(game)
    assert record["recipe"] is None
    assert "Matching" in record["made_by_hand"]
    with pytest.raises(Refused, match="made by hand, so its code is needed: pass game= in Python"):
        make_game(record, Vector(2))


def test_a_mistyped_recipe_is_answered_with_the_nearest():
    with pytest.raises(Refused, match="no recipe 'gramm'; did you mean 'gram'"):
        make_game({"recipe": "gramm", "arguments": {}}, Vector(2))


@pytest.mark.parametrize("path", ["nowhere.at.all", "pushforward.networks.Missing"])
def test_a_class_that_is_gone_is_named(path):
    with pytest.raises(Refused, match=f"{path}.* cannot be found"), trusting("nowhere"):
        restore({"class_path": path, "init_args": {}})


@dataclass(frozen=True)
class Kept:
    """Weights of a game."""

    tensors: dict

    def __eq__(self, other):
        return all(torch.equal(self.tensors[k], other.tensors[k]) for k in self.tensors)


def weights(game) -> Kept:
    return Kept({k: v.clone() for k, v in game.state_dict().items()})


def test_first_weights_are_the_seeds_alone():
    found = []
    for before, seed in ((1, 0), (2, 0), (1, 3)):
        torch.manual_seed(before)
        game = pf.recipes.gan(Vector(2), MLP((4,)), noise=Normal(2))
        first_weights(game, seed)
        found.append(weights(game))
    assert found[0] == found[1]
    assert not found[0] == found[2]  # noqa: SIM201


def test_a_recipe_from_outside_draws_from_the_seed_once_it_is_remembered():
    found = []
    for seed in (0, 0, 1):
        game = pf.recipes.gan(Vector(2), MLP((4,)), noise=Normal(2))
        game.call, game.stamp = None, ""  # as a plain function returns it
        remember(game, "pushforward.recipes.gan.gan", {"network": MLP((4,)), "noise": Normal(2)})
        first_weights(game, seed)
        found.append(weights(game))
    assert found[0] == found[1]
    assert not found[0] == found[2]  # noqa: SIM201


def test_weights_that_somebody_changed_are_kept():
    game = pf.recipes.gan(Vector(2), MLP((4,)), noise=Normal(2))
    with torch.no_grad():
        next(game.parameters()).add_(1.0)
    kept = weights(game)
    first_weights(game, 0)
    assert weights(game) == kept


def test_weights_of_a_game_made_by_hand_are_kept():
    game = pf.recipes.gan(Vector(2), MLP((4,)), noise=Normal(2))
    game.call = None
    kept = weights(game)
    first_weights(game, 0)
    assert weights(game) == kept
