"""The option `paper`: the paper's numbers in place of the measured ones, and no more than defaults."""

from dataclasses import replace
from inspect import signature
from typing import Literal

import pytest

import pushforward as pf
from pushforward import critics, discrepancies, index, networks, samplers, tuning
from pushforward.errors import Refused
from pushforward.games import Clustered, Matching
from pushforward.networks import DCGAN, MLP
from pushforward.posteriors import InverseAutoregressive
from pushforward.recipes.base import recipe, untouched
from pushforward.recipes.papers import numbers_of, written
from pushforward.spaces import Image, Vector
from pushforward.tuning import Adam, Cosine, Steps

RING = Vector(2)
WITH_PAPER = [name for name in pf.recipes.__all__ if numbers_of(getattr(pf.recipes, name))]


@recipe(paper={"tune": Adam(2e-4), "batch_size": 100})
def mine(space: Vector, tune: Adam = Adam(1e-3), batch_size: int = 7) -> Matching:
    """Match a kernel.

    Args:
        space: of the data.
        tune: the optimiser.
        batch_size: points in a step.
    Source: nobody (2026).
    """
    return pf.recipes.mmd_net(space, MLP((4,)), tune=tune, batch_size=batch_size)


def test_the_papers_numbers_stand_in_for_defaults_alone():
    measured, paper = mine(RING), mine(RING, paper=True)
    assert (measured.batch_size, measured.tune["sampler"].lr) == (7, 1e-3)
    assert (paper.batch_size, paper.tune["sampler"].lr) == (100, 2e-4)
    given = mine(RING, Adam(0.5), paper=True)
    assert (given.batch_size, given.tune["sampler"].lr) == (100, 0.5)
    assert mine(RING, batch_size=7, paper=True).batch_size == 7  # said, though it is the default


def test_the_call_is_recorded_resolved_and_makes_the_same_game_again():
    game = mine(RING, batch_size=3, paper=True)
    assert game.call["arguments"] == {"tune": Adam(2e-4), "batch_size": 3, "paper": True}
    again = mine(RING, **game.call["arguments"])
    assert again.call == game.call
    assert untouched(again)


def test_the_signature_types_and_words_know_of_it():
    assert list(signature(mine).parameters) == ["space", "tune", "batch_size", "paper"]
    assert mine.__annotations__["paper"] is bool
    told = "        paper: whether options that are not given are the paper's: tune = Adam(0.0002), batch_size = 100.\n"
    assert told + "    Source: nobody" in mine.__doc__
    pf.testing.check(mine)


def test_numbers_of_no_parameter_are_an_error():
    with pytest.raises(TypeError, match="names rate, which it does not take"):
        recipe(paper={"rate": 1})(mine.__wrapped__)
    with pytest.raises(TypeError, match="names rate, which it does not take"):
        recipe(paper={"batch_size": 1}, models={"small": {"rate": 1}})(mine.__wrapped__)


def test_a_paper_may_have_several_models():
    models = {"small": {}, "large": {"batch_size": 300}}
    several = recipe(paper={"tune": Adam(2e-4), "batch_size": 100}, models=models)(mine.__wrapped__)
    sizes = [several(RING, paper=asked).batch_size for asked in (False, True, "small", "large")]
    assert sizes == [7, 100, 100, 300]
    assert several(RING, paper="large").tune["sampler"].lr == 2e-4
    assert several(RING, batch_size=5, paper="large").batch_size == 5
    assert several(RING, paper="large").call["arguments"] == {"tune": Adam(2e-4), "batch_size": 300, "paper": "large"}
    assert several.__annotations__["paper"] == bool | Literal["small", "large"]
    assert "= 100. Of its models small is that; large has batch_size = 300 besides. " in " ".join(
        several.__doc__.split()
    )
    with pytest.raises(Refused, match="--paper of mine must be true, false, small or large, got 'v3'"):
        several(RING, paper="v3")
    with pytest.raises(Refused, match="--paper of mine must be true or false, got 'large'"):
        mine(RING, paper="large")


def test_the_models_of_ade_are_settings():
    v1, v2, both = (pf.recipes.ade(RING, paper=asked) for asked in ("v1", "v2", True))
    assert v1.call["arguments"] | {"paper": True} == both.call["arguments"]
    assert {k for k, v in v2.call["arguments"].items() if v1.call["arguments"][k] != v} == {"paper", "maps", "scales"}
    assert isinstance(v2.sampler.latent.posterior, InverseAutoregressive)


def test_a_recipe_whose_own_numbers_are_the_papers_has_no_such_option():
    assert "paper" not in signature(pf.recipes.factor_analysis).parameters
    with pytest.raises(TypeError, match="paper"):
        pf.recipes.factor_analysis(RING, paper=True)


@pytest.mark.parametrize("value", [Adam(3e-4, (0.0, 0.9), decay=Cosine(0.1)), Steps(2, first=3), MLP(), 7, "a", None])
def test_what_is_written_makes_the_value_again(value):
    assert eval(written(value), vars(tuning) | vars(networks)) == value


@pytest.mark.parametrize("name", WITH_PAPER)
def test_help_is_read_off_the_source_and_says_the_papers_numbers(name):
    """The command line reads the numbers off the source; Python has them as values."""
    option = next(e for e in index.entries("recipes") if e.name == name).options[-1]
    models = getattr(getattr(pf.recipes, name), "models", {})
    hint = f"bool | Literal[{', '.join(map(repr, models))}]" if models else "bool"
    assert (option.name, option.annotation, option.default) == ("paper", hint, "False")
    text, _, named = option.text.partition("the paper's: ")[2].removesuffix(".").partition(". Of its models ")
    assert named == "; ".join(
        f"{n} has {', '.join(f'{k} = {written(v)}' for k, v in given.items())} besides" if given else f"{n} is that"
        for n, given in models.items()
    )
    numbers = numbers_of(getattr(pf.recipes, name))
    names = vars(tuning) | vars(networks) | vars(critics) | vars(discrepancies) | vars(samplers)
    assert eval(f"dict({text})", names) == numbers
    measured = {n: p.default for n, p in signature(getattr(pf.recipes, name)).parameters.items()}
    assert all(measured[n] != v for n, v in numbers.items()), "a number that is the default too is no other number"


@pytest.mark.parametrize(
    "name", [n for n in WITH_PAPER if "conditional" in signature(getattr(pf.recipes, n)).parameters]
)
def test_the_papers_algorithm_is_told_no_labels_unless_asked_to(name):
    make, space = getattr(pf.recipes, name), Image(1, 16, 16, classes=("a", "b"))
    plan = {
        name: DCGAN(2, critic_batch_norm=False)
        for name in ("network", "critic_network")
        if name in (given := signature(make).parameters) and not isinstance(given[name].default, MLP)
    }
    usual = 2 if given["conditional"].default else 0
    assert (make(space, **plan).sampler.classes, make(space, **plan, paper=True).sampler.classes) == (usual, 0)
    assert make(space, **plan, paper=True, conditional=True).sampler.classes == 2
    assert not isinstance(make(replace(space, classes=()), **plan, paper=True), Clustered)


def test_out_of_range_stays_refused():
    with pytest.raises(Refused, match="critic_steps of f_gan must be at least 1"):
        pf.recipes.f_gan(RING, critic_steps=0, paper=True)
