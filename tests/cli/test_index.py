"""The index, read without importing anything, against the signatures that are really imported."""

import inspect
import sys
from importlib import import_module

import pytest

from pushforward import index, standing
from pushforward.cli import grammar

LISTED = [(kind, entry) for kind in index.KINDS for entry in index.entries(kind)]
VERBS = [
    ("verbs", name)
    for name in (
        "fit",
        "resume",
        "sample",
        "encode",
        "reconstruct",
        "likelihood",
        "export",
        "score",
        "compare",
        "report",
    )
]


def agrees(entry, thing):
    """Names, defaults and first line; a default is compared as the value that its source means in its module."""
    real = inspect.signature(thing).parameters
    meant = vars(sys.modules[inspect.unwrap(thing).__module__])
    empty = inspect.Parameter.empty
    assert entry.names == list(real)
    read = [empty if o.default is None else eval(o.default, dict(meant)) for o in entry.options]
    assert read == [p.default for p in real.values()]
    assert entry.summary == inspect.getdoc(thing).partition("\n")[0]


@pytest.mark.parametrize(("kind", "entry"), LISTED, ids=[f"{kind}-{entry.name}" for kind, entry in LISTED])
def test_listed(kind, entry):
    agrees(entry, getattr(import_module(f"pushforward.{entry.module}"), entry.name))
    assert entry.summary


@pytest.mark.parametrize(("room", "name"), [*VERBS, ("data", "load")])
def test_verbs(room, name):
    agrees(index.function(room, name), getattr(import_module(f"pushforward.{room}"), name))


@pytest.mark.parametrize("kind", index.KINDS)
def test_labels_are_all_different(kind):
    labels = [entry.label for entry in index.entries(kind)]
    assert len(labels) > 1
    assert len(set(labels)) == len(labels)


def test_recipes_are_those_of_the_room():
    from pushforward import recipes

    assert sorted(e.name for e in index.entries("recipes")) == recipes.__all__


@pytest.mark.parametrize("entry", index.entries("recipes"), ids=lambda e: e.name)
def test_one_flat_namespace_without_collisions(entry):
    names = [option.name for option in grammar.options("fit", entry)]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    "verb", ["fit", "sample", "encode", "reconstruct", "likelihood", "export", "score", "compare", "report"]
)
def test_every_option_is_described(verb):
    recipes = index.entries("recipes") if verb == "fit" else [None]
    options = [option for recipe in recipes for option in grammar.options(verb, recipe)]
    assert [option.name for option in options if not option.text] == []


def test_hidden_parameters_exist():
    found = {name: set(index.function("data" if name == "load" else "verbs", name).names) for name in grammar.HIDDEN}
    assert {name: hidden - found[name] for name, hidden in grammar.HIDDEN.items()} == dict.fromkeys(found, set())


def test_a_strangers_function():
    def mine(space, width: int = 3):
        """One line.

        Args:
            space: of the data.
            width: of the
                network.
        """

    entry = index.described(mine)
    assert (entry.summary, entry.options[1]) == ("One line.", index.Option("width", "int", "3", "of the network."))


def test_a_recipe_says_in_words_what_it_is_whose_it_is_and_what_it_got():
    found = {entry.name: entry for entry in index.entries("recipes")}
    assert [name for name, entry in found.items() if len(standing.about(entry).split()) < 5] == []
    assert standing.citation(found["gan"]) == "Goodfellow et al. (2014)"
    assert standing.citation(found["factor_analysis"]) == "Rubin and Thayer (1982)"
    assert standing.citation(found["wae_gan"]) == "Tolstikhin et al. (2018)"
    assert all(word.endswith(".") for entry in found.values() for word in standing.measured(entry))
    assert standing.sentence(found["gram"]).endswith(standing.measured(found["gram"])[-1])
