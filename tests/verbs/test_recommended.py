"""Which recipe suits which data, how long it trains, and what `fit` takes in which order."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

import pushforward as pf
from pushforward import recipes
from pushforward.errors import Refused
from pushforward.networks import DCGAN, MLP
from pushforward.spaces import Columns, Image, OneOf, Vector
from pushforward.verbs.recommended import MINUTES, RECOMMENDED, TURNS, budgeted, recommended
from pushforward.verbs.settings import Settings

TINY = {"steps": 2, "verdict": False}
METAL = OneOf("metal", ("gold", "tin"))


@pytest.mark.parametrize(
    ("space", "recipe"),
    [
        (Vector(2), "drifting"),
        (Vector(2, ("a", "b")), "drifting"),
        (Columns(("age", "income")), "table_cdf"),
        (Columns(("age", METAL)), "table_cdf"),
        (Image(1, 8, 8), "drifting"),
        (Image(3, 12, 12), "drifting"),
        (Image(1, 28, 28), "gan"),
        (Image(3, 64, 64, classes=("a", "b")), "sn_gan"),
        (Image(1, 8, 8, classes=("a", "b")), "drifting"),
    ],
)
def test_the_kind_of_data_decides(space, recipe):
    assert recommended(space, 2000).recipe == recipe
    assert recommended(space, 1999).recipe == ("cart" if isinstance(space, Columns) else recipe)


def test_every_recommendation_is_a_recipe_with_its_tables():
    root = Path(__file__).resolve().parents[2] / "benchmarks" / "results"
    assert [r.recipe for r in RECOMMENDED if r.recipe not in recipes.__all__] == []
    assert [name for name in TURNS if name not in recipes.__all__] == []
    assert [t for r in RECOMMENDED for t in r.tables if not (root / f"{t}.csv").exists()] == []


def test_a_frame_is_fitted_and_comes_back_as_one(tmp_path):
    frame = pd.DataFrame({"age": range(60), "metal": ["gold", "tin", "lead"] * 20, "weight": [1.5, 2.5] * 30})
    run = pf.fit(frame, run=tmp_path / "run", quiet=True, **TINY)
    assert run.recipe == "cart"
    y = run.sample(100)
    assert list(y.columns) == list(frame.columns)
    assert len(y) == 100
    assert set(y["metal"]) <= {"gold", "tin", "lead"}


def test_without_a_game_it_is_the_recipe_s(tmp_path, capsys):
    pf.fit("ring", run=tmp_path / "a", seed=2, **TINY)
    said = capsys.readouterr().err
    assert "Recipe: drifting, which" in said
    data = pf.data.load("ring")
    pf.fit(data=data, run=tmp_path / "b", seed=2, quiet=True, **TINY)
    assert capsys.readouterr().err == ""
    pf.fit(recipes.drifting(data.space), data, run=tmp_path / "c", seed=2, quiet=True, **TINY)
    a, b, c = (yaml.safe_load((tmp_path / name / "call.yaml").read_text()) for name in "abc")
    assert a == b == c
    assert a["recipe"] == "drifting"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "fit needs data: fit(data), or fit(game, data)"),
        (("game",), "fit needs the data after the game: fit(game, data)."),
        (("data", "game"), "fit takes the game first and the data second, and got them the other way round."),
        (("recipe", "data"), "must be a game, got <function gram at"),
        (("recipe", "data"), "call it first: gram(data.space)."),
        (("gram", "data"), "must be a game, got 'gram'."),
    ],
)
def test_arguments_that_cannot_be_told_apart_are_refused(arguments, said):
    known = {"game": recipes.gram(Vector(2), MLP((4,))), "data": "ring", "recipe": recipes.gram}
    with pytest.raises(Refused) as refusal:
        pf.fit(*(known.get(name, name) for name in arguments))
    assert said in str(refusal.value)


def test_a_budget_suits_the_networks_and_gives_way_to_what_is_asked_for(capsys):
    flat, picture, small = Vector(2), Image(1, 16, 16), MLP((4,))
    drifting, gram, gmm = recipes.drifting(flat, small), recipes.gram(flat, small), recipes.gmm(flat)
    with_convolutions = recipes.gan(picture, DCGAN(width=4))
    of = lambda game, quiet=False, **given: budgeted(Settings(**given), game, quiet).budget
    assert of(drifting).steps == TURNS["drifting"]
    assert "Budget: 2,000 turns; --steps or --minutes give another." in capsys.readouterr().err
    assert of(gram, quiet=True).steps == 5000
    assert (of(with_convolutions, quiet=True).minutes, of(with_convolutions, quiet=True).steps) == (MINUTES, None)
    assert of(gmm).steps == 5000  # which ends by itself, so that nothing is said
    assert (of(drifting, steps=3).steps, of(drifting, minutes=0.5).steps) == (3, None)
    assert capsys.readouterr().err == ""
